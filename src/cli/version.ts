import { readFileSync } from 'node:fs';

/** The version in package.json, which is two folders up from both the sources and the built files. */
export function packageVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
