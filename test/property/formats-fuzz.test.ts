/**
 * Files from strangers: whatever is in them, loading gives a result or one of our errors, soon, and without allocating
 * more than the files hold.
 */
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TurboLoraError } from '../../src/errors.ts';
import { loadAdapterFolder } from '../../src/formats/adapter-folder.ts';
import { loadCheckpoint } from '../../src/formats/checkpoint.ts';
import { readGenerationConfig } from '../../src/formats/generation-config.ts';
import { inspectFolder } from '../../src/formats/inspect.ts';
import { fullMatcher } from '../../src/formats/peft/pattern-matcher.ts';
import { SafetensorsFile } from '../../src/formats/safetensors/reader.ts';
import { loadTokenizer } from '../../src/formats/tokenizer.ts';
import { rawSafetensors, temporaryFolder } from '../support/format-folders.ts';

const golden = (name: string): string => new URL(`../../fixtures/goldens/${name}`, import.meta.url).pathname;
const RUNS = 150;
/** Milliseconds for one file of a few kilobytes; a hang would take forever. */
const LONGEST = 2000;
/** Bytes on top of the file's size: buffers of the runtime, not of ours. */
const SLACK = 64 * 1024;

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

/** A value to put into JSON in place of another: of all kinds, and the numbers that hurt. */
const intruder = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(0, -1, 1, 0.5, 1e9, 2 ** 31, 2 ** 32, 2 ** 53, 1e308, '', 'NaN', '__proto__', '../x', '.*', '(a+)+$'),
  fc.constantFrom(null, true, [], {}, [null], { type: 'BPE' }, ['q_proj'], [0, 1]),
);

/** One change at a place that is chosen by walking down: replace, delete, add, or duplicate. */
interface Change {
  readonly walk: readonly number[];
  readonly kind: 'replace' | 'delete' | 'add';
  readonly key: string;
  readonly value: unknown;
}

const change: fc.Arbitrary<Change> = fc.record({
  walk: fc.array(fc.nat(50), { minLength: 1, maxLength: 6 }),
  kind: fc.constantFrom('replace', 'replace', 'replace', 'delete', 'add'),
  key: fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'type', 'toString')),
  value: intruder,
});

function mutated(root: unknown, { walk, kind, key, value }: Change): unknown {
  const copy = structuredClone(root) as Record<string, unknown>;
  let at: Record<string, unknown> = copy;
  for (const step of walk) {
    const keys = Object.keys(at);
    if (keys.length === 0) break;
    const next = keys[step % keys.length]!;
    const inner = at[next];
    if (typeof inner === 'object' && inner !== null && step !== walk.at(-1)) {
      at = inner as Record<string, unknown>;
      continue;
    }
    if (kind === 'delete') delete at[next];
    else Object.defineProperty(at, kind === 'add' ? key : next, { value, enumerable: true, configurable: true });
    break;
  }
  return copy;
}

/** Bytes with some of them flipped, cut off, doubled or inserted. */
const damage = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    kind: fc.constantFrom('flip', 'cut', 'insert'),
    byte: fc.nat(255),
  }),
  { minLength: 1, maxLength: 4 },
);

function damaged(bytes: Buffer, faults: readonly { at: number; kind: string; byte: number }[]): Buffer {
  return faults.reduce((result, { at, kind, byte }) => {
    const place = Math.floor(at * result.length);
    if (kind === 'cut') return result.subarray(0, place);
    if (kind === 'insert') return Buffer.concat([result.subarray(0, place), Buffer.of(byte), result.subarray(place)]);
    const copy = Buffer.from(result);
    if (copy.length > 0) copy[Math.min(place, copy.length - 1)] = byte;
    return copy;
  }, bytes);
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
    fc.property(damage, (faults) => run(damaged(original, faults))),
    { numRuns: RUNS },
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
  const generation = (folder: string) => readGenerationConfig(folder, 48);

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
  const extent = fc.oneof(fc.nat(4), fc.constantFrom(-1, 0.5, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 60, '1', null));
  const entry = fc.record(
    {
      dtype: fc.oneof(fc.constantFrom('F64', 'F32', 'F16', 'BF16', 'I8', 'BOOL', 'F8_E4M3', ''), fc.jsonValue()),
      shape: fc.oneof(fc.array(extent, { maxLength: 4 }), fc.jsonValue()),
      data_offsets: fc.oneof(fc.tuple(extent, extent), fc.jsonValue()),
    },
    { requiredKeys: ['dtype'] },
  );
  const header = fc.oneof(
    fc.dictionary(fc.oneof(fc.string(), fc.constant('__metadata__')), fc.oneof(entry, fc.jsonValue()), { maxKeys: 4 }),
    fc.string(),
  );

  it('made up', () => {
    const length = fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { nil: undefined, freq: 4 });
    fc.assert(
      fc.property(header, fc.nat(64), length, (json, dataBytes, claimed) => {
        const bytes = rawSafetensors(json, dataBytes, claimed);
        writeFileSync(path, bytes);
        survives(() => {
          const file = new SafetensorsFile(path);
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

it('regular expressions of strangers', () => {
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
