import { describe, expect, it } from 'vitest';
import { folderAt } from '../../../../src/formats/folder/node.ts';
import { type NoiseAfter, readGreedy } from '../../../../src/oracle/conformance/greedy-text.ts';
import { configuredModel } from '../../../../src/oracle/conformance/model-faults/configured-model.ts';
import { type AskedText, GREEDY } from '../../../../src/oracle/conformance/operations/generate.ts';
import { exactLogits } from '../../../../src/oracle/noise/emulated-logits.ts';
import { ALLOWED_NOISE } from '../../../../src/oracle/noise/noise.ts';
import { argmax } from '../../../../src/sampling/softmax.ts';

const model = configuredModel(folderAt('fixtures/goldens/llama-mqa/base'), null);
const prompt = [3, 1, 4, 1, 5];
const ask = (changes: Partial<AskedText> = {}): AskedText => {
  const text = { prompt, adapter: null, sampling: GREEDY, drafter: null, maxTokens: 6, endTokens: [], seed: 0 };
  return { ...text, ...changes };
};
const never: NoiseAfter = () => {
  throw new Error('a greedy text needs no noise');
};

/** Greedy from here on. */
function continued(start: readonly number[], count: number): number[] {
  const text = [...start];
  while (text.length < count) text.push(argmax(exactLogits(model, [...prompt, ...text]).at(-1)!));
  return text;
}
const greedy = continued([], 6);
/** The second likeliest token after two, what it lacks, and what follows it. */
const last = exactLogits(model, [...prompt, ...greedy.slice(0, 2)]).at(-1)!;
const second = argmax(last.map((z, token) => (token === greedy[2] ? Number.NEGATIVE_INFINITY : z)));
const gap = last[greedy[2]!]! - last[second]!;
const other = continued([...greedy.slice(0, 2), second], 6);
const unit =
  (noise: number): NoiseAfter =>
  (tokens) =>
    new Float64Array(tokens.length).fill(noise);

describe('a greedy text', () => {
  it('is one, whatever the noise', () => {
    expect(readGreedy(model, ask(), greedy, never)).toEqual({ divergence: null, nearTies: [] });
  });

  it('may take the other token of a near tie, and is followed from there', () => {
    const near = unit(gap / (2 * ALLOWED_NOISE) / 0.999);
    expect(readGreedy(model, ask(), other, near)).toEqual({ divergence: null, nearTies: [2] });
    const wrongAfter = [...other.slice(0, 4), (other[4]! + 1) % 48, other[5]!];
    expect(readGreedy(model, ask(), wrongAfter, unit(1e-12)).divergence?.position).toBe(2);
    const read = readGreedy(model, ask(), greedy.slice(0, 2).concat(second, greedy.slice(3)), near);
    expect(read.nearTies[0]).toBe(2);
  });

  it('may not where the noise is smaller, or not known', () => {
    const far = unit(gap / (2 * ALLOWED_NOISE) / 1.001);
    const { divergence } = readGreedy(model, ask(), other, far);
    expect(divergence).toMatchObject({ position: 2, expected: `${greedy[2]}`, got: `${second}` });
    expect(divergence!.gap).toBeCloseTo(2 * ALLOWED_NOISE * 1.001, 6);
    expect(readGreedy(model, ask(), other, () => null).divergence?.position).toBe(2);
  });

  it('ends where it should', () => {
    const at = (text: readonly number[], changes: Partial<AskedText> = {}) =>
      readGreedy(model, ask(changes), text, never).divergence;
    expect(at(greedy.slice(0, 5))).toEqual({ position: 5, expected: 'another token', got: 'the end' });
    expect(at([])).toEqual({ position: 0, expected: 'another token', got: 'the end' });
    expect(at([...greedy, 7])).toEqual({ position: 6, expected: 'the end, after 6 tokens', got: '7' });
    expect(at([...greedy, 48])).toMatchObject({ position: 6, expected: 'the end, after 6 tokens' });
    const first = greedy.indexOf(greedy[3]!);
    const endTokens = [greedy[3]!];
    expect(at(greedy.slice(0, first + 1), { endTokens })).toBeNull();
    expect(at(greedy, { endTokens })).toEqual({
      position: first + 1,
      expected: 'the end',
      got: `${greedy[first + 1]}`,
    });
    expect(at([...greedy.slice(0, 4), 48, 3])).toEqual({ position: 4, expected: 'a token below 48', got: '48' });
  });
});
