/** Random damage to files: changes to JSON values at random places, and flips, cuts and insertions of bytes. */
import fc from 'fast-check';

/** Values that hurt when they replace another: of all kinds, borders of numbers, names of built-in things, patterns. */
const intruder = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(0, -1, 1, 0.5, 1e9, 2 ** 31, 2 ** 32, 2 ** 53, 1e308, 1e-320, -0, 5e-324),
  fc.constantFrom('', 'NaN', '__proto__', '../x', '.*', '(a+)+$', '(\\w+\\s?)+$', '.*'.repeat(500), 'x'.repeat(20_000)),
  fc.constantFrom<unknown>(null, true, [], {}, [null], { type: 'BPE' }, ['q_proj'], [0, 1], { Regex: '(a|a)*$' }),
);

/** One change at a place that is chosen by walking down. */
export interface Change {
  readonly walk: readonly number[];
  readonly kind: 'replace' | 'delete' | 'add';
  readonly key: string;
  readonly value: unknown;
}

/** One random change. */
export const change: fc.Arbitrary<Change> = fc.record({
  walk: fc.array(fc.nat(50), { minLength: 1, maxLength: 6 }),
  kind: fc.constantFrom('replace', 'replace', 'replace', 'delete', 'add'),
  key: fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'type', 'toString')),
  value: intruder,
});

/** A copy of a JSON value with the change made. */
export function mutated(root: unknown, { walk, kind, key, value }: Change): unknown {
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
    else if (kind === 'add' && Array.isArray(at)) at.push(value);
    else Object.defineProperty(at, kind === 'add' ? key : next, { value, enumerable: true, configurable: true });
    break;
  }
  return copy;
}

/** Where bytes are flipped, cut off or inserted. */
export interface ByteFault {
  /** Share of the file before the place. */
  readonly at: number;
  readonly kind: 'flip' | 'cut' | 'insert';
  readonly byte: number;
}

/** One to four faults. */
export const byteFaults: fc.Arbitrary<ByteFault[]> = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    kind: fc.constantFrom('flip', 'cut', 'insert'),
    byte: fc.nat(255),
  }),
  { minLength: 1, maxLength: 4 },
);

/** A copy of the bytes with the faults made. */
export function damaged(bytes: Buffer, faults: readonly ByteFault[]): Buffer {
  return faults.reduce((result, { at, kind, byte }) => {
    const place = Math.floor(at * result.length);
    if (kind === 'cut') return result.subarray(0, place);
    if (kind === 'insert') return Buffer.concat([result.subarray(0, place), Buffer.of(byte), result.subarray(place)]);
    const copy = Buffer.from(result);
    if (copy.length > 0) copy[Math.min(place, copy.length - 1)] = byte;
    return copy;
  }, bytes);
}

const extent = fc.oneof(fc.nat(4), fc.constantFrom(-1, 0.5, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 60, '1', null));
const tensorEntry = fc.record(
  {
    dtype: fc.oneof(fc.constantFrom('F64', 'F32', 'F16', 'BF16', 'I8', 'BOOL', 'F8_E4M3', ''), fc.jsonValue()),
    shape: fc.oneof(fc.array(extent, { maxLength: 4 }), fc.jsonValue()),
    data_offsets: fc.oneof(fc.tuple(extent, extent), fc.jsonValue()),
  },
  { requiredKeys: ['dtype'] },
);

/** Headers of safetensors files, made up: as JSON values, and as texts that are not JSON. */
export const madeUpHeader: fc.Arbitrary<unknown> = fc.oneof(
  fc.dictionary(fc.oneof(fc.string(), fc.constant('__metadata__')), fc.oneof(tensorEntry, fc.jsonValue()), {
    maxKeys: 4,
  }),
  fc.string({ unit: 'binary' }),
);
