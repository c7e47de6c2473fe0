/**
 * The list of all fixtures with their sizes and hashes, and what can be wrong with it.
 * @packageDocumentation
 */
import { z } from 'zod';
import { FormatError } from '../errors.ts';
import type { Finding } from './vectors/linter.ts';

/** A fixture as it is listed. */
export interface ListedFile {
  /** Relative to the list, with forward slashes. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A list of fixtures. */
export interface Manifest {
  readonly formatVersion: 1;
  readonly files: readonly ListedFile[];
}

/** The schema of the list. */
export const manifestShape = z.strictObject({
  formatVersion: z.literal(1),
  files: z
    .array(
      z.strictObject({
        path: z.string().describe('Relative to the list, with forward slashes.'),
        bytes: z.int().min(0),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .readonly()
    .describe('Every file once, in order of their paths.'),
}) satisfies z.ZodType<Manifest>;

/**
 * Reads a list of fixtures from a parsed JSON value.
 * @throws {@link FormatError} when it has another form.
 * @example
 * import assert from 'node:assert/strict';
 * import { manifestFrom } from 'turbo-lora/oracle';
 * assert.deepEqual(manifestFrom({ formatVersion: 1, files: [] }).files, []);
 */
export function manifestFrom(value: unknown, label = 'manifest'): Manifest {
  const parsed = manifestShape.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new FormatError([label, ...path.map(String)].join(': '), 'a list of fixtures', message);
}

/** The SHA-256 of some bytes, as lower-case hexadecimal digits. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Compares a list with the files that are there, both ways: no file is missing, changed, listed twice or not listed.
 * @param files contents by path
 */
export async function lintManifest(
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  manifest: Manifest,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const listed = new Set<string>();
  for (const { path, bytes, sha256: hash } of manifest.files) {
    const content = files.get(path);
    if (listed.has(path)) findings.push({ path, problem: 'is listed twice' });
    else if (content === undefined) findings.push({ path, problem: 'is listed but missing' });
    else if (content.length !== bytes) findings.push({ path, problem: `has ${content.length} bytes, not ${bytes}` });
    else if ((await sha256(content)) !== hash) findings.push({ path, problem: 'has another hash than the list says' });
    listed.add(path);
  }
  for (const path of files.keys()) if (!listed.has(path)) findings.push({ path, problem: 'is not listed' });
  return findings;
}
