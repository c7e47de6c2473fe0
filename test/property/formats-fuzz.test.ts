/**
 * Untrusted files: whatever is in them, loading gives a result or one of our errors, soon, and without allocating
 * more than the files hold, and the same from memory as from the disk.
 */
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TurboLoraError } from '../../src/errors.ts';
import type { Folder } from '../../src/formats/folder/folder.ts';
import { memoryFolder } from '../../src/formats/folder/memory.ts';
import { folderAt } from '../../src/formats/folder/node.ts';
import { readGenerationConfig } from '../../src/formats/generation-config.ts';
import { inspectFolder, loadAdapterFolder, loadCheckpoint, loadTokenizer } from '../../src/formats/node/by-path.ts';
import { openSafetensors } from '../../src/formats/safetensors/node.ts';
import { fullMatcher } from '../../src/patterns/whole-match.ts';
import { byteFaults, change, damaged, madeUpHeader, mutated } from '../support/damage.ts';
import { rawSafetensors, temporaryFolder } from '../support/format-folders.ts';

const golden = (name: string): string => new URL(`../../fixtures/goldens/${name}`, import.meta.url).pathname;
const RUNS = 150;
/** Milliseconds for one file of a few kilobytes; a hang would take forever. */
const LONGEST = 2000;
/** Bytes on top of the file's size: buffers of the runtime, and work space of patterns that is yet to be collected. */
const SLACK = 256 * 1024;

/** Runs a reader; every failure must be one of ours. Returns whether it succeeded. */
function survives(run: () => unknown, fileBytes: number): boolean {
  const start = performance.now();
  const before = process.memoryUsage().arrayBuffers;
  let succeeded = true;
  try {
    run();
  } catch (error) {
    if (!(error instanceof TurboLoraError)) throw error;
    expect(error.message).toMatch(/: expected [\s\S]+, got /);
    succeeded = false;
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * fileBytes + SLACK);
  expect(performance.now() - start).toBeLessThan(LONGEST);
  return succeeded;
}

/** What is found in a folder, or the error; how a system calls what is missing does not count. */
function foundIn(folder: Folder): string {
  try {
    return JSON.stringify(inspectFolder(folder)).replace(/got E[A-Z]+/g, 'got none');
  } catch (error) {
    if (!(error instanceof TurboLoraError)) throw error;
    return `${error}`;
  }
}

/** The same files in memory, under the same name. */
function inMemory(folder: string): Folder {
  const files = readdirSync(folder).map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))] as const);
  return memoryFolder(folder, files);
}

/** Damages one file of a copied folder, as JSON and as bytes, and loads the folder each time. */
function fuzzFile(source: string, file: string, load: (folder: string) => unknown): void {
  const folder = temporaryFolder();
  cpSync(source, folder, { recursive: true });
  const path = join(folder, file);
  const original = readFileSync(path);
  const sizes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  const outcomes = new Set<boolean>();
  outcomes.add(survives(() => load(folder), sizes));
  expect(outcomes).toEqual(new Set([true]));
  const run = (bytes: Buffer | string): void => {
    writeFileSync(path, bytes);
    outcomes.add(survives(() => load(folder), sizes));
    survives(() => inspectFolder(folder), sizes);
  };
  if (file.endsWith('.json')) {
    const json: unknown = JSON.parse(original.toString());
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) =>
        run(JSON.stringify(changes.reduce(mutated, json))),
      ),
      { numRuns: RUNS },
    );
  }
  fc.assert(
    fc.property(byteFaults, (faults) => run(damaged(original, faults))),
    { numRuns: RUNS },
  );
  fc.assert(
    fc.property(byteFaults, (faults) => {
      writeFileSync(path, damaged(original, faults));
      expect(foundIn(inMemory(folder))).toBe(foundIn(folderAt(folder)));
    }),
    { numRuns: RUNS / 5 },
  );
  // A fuzzer of which nothing ever fails tests nothing.
  expect(outcomes.has(false)).toBe(true);
}

describe('damaged folders', () => {
  const { transformer } = loadCheckpoint(golden('turbo-lora-v2/base'));
  const patterned = loadCheckpoint(golden('lora-patterns/base')).transformer;
  const adapter = (folder: string) => loadAdapterFolder(folder, transformer, 'base');
  const tokenizer = (folder: string) => {
    const loaded = loadTokenizer(folder)!;
    loaded.decode(loaded.encode('Héllo  wörld 12'));
  };
  const generation = (folder: string) => readGenerationConfig(folderAt(folder), 48);

  it.each<[string, string, (folder: string) => unknown]>([
    ['llama-rope-yarn-mscale/base', 'config.json', loadCheckpoint],
    ['qwen2-layer-types/base', 'config.json', loadCheckpoint],
    ['mistral-window/base', 'config.json', loadCheckpoint],
    ['llama-mha/base', 'model.safetensors', loadCheckpoint],
    ['llama-sharded/base', 'model.safetensors.index.json', loadCheckpoint],
    ['lora-patterns/adapter', 'adapter_config.json', (folder) => loadAdapterFolder(folder, patterned)],
    ['turbo-lora-v2/adapter', 'adapter_config.json', adapter],
    ['turbo-lora-v2/adapter', 'adapter_model.safetensors', adapter],
    ['turbo-lora-v2/adapter', 'config.json', adapter],
    ['turbo-lora-v2/adapter', 'medusa_lm_head.safetensors', adapter],
    ['tokenizer/byte-level', 'tokenizer.json', tokenizer],
    ['tokenizer/metaspace', 'tokenizer.json', tokenizer],
    ['llama-mha/base', 'config.json', generation],
  ])('%s: %s', (source, file, load) => {
    fuzzFile(golden(source), file, load);
  });
});

describe('safetensors headers', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'a.safetensors');
  it('made up', () => {
    const length = fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { nil: undefined, freq: 4 });
    fc.assert(
      fc.property(madeUpHeader, fc.nat(64), length, (json, dataBytes, claimed) => {
        const bytes = rawSafetensors(json, dataBytes, claimed);
        writeFileSync(path, bytes);
        survives(() => {
          const file = openSafetensors(path);
          try {
            for (const name of file.tensors.keys()) survives(() => file.read(name), bytes.length);
          } finally {
            file.close();
          }
        }, bytes.length);
      }),
      { numRuns: 2000 },
    );
  });
});

it('untrusted regular expressions', () => {
  const piece = fc.constantFrom(
    ...[
      'a',
      '.',
      '*',
      '+',
      '?',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '|',
      '^',
      '$',
      '\\',
      'd',
      '1',
      ',',
      '(?',
      ':',
      '=',
      '!',
      '<',
      'P',
    ],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 24 }), fc.string({ unit: piece, maxLength: 40 }), (pieces, name) => {
      survives(() => fullMatcher('p', pieces.join(''))(name), 0);
    }),
    { numRuns: 3000 },
  );
});
