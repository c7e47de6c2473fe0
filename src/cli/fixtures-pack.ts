/**
 * `fixtures pack`: one archive of all fixtures, and of the schemas and rules that they are written by.
 * @packageDocumentation
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ConflictError } from '../errors.ts';
import { lintManifest, manifestFrom } from '../oracle/manifest.ts';
import { archiveOf } from '../oracle/pack/archive.ts';
import { FIXTURES } from './arguments.ts';
import { filesBelow, fixturesIn, jsonIn } from './fixture-files.ts';
import { printJson, say } from './output.ts';
import { openOutput } from './output-file.ts';
import { packageVersion } from './version.ts';

/**
 * Writes the archive.
 * @throws {@link ConflictError} when the fixtures are not those of their list; {@link WriteError} when the archive
 * cannot be written.
 */
export async function packFixtures(out: string, json: boolean, fixtures = FIXTURES): Promise<void> {
  const output = openOutput('--out', out);
  const list = jsonIn('--fixtures', fixtures, 'manifest.json');
  const files = fixturesIn(fixtures);
  const [finding] = await lintManifest(files, manifestFrom(list, 'manifest.json'));
  if (finding !== undefined) {
    throw new ConflictError(
      'fixtures',
      'those of their list (see fixtures check)',
      `${finding.path} ${finding.problem}`,
    );
  }
  const all = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [path, bytes] of files) all.set(`fixtures/${path}`, bytes);
  all.set('fixtures/manifest.json', new TextEncoder().encode(`${JSON.stringify(list, null, 1)}\n`));
  for (const [path, bytes] of filesBelow('spec', join(FIXTURES, '..', 'spec'))) all.set(`spec/${path}`, bytes);
  const archive = await archiveOf(`turbo-lora-fixtures-${packageVersion()}`, all);
  output.write(archive);
  output.finish();
  const sha256 = createHash('sha256').update(archive).digest('hex');
  if (json) printJson({ files: all.size, bytes: archive.length, sha256 });
  else say(`${all.size} files, ${archive.length} bytes, sha256 ${sha256}`);
}
