/** The emulated arithmetic computes the same model: in float64 and ascending order, the same numbers. */
import { describe, expect, it } from 'vitest';
import { folderAt } from '../../../../src/formats/folder/node.ts';
import { configuredModel } from '../../../../src/oracle/conformance/model-faults/configured-model.ts';
import { emulatedLogits, exactLogits } from '../../../../src/oracle/noise/emulated-logits.ts';
import { ENGINE_DTYPES, roundTo } from '../../../../src/oracle/noise/formats.ts';
import { SUMMATION_ORDERS, summation } from '../../../../src/oracle/noise/summation.ts';

const model = (name: string, adapter: string | null = null) =>
  configuredModel(
    folderAt(`fixtures/goldens/${name}/base`),
    adapter === null ? null : folderAt(`fixtures/goldens/${name}/${adapter}`),
  );
const tokens = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8];

describe('a model in emulated float64', () => {
  it.each([
    ...['llama-attention-bias', 'mixtral-experts', 'qwen3-head-norms', 'cohere-qk-norm', 'phi3-partial'],
    ...['gemma2-soft-caps', 'gemma3-two-bases', 'gpt-neox-gelu-fast', 'gpt2-old-file', 'gpt2-untied-aliases'],
  ])('%s is within a few units of the last place of the reference, in every order', (name) => {
    const exact = exactLogits(model(name), tokens);
    for (const way of emulatedLogits(model(name), tokens, 'float64')) {
      for (const [t, row] of way.entries()) {
        const largest = Math.max(...exact[t]!.map(Math.abs));
        for (const [v, z] of row.entries()) expect(Math.abs(z - exact[t]![v]!)).toBeLessThan(1e-13 * largest);
      }
    }
  });

  it('and in ascending order has the bits of the reference', () => {
    for (const each of [model('llama-mqa'), model('lora-rslora', 'adapter'), model('mistral-window')]) {
      expect(emulatedLogits(each, tokens, 'float64')[0]).toEqual(exactLogits(each, tokens));
    }
  });
});

describe('a model in a narrow format', () => {
  it.each(ENGINE_DTYPES)('has logits of %s, in ways that differ', (dtype) => {
    const ways = emulatedLogits(model('llama-mqa'), tokens, dtype);
    const round = roundTo(dtype);
    for (const way of ways) for (const row of way) expect(row.map(round)).toEqual(row);
    // Sums of so few numbers in float32 rarely round to other numbers of 16 bits; steps inside operations do.
    const distinct = new Set(ways.map((way) => way.map((row) => row.join()).join())).size;
    expect(distinct).toBeGreaterThanOrEqual(dtype.endsWith('16') ? 2 : 5);
  });
});

describe('sums', () => {
  const one = Float64Array.of(1, 2 ** -24, 2 ** -24, 2 ** -24, 2 ** -24);
  const ones = new Float64Array(5).fill(1);
  const sumBy = (name: string) => summation(SUMMATION_ORDERS.find((order) => order.name === name)!, Math.fround);

  it('depend on the order, each rounded', () => {
    expect(sumBy('ascending').dot(one, 0, ones, 0, 1, 5)).toBe(1); // each is half a unit: a tie, to even
    expect(sumBy('pairwise').sum(one, 5)).toBe(Math.fround(1 + 3 * 2 ** -24));
    expect(sumBy('8 lanes').sum(one, 5)).toBe(Math.fround(1 + 4 * 2 ** -24));
    for (const { name } of SUMMATION_ORDERS) {
      const ramp = Float64Array.from({ length: 40 }, (_, i) => i);
      expect([name, sumBy(name).sum(ramp, 40), sumBy(name).dot(ramp, 0, ramp, 39, -1, 40)]).toEqual([name, 780, 9880]);
      expect([sumBy(name).sum(ramp, 0), sumBy(name).dot(ramp, 0, ramp, 0, 1, 0)]).toEqual([0, 0]);
    }
  });

  it('that are fused do not round the product', () => {
    const [a, b] = [Float64Array.of(-1, 1 + 2 ** -13), Float64Array.of(1, 1 - 2 ** -13)];
    expect(sumBy('ascending, fused').dot(a, 0, b, 0, 1, 2)).toBe(-(2 ** -26));
    expect(sumBy('ascending').dot(a, 0, b, 0, 1, 2)).toBe(0);
    const wide = summation(SUMMATION_ORDERS[1]!, (x) => x);
    const [c, d] = [Float64Array.of(-1, 1 + 2 ** -30), Float64Array.of(1, 1 - 2 ** -30)];
    expect(wide.dot(c, 0, d, 0, 1, 2)).toBe(-(2 ** -60));
  });
});
