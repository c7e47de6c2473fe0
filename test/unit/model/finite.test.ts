/** States and logits that overflow or are NaN are errors that say where, and leave the cache as it was. */

import { describe, expect, it } from 'vitest';
import type { Adapter } from '../../../src/adapters/lora.ts';
import { NonFiniteError } from '../../../src/errors.ts';
import type { FeedForward } from '../../../src/model/feed-forward.ts';
import { Session } from '../../../src/model/session.ts';
import type { Transformer } from '../../../src/model/weights.ts';
import { type Stored, stored } from '../../../src/numerics/stored.ts';
import { float64Backend } from '../../../src/ops/float64/backend.ts';
import { cacheBits, freshCacheBits } from '../../support/cache-bits.ts';
import { randomModel, smallConfig } from '../../support/random-model.ts';

const model = randomModel(1);
const filled = (value: number, shape: number[]): Stored =>
  stored('filled', 'F64', new Float64Array(shape.reduce((size, extent) => size * extent, 1)).fill(value), shape);

/** An update whose product overflows in one layer: A x is finite, scale * B (A x) is not. */
function overflowing(path: string, outputs: number, inputs: number): Adapter<Stored> {
  const update = { a: filled(1, [1, inputs]), b: filled(1e3, [outputs, 1]), scale: 1e308 };
  return { name: 'overflowing', updates: new Map([[path, update]]) };
}

const { hiddenSize: D, mlpSize: F, vocabularySize: V } = smallConfig;

describe('a pass that overflows', () => {
  it.each<[string, RegExp, Adapter<Stored>]>([
    [
      'in the MLP of layer 1',
      /^states after the feed-forward of layer 1, row 0: /,
      overflowing('model.layers.1.mlp.down_proj', D, F),
    ],
    [
      'in the values of layer 0',
      /^states after the attention of layer 0, row 0: /,
      overflowing('model.layers.0.self_attn.v_proj', 8, D),
    ],
    ['in the LM head', /^logits, row 0: /, overflowing('lm_head', V, D)],
  ])('%s is refused by name, and the cache is as before', (_, where, adapter) => {
    const session = new Session(float64Backend, model, null);
    session.read([5, 6]);
    const adapted = new Session(float64Backend, model, adapter);
    Object.defineProperty(adapted, 'cache', { value: session.cache });
    expect(() => adapted.read([1, 2, 3])).toThrow(NonFiniteError);
    expect(() => adapted.read([1, 2, 3])).toThrow(where);
    expect(cacheBits(session)).toStrictEqual(freshCacheBits(session, [5, 6]));
  });

  it('names the row, also when its logits were not asked for', () => {
    const embedding = new Float64Array(V * D).fill(0.5);
    embedding.fill(Number.NaN, 7 * D, 8 * D);
    const broken: Transformer<Stored> = {
      ...model,
      embedding: { ...model.embedding, table: stored('embedding', 'F64', embedding, [V, D]) },
    };
    const read = () => new Session(float64Backend, broken, null).read([1, 2, 7, 3], { firstRow: 3 });
    expect(read).toThrow(/row 2: expected .*, got NaN/);
    expect(() => new Session(float64Backend, broken, null).read([1, 2, 3])).not.toThrow();
  });

  it('a state so large that the norm would make zeros of it', () => {
    const blocks = model.blocks.map((block) => {
      const feedForward = block.feedForward as FeedForward<Stored>;
      return { ...block, feedForward: { ...feedForward, down: { ...feedForward.down, bias: filled(1e200, [D]) } } };
    });
    expect(() => new Session(float64Backend, { ...model, blocks }, null).read([1])).toThrow(
      /^norm input, row 0: expected a finite sum of squares, got Infinity$/,
    );
  });
});
