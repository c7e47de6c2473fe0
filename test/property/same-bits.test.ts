/**
 * Rows do not know their batch: however a text reaches the model (prefill, token by token, in chunks, as a drafted
 * chain, inside a tree, beside other texts), the logits of each of its tokens have the same bits.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Adapter } from '../../src/adapters/lora.ts';
import { familyNames } from '../../src/formats/families/index.ts';
import { KeyValueCache } from '../../src/model/cache.ts';
import { forward, languageModelHead } from '../../src/model/forward.ts';
import { Session } from '../../src/model/session.ts';
import type { Transformer } from '../../src/model/weights.ts';
import type { Stored } from '../../src/numerics/stored.ts';
import { rowOf } from '../../src/numerics/tensor.ts';
import { float64Backend } from '../../src/ops/float64/backend.ts';
import { float64Ops } from '../../src/ops/float64/index.ts';
import { goldenArchitectures } from '../support/golden-architectures.ts';
import { randomAdapter, randomModel, randomWeights, type SmallShape, smallConfig } from '../support/random-model.ts';

const tokens = fc.array(fc.nat(10), { minLength: 1, maxLength: 14 });

/** A model of random weights. */
interface Subject {
  readonly of: string;
  readonly make: (seed: number) => Transformer<Stored>;
}

const shapes: readonly SmallShape[] = [
  smallConfig,
  { ...smallConfig, windows: [3, null] },
  { ...smallConfig, windows: [1, 5] },
  { ...smallConfig, keyValueHeads: 1, windows: [2, 2], rope: { theta: 50, scaling: { type: 'linear', factor: 3 } } },
];
const families = goldenArchitectures();
const kinds = fc.oneof(
  fc.constantFrom(...shapes.map((shape): Subject => ({ of: 'small', make: (seed) => randomModel(seed, shape) }))),
  ...families.map((goldens) =>
    fc.constantFrom(
      ...goldens.map(
        ({ golden, architecture: { transformer } }): Subject => ({
          of: golden,
          make: (seed) => randomWeights(seed, transformer),
        }),
      ),
    ),
  ),
);
const subjects = fc.record({ kind: kinds, seed: fc.nat(1000), adapted: fc.boolean() });
type Drawn = { kind: Subject; seed: number; adapted: boolean };

function open({ kind, seed, adapted }: Drawn): Session {
  const model = kind.make(seed);
  return new Session(float64Backend, model, adapted ? randomAdapter(seed + 1, model) : null);
}

/** The definition: one token at a time. */
function oneByOne(subject: Drawn, text: readonly number[]): Float64Array[] {
  const session = open(subject);
  return text.map((token) => session.read([token]).logits(0).slice());
}

describe('logits have the same bits', () => {
  it('in models of every family', () => {
    expect(families.map(([first]) => first!.family).sort()).toEqual([...familyNames].sort());
  });

  it('in one prefill and in chunks of any sizes', () => {
    fc.assert(
      fc.property(subjects, tokens, fc.array(fc.integer({ min: 1, max: 5 })), (subject, text, sizes) => {
        const expected = oneByOne(subject, text);
        const session = open(subject);
        const rows: Float64Array[] = [];
        for (let at = 0, chunk = 0; at < text.length; chunk++) {
          const part = text.slice(at, at + (sizes[chunk] ?? text.length));
          const read = session.read(part);
          for (let row = 0; row < part.length; row++) rows.push(read.logits(row));
          at += part.length;
        }
        expect(rows).toStrictEqual(expected);
      }),
    );
  });

  it('on every path of a tree, with any prefix, in any order of nodes', () => {
    const trees = fc.array(fc.record({ token: fc.nat(10), parent: fc.nat(1000) }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(subjects, tokens, trees, (subject, prefix, nodes) => {
        const parents = nodes.map(({ parent }, i) => (parent % (i + 1)) - 1);
        const session = open(subject);
        session.read(prefix);
        const rows = session.read(
          nodes.map((node) => node.token),
          { parents },
        );
        nodes.forEach((_, i) => {
          const path: number[] = [];
          for (let node = i; node >= 0; node = parents[node]!) path.unshift(nodes[node]!.token);
          expect(rows.logits(i)).toStrictEqual(oneByOne(subject, [...prefix, ...path]).at(-1));
        });
      }),
      { numRuns: 60 },
    );
  });

  it('after a rollback to any depth of any branch, cache included', () => {
    const trees = fc.array(fc.record({ token: fc.nat(10), parent: fc.nat(1000) }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(subjects, tokens, trees, fc.nat(8), tokens, (subject, prefix, nodes, pick, next) => {
        const parents = nodes.map(({ parent }, i) => (parent % (i + 1)) - 1);
        const session = open(subject);
        session.read(prefix);
        session.read(
          nodes.map((node) => node.token),
          { parents },
        );
        const path: number[] = [];
        for (let node = (pick % (nodes.length + 1)) - 1; node >= 0; node = parents[node]!) path.unshift(node);
        session.cache.keep(
          prefix.length,
          path.map((node) => prefix.length + node),
        );
        const text = [...prefix, ...path.map((node) => nodes[node]!.token)];
        const fresh = open(subject);
        fresh.read(text);
        const bits = (of: Session) => [...of.cache.keys, ...of.cache.values].map((store) => storedRows(store));
        expect(bits(session)).toStrictEqual(bits(fresh));
        const read = session.read(next);
        const expected = fresh.read(next);
        next.forEach((_, i) => {
          expect(read.logits(i)).toStrictEqual(expected.logits(i));
        });
      }),
      { numRuns: 60 },
    );
  });

  it('beside other texts in one batch, each with its own adapter or none', () => {
    const texts = fc.array(fc.record({ text: tokens, adapter: fc.option(fc.nat(5)) }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(kinds, fc.nat(1000), texts, ({ make }, seed, lanes) => {
        const model = make(seed);
        const adapters = lanes.map(({ adapter }) => (adapter === null ? null : randomAdapter(adapter, model)));
        const read = (chosen: readonly number[]): Float64Array[] => {
          const segments = chosen.map((i) => segment(model, lanes[i]!.text, adapters[i]!));
          const states = forward(float64Ops, model, segments);
          const rows = segments.map((s) => ({ rows: s.tokens.length, adapter: s.adapter }));
          const logits = languageModelHead(float64Ops, model, states, rows);
          return Array.from({ length: logits.shape[0]! }, (_, row) => rowOf('logits', logits, row).slice());
        };
        expect(read(lanes.map((_, i) => i))).toStrictEqual(lanes.flatMap((_, i) => read([i])));
      }),
    );
  });
});

function segment(model: Transformer<Stored>, text: readonly number[], adapter: Adapter<Stored> | null) {
  return { cache: new KeyValueCache(float64Ops, model), tokens: text, adapter };
}

function storedRows(store: unknown): number[] {
  const { data, length, width } = store as { data: Float64Array; length: number; width: number };
  return [...data.subarray(0, length * width)];
}
