/** The archive of all fixtures: the same bytes each time, read back by a library, every hash as listed. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { sha256 } from '../../../src/oracle/manifest.ts';
import { archiveOf, CHECKSUMS } from '../../../src/oracle/pack/archive.ts';
import { commandLine } from '../../support/command-line.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytesOf = (content: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(content);

it('an archive has its files in order and their hashes, whatever the order and the time they come in', async () => {
  const files = new Map([
    ['b.txt', bytesOf('b')],
    ['a/a.txt', bytesOf('a')],
  ]);
  const archive = await archiveOf('top', files);
  expect(await archiveOf('top', new Map([...files].reverse()))).toEqual(archive);
  const read = unzipSync(archive);
  expect(Object.keys(read)).toEqual(['top/a/a.txt', 'top/b.txt', `top/${CHECKSUMS}`]);
  // sha256sum of the letter a, and of b
  expect(text(read[`top/${CHECKSUMS}`]!).split('\n').slice(0, 2)).toEqual([
    'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb  a/a.txt',
    '3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d  b.txt',
  ]);
});

it('fixtures pack writes every fixture, the schemas and the rules', { timeout: 60_000 }, async () => {
  const out = join(mkdtempSync(join(tmpdir(), 'archive-')), 'fixtures.zip');
  const { code, stdout } = await commandLine('fixtures', 'pack', '--out', out, '--json');
  expect(code).toBe(0);
  const archive = new Uint8Array(readFileSync(out));
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const files = unzipSync(archive);
  const top = `turbo-lora-fixtures-${version}`;
  expect(JSON.parse(stdout)).toEqual({
    files: Object.keys(files).length - 1,
    bytes: archive.length,
    sha256: await sha256(archive),
  });
  const { files: listed } = JSON.parse(readFileSync('fixtures/manifest.json', 'utf8'));
  for (const { path } of listed) expect(files[`${top}/fixtures/${path}`], path).toBeDefined();
  expect(text(files[`${top}/fixtures/manifest.json`]!)).toBe(readFileSync('fixtures/manifest.json', 'utf8'));
  expect(files[`${top}/spec/rules.md`]).toBeDefined();
  expect(Object.keys(files).filter((path) => path.includes('/generators/'))).toEqual([]);
  for (const line of text(files[`${top}/${CHECKSUMS}`]!).trim().split('\n')) {
    const [hash, path] = line.split('  ');
    expect(await sha256(new Uint8Array(files[`${top}/${path}`]!)), path).toBe(hash);
  }
});
