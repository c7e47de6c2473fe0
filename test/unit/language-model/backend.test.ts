import { describe, expect, it } from 'vitest';
import { OptionError } from '../../../src/errors.ts';
import { LanguageModel } from '../../../src/language-model/language-model.ts';
import { embeddedFolder, load } from '../../../src/language-model/node.ts';
import { float64Backend } from '../../../src/ops/float64/backend.ts';
import { Device } from '../../support/device.ts';
import { randomAdapter, randomHeads, randomModel, smallConfig } from '../../support/random-model.ts';
import { timeless } from '../../support/timeless.ts';

const transformer = randomModel(1);
const parts = {
  transformer,
  adapter: randomAdapter(2, transformer),
  heads: randomHeads(5, smallConfig, 2),
  tokenizer: null,
  eosTokens: [],
  warnings: [],
};
const here = new LanguageModel(parts);
const draftModel = { transformer: randomModel(8), adapter: null };
const ways = [{ draft: 'none' }, { draft: 'turbo' }, { draft: 'lookup' }, { draft: draftModel }] as const;
const options = { maxNewTokens: 9, temperature: 1 };

describe.each([true, false])('a model on another backend (which has to be awaited: %s)', (slow) => {
  it('writes what it writes here, by every drafter, uploads each weight once and frees all else', async () => {
    const device = new Device(slow);
    const there = new LanguageModel({ ...parts, backend: device });
    for (const way of ways) {
      const expected = await here.complete([1, 2, 3], { ...options, ...way });
      for (let again = 0; again < 2; again++) {
        expect(timeless(await there.complete([1, 2, 3], { ...options, ...way }))).toStrictEqual(timeless(expected));
      }
    }
    expect(device.living.size).toBe(0);
    expect(new Set(device.uploaded).size).toBe(device.uploaded.length);
  });

  it('shares passes between texts, and frees a text when it ends', async () => {
    const device = new Device(slow);
    const there = new LanguageModel({ ...parts, backend: device });
    const requests = ways.map((way, i) => ({ ...options, ...way, prompt: [1, i + 2], maxNewTokens: 3 + i }));
    const expected = await here.batch(requests);
    const { completions, targetForwards } = await there.batch(requests);
    expect(completions.map(timeless)).toStrictEqual(expected.completions.map(timeless));
    expect(targetForwards).toBe(expected.targetForwards);
    expect(device.living.size).toBe(0);
  });

  it('says the logits that it says here', async () => {
    const device = new Device(slow);
    const there = new LanguageModel({ ...parts, backend: device });
    expect(await there.logits([1, 2, 3])).toStrictEqual(await here.logits([1, 2, 3]));
    expect(device.readBacks).toBe(2);
    expect(device.living.size).toBe(0);
  });

  it('frees what a text has when nobody reads on, and when it fails', async () => {
    const device = new Device(slow);
    const there = new LanguageModel({ ...parts, backend: device });
    for await (const _ of there.generate([1, 2, 3], options)) break;
    const failing = { ...options, onStep: () => expect.fail('enough') };
    await expect(there.complete([1, 2, 3], failing)).rejects.toThrow('enough');
    await expect(there.batch([{ ...failing, prompt: [1] }])).rejects.toThrow('enough');
    expect(device.living.size).toBe(0);
  });
});

describe('the choice of a backend', () => {
  it('is float64 on the CPU unless load is told otherwise', async () => {
    expect(here.backend).toBe(float64Backend);
    const device = new Device(false);
    expect((await load(embeddedFolder('base'), { backend: device })).backend).toBe(device);
  });

  it('is refused when it is not a backend', async () => {
    await expect(load(embeddedFolder('base'), { backend: 7 as never })).rejects.toThrow(OptionError);
  });
});
