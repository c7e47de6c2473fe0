import { describe, expect, it } from 'vitest';
import { type Adapter, type LowRank, linearWithLora } from '../../../src/adapters/lora.ts';
import { mergeAdapter } from '../../../src/adapters/merge.ts';
import { allLinears } from '../../../src/model/modules.ts';
import { Session } from '../../../src/model/session.ts';
import type { Transformer } from '../../../src/model/weights.ts';
import { type Stored, stored, widened } from '../../../src/numerics/stored.ts';
import { matrixShape, tensor } from '../../../src/numerics/tensor.ts';
import { float64Backend } from '../../../src/ops/float64/backend.ts';
import { float64Ops } from '../../../src/ops/float64/index.ts';
import { numbersFrom, randomAdapter, randomModel } from '../../support/random-model.ts';

/**
 * What merged and unmerged outputs may differ by. With u = 2^-53, n inputs and rank r, a sum of m products is wrong by
 * at most m u times the sum of magnitudes (Higham 2002, section 3.1, to first order). Unmerged: n u |W||x| for the
 * base, (n + r + 2) u |s||B||A||x| for the update. Merged: (r + 2) u |s||B||A| in each weight, then n u |W'||x|. All in
 * all below (2n + 2r + 8) u (|W| + |s||B||A|)|x|.
 */
function boundOf(weight: Stored, { a, b, scale }: LowRank<Stored>, x: Float64Array, output: number): number {
  const [n, r] = [x.length, a.shape[0]!];
  const [w, wideA, wideB] = [widened(weight), widened(a), widened(b)];
  let magnitude = 0;
  for (let i = 0; i < n; i++) {
    let delta = 0;
    for (let k = 0; k < r; k++) delta += Math.abs(wideB[output * r + k]! * wideA[k * n + i]!);
    magnitude += (Math.abs(w[output * n + i]!) + Math.abs(scale) * delta) * Math.abs(x[i]!);
  }
  return (2 * n + 2 * r + 8) * 2 ** -53 * magnitude;
}

describe('mergeAdapter', () => {
  it('by hand: W + scale * B A', () => {
    const model = randomModel(1);
    const path = model.blocks[0]!.attention.query.linear.path;
    const [outputs, inputs] = matrixShape('weight', model.blocks[0]!.attention.query.linear.weight);
    const ones = (shape: number[]) => stored('ones', 'F64', new Float64Array(shape[0]! * shape[1]!).fill(1), shape);
    const update = { a: ones([3, inputs]), b: ones([outputs, 3]), scale: 0.5 };
    const merged = mergeAdapter(model, { name: 'ones', updates: new Map([[path, update]]) });
    const expected = widened(model.blocks[0]!.attention.query.linear.weight).map((w) => w + 1.5);
    expect(widened(merged.blocks[0]!.attention.query.linear.weight)).toStrictEqual(expected);
  });

  it('every layer equals the unmerged one within the rounding of both', () => {
    for (let seed = 0; seed < 20; seed++) {
      const model = randomModel(seed);
      const adapter = randomAdapter(seed + 50, model);
      const merged = allLinears(mergeAdapter(model, adapter));
      allLinears(model).forEach((layer, i) => {
        const inputs = layer.weight.shape[1]!;
        const x = tensor('x', numbersFrom(seed + i)(inputs, 1), [1, inputs]);
        const apart = linearWithLora(float64Ops, x, layer, [{ rows: 1, adapter }]).data;
        const together = linearWithLora(float64Ops, x, merged[i]!, [{ rows: 1, adapter: null }]).data;
        apart.forEach((value, output) => {
          const bound =
            boundOf(layer.weight, adapter.updates.get(layer.path)!, x.data, output) + 2 ** -52 * Math.abs(value);
          expect(Math.abs(value - together[output]!)).toBeLessThanOrEqual(bound);
        });
      });
    }
  });

  it('so do the logits of a whole text, to 1e-9; without the adapter they are far off', () => {
    const model = randomModel(3);
    const adapter = randomAdapter(4, model);
    const last = (subject: Session) => subject.read([1, 5, 9, 2], { firstRow: 3 }).logits(0);
    const expected = last(new Session(float64Backend, model, adapter));
    const far = (logits: Float64Array) => Math.max(...logits.map((value, i) => Math.abs(value - expected[i]!)));
    expect(far(last(new Session(float64Backend, mergeAdapter(model, adapter), null)))).toBeLessThan(1e-9);
    expect(far(last(new Session(float64Backend, model, null)))).toBeGreaterThan(1e-2);
  });

  it('leaves untouched layers, norms, embedding and biases as they are, by identity', () => {
    const model = randomModel(1);
    const full = randomAdapter(2, model);
    const path = model.blocks[1]!.attention.value.linear.path;
    const one: Adapter<Stored> = { name: 'one', updates: new Map([[path, full.updates.get(path)!]]) };
    const before = allLinears(model);
    const merged = mergeAdapter(model, one);
    allLinears(merged).forEach((layer, i) => {
      if (layer.path === path) expect(layer.weight).not.toBe(before[i]!.weight);
      else expect(layer.weight).toBe(before[i]!.weight);
      expect(layer.bias).toBe(before[i]!.bias);
    });
    expect(merged.embedding.table).toBe(model.embedding.table);
    expect(merged.norm!.gain).toBe(model.norm!.gain);
    expect(merged.blocks[1]!.norms.beforeAttention!.gain).toBe(model.blocks[1]!.norms.beforeAttention!.gain);
  });

  it('does not write into the base', () => {
    const model = randomModel(1);
    const copy = allLinears(model).map(({ weight }) => widened(weight).slice());
    mergeAdapter(model, randomAdapter(2, model));
    expect(allLinears(model).map(({ weight }) => widened(weight))).toStrictEqual(copy);
  });

  it('unties a tied LM head: the embedding keeps the weights of the base', () => {
    const base = randomModel(1);
    const tied: Transformer<Stored> = {
      ...base,
      config: { ...base.config, tiedEmbeddings: true },
      head: { ...base.head, weight: base.embedding.table },
    };
    const merged = mergeAdapter(tied, randomAdapter(2, tied));
    expect(merged.embedding.table).toBe(base.embedding.table);
    expect(merged.head.weight).not.toBe(base.embedding.table);
  });

  it('refuses a scale under which merged weights overflow, by name', () => {
    const model = randomModel(1);
    const { path, weight } = allLinears(model).find(({ path }) => path.endsWith('layers.1.mlp.up_proj'))!;
    const [outputs, inputs] = matrixShape('weight', weight);
    const ones = (shape: number[]) => stored('ones', 'F64', new Float64Array(shape[0]! * shape[1]!).fill(1), shape);
    // B A is 2 everywhere, and twice 1e308 is too much.
    const adapter = {
      name: 'huge',
      updates: new Map([[path, { a: ones([2, inputs]), b: ones([outputs, 2]), scale: 1e308 }]]),
    };
    expect(() => mergeAdapter(model, adapter)).toThrow(
      expect.objectContaining({ name: 'NonFiniteError', message: expect.stringContaining(`${path} merged, row `) }),
    );
  });
});
