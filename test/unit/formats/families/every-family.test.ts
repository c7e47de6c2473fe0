/** What every family does with a config.json. The tests beside this one are about what only their family does. */
import { describe, expect, it } from 'vitest';
import { FormatError, UnsupportedError } from '../../../../src/errors.ts';
import { familyNames } from '../../../../src/formats/families/index.ts';
import { summaryOf } from '../../../../src/model/summary.ts';
import { CASES, type FamilyCases, readFamily } from './cases.ts';

const cases = Object.entries(CASES) as [keyof typeof CASES, FamilyCases][];

it('every family has its cases', () => {
  expect(Object.keys(CASES).sort()).toEqual([...familyNames].sort());
});

describe.each(cases)('%s', (family, { least, absent, refused, wrong }) => {
  it('what is left out means what it means to transformers', () => {
    const { transformer } = readFamily(family);
    const { contextLength, tiedEmbeddings, keyValueHeads, headSize, ...summary } = summaryOf(
      transformer,
      ({ shape }) => shape[0]!,
    );
    const [epsilon, theta] = [transformer.norm?.epsilon, summary.rope[0]?.theta ?? null];
    expect({ contextLength, tiedEmbeddings, epsilon, keyValueHeads, headSize, theta }).toEqual(absent);
    const { vocab_size: vocabularySize, hidden_size, n_embd, num_hidden_layers, n_layer, ...others } = least;
    expect(summary).toMatchObject({
      ...{ family, vocabularySize, hiddenSize: hidden_size ?? n_embd, layers: num_hidden_layers ?? n_layer },
      ...{ heads: others.num_attention_heads ?? others.n_head, mlpSize: others.intermediate_size ?? summary.mlpSize },
    });
    expect(transformer.head.weight === transformer.embedding.table).toBe(tiedEmbeddings);
  });

  it.each(Object.keys(least))('needs %s', (key) => {
    expect(() => readFamily(family, { [key]: undefined })).toThrow(FormatError);
  });

  it('refuses an unknown key, and the classes of other families', () => {
    for (const changes of [{ unknown_gain: 0 }, { architectures: ['BertModel'] }]) {
      expect(() => readFamily(family, changes)).toThrow(UnsupportedError);
      expect(() => readFamily(family, changes)).toThrow(Object.keys(changes)[0]);
    }
  });

  it.each(refused.map((refusal) => [...refusal]))('refuses by name what is not implemented: %j', (changes, message) => {
    expect(() => readFamily(family, changes)).toThrow(UnsupportedError);
    expect(() => readFamily(family, changes)).toThrow(message);
  });

  it.each(wrong.map((refusal) => [...refusal]))('refuses wrong values: %j', (changes, message) => {
    expect(() => readFamily(family, changes)).toThrow(FormatError);
    expect(() => readFamily(family, changes)).toThrow(message);
  });
});
