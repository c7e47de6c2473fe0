/** A model folder's generation_config.json from the file to the text. */
import { cpSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UnsupportedError } from '../../../src/errors.ts';
import type { LanguageModel } from '../../../src/language-model/language-model.ts';
import { load } from '../../../src/language-model/node.ts';
import { subfolder, temporaryFolder, writeJson } from '../../support/format-folders.ts';

const root = temporaryFolder();
let count = 0;

/** The embedded model with another file. */
function folderWith(generation: object): string {
  const folder = subfolder(root, `${count++}`);
  cpSync('fixtures/embedded/base', folder, { recursive: true });
  writeJson(folder, 'generation_config.json', generation);
  return folder;
}

const PROMPT = 'def total_price(items):\n';
const textOf = async (model: LanguageModel, options = {}) =>
  (await model.complete(PROMPT, { maxNewTokens: 12, ...options })).text;

describe('a model with a generation_config.json', () => {
  it('generates as with the same options', async () => {
    const plain = await load('fixtures/embedded/base');
    const settings = { do_sample: true, temperature: 0.9, top_p: 0.8, repetition_penalty: 1.2, eos_token_id: 0 };
    const model = await load(folderWith(settings));
    const options = { temperature: 0.9, topP: 0.8, topK: 50, repetitionPenalty: 1.2 };
    expect(await textOf(model, { seed: 3 })).toBe(await textOf(plain, { ...options, seed: 3 }));
    expect(await textOf(model, { temperature: 0, repetitionPenalty: 1 })).toBe(await textOf(plain));
    expect(await textOf(model, { draft: 'lookup', seed: 3 })).toBe(await textOf(model, { seed: 3 }));
    expect(await textOf(model, { seed: 3 })).not.toBe(await textOf(plain));
  });

  it('cuts at its stop strings, in streams too, and ends at its length', async () => {
    const whole = await textOf(await load('fixtures/embedded/base'));
    const stop = whole!.slice(5, 9);
    const model = await load(folderWith({ stop_strings: stop, max_new_tokens: 12, eos_token_id: 0 }));
    const completion = await model.complete(PROMPT);
    expect(completion).toMatchObject({ text: whole!.slice(0, whole!.indexOf(stop)), stop: 'stop string' });
    let streamed = '';
    for await (const { text } of model.generate(PROMPT)) streamed += text;
    expect(streamed).toBe(completion.text);
    const short = await load(folderWith({ max_length: (await model.encode(PROMPT)).length + 2, eos_token_id: 0 }));
    expect((await short.complete(PROMPT)).tokens).toHaveLength(2);
  });

  it('has each default and its source on the model', async () => {
    const { generationDefaults, warnings } = await load(folderWith({ top_k: 5, foo: 1, eos_token_id: 0 }));
    const source = 'generation_config.json';
    expect(generationDefaults.applied).toEqual([
      { option: 'topK', key: 'top_k', value: 5, source },
      { option: 'eosTokens', key: 'eos_token_id', value: [0], source },
    ]);
    expect(warnings).toEqual([expect.stringMatching(/generation_config\.json: foo \(1\) is unknown and not applied$/)]);
  });

  it('what is not implemented stops generation, not logits, and can be ignored', async () => {
    const folder = folderWith({ num_beams: 4, repetition_penalty: 5, temperature: -1.5e300, eos_token_id: [0, 7] });
    await expect(load(folder)).rejects.toThrow(/generation_config\.json: temperature: expected/);
    const aside = await load(folder, { generationConfig: false });
    expect(aside.generationDefaults).toEqual({ applied: [], refused: [] });
    expect(aside.eosTokens).toEqual([0, 7]);
    expect(await textOf(aside)).toBe(await textOf(await load('fixtures/embedded/base'), { eosTokens: [0, 7] }));

    const beams = await load(folderWith({ num_beams: 4 }));
    expect((await beams.logits([1, 2])).logits).toHaveLength(2);
    expect(() => beams.check(PROMPT)).toThrow(UnsupportedError);
    await expect(textOf(beams)).rejects.toThrow(/num_beams: expected 1 \(beam search is not implemented\), .*got 4$/);
  });

  it('without end-of-text tokens in it has none, whatever config.json says', async () => {
    expect((await load(folderWith({}))).eosTokens).toEqual([]);
  });
});

it('the embedded model sets end-of-text tokens and nothing else', async () => {
  const { generationDefaults, eosTokens } = await load('fixtures/embedded/base');
  expect(eosTokens).toEqual([0]);
  expect(generationDefaults.applied.map(({ option }) => option)).toEqual(['eosTokens']);
  expect(generationDefaults.refused).toEqual([]);
});
