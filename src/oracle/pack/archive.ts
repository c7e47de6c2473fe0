/**
 * An archive of fixtures: the same files give the same bytes, and every file is listed with its hash.
 * @packageDocumentation
 */
import { type Zippable, zipSync } from 'fflate';
import { sha256 } from '../manifest.ts';

/** The first moment that a zip file can name. It is written as local time, the same digits in every time zone. */
const NO_TIME = new Date(1980, 0, 1);

/** Name of the list of hashes, in the form that `sha256sum --check` reads. */
export const CHECKSUMS = 'SHA256SUMS';

/**
 * A zip file of files below one folder, in order of their paths, with a list of their hashes.
 * @param files contents by path, with forward slashes
 */
export async function archiveOf(
  folder: string,
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const ordered = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const lines: string[] = [];
  for (const [path, bytes] of ordered) lines.push(`${await sha256(bytes)}  ${path}\n`);
  const entries: Zippable = {};
  for (const [path, bytes] of ordered) entries[`${folder}/${path}`] = bytes;
  entries[`${folder}/${CHECKSUMS}`] = new TextEncoder().encode(lines.join(''));
  return zipSync(entries, { level: 6, mtime: NO_TIME });
}
