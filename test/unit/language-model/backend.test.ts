import { describe, expect, it, vi } from 'vitest';
import { EMPTY_DRAFT } from '../../../src/draft/draft.ts';
import { OptionError } from '../../../src/errors.ts';
import { LanguageModel } from '../../../src/language-model/language-model.ts';
import { embeddedFolder, load } from '../../../src/language-model/node.ts';
import type { GenerateOptions } from '../../../src/language-model/options.ts';
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

  it.each([0, 1, 2, 3])('frees all when a read-back fails, whichever it is (way %i)', async (n) => {
    const way = ways[n]!;
    const device = new Device(slow);
    const there = new LanguageModel({ ...parts, backend: device });
    await there.complete([1, 2, 3], { ...options, ...way });
    const all = device.readBacks;
    expect(all).toBeGreaterThan(2);
    for (let failing = 1; failing <= all; failing++) {
      [device.readBacks, device.failing] = [0, failing];
      await expect(there.complete([1, 2, 3], { ...options, ...way })).rejects.toThrow('device lost');
      [device.readBacks, device.failing] = [0, failing];
      const requests = [
        { ...options, ...way, prompt: [1, 2, 3] },
        { prompt: [4], maxNewTokens: 12 },
      ];
      await expect(there.batch(requests)).rejects.toThrow('device lost');
    }
    expect(device.living.size).toBe(0);
  });

  it('keeps nothing of requests that it refuses', async () => {
    const device = new Device(slow);
    const there = new LanguageModel({ ...parts, heads: null, backend: device });
    const foreign = { transformer: randomModel(8, { ...smallConfig, vocabularySize: 12 }), adapter: null };
    const refused: GenerateOptions[] = [
      { draft: 'turbo' },
      { draft: foreign },
      { stopStrings: ['x'] },
      { logProbabilities: -1 },
    ];
    for (const wrong of refused) {
      await expect(there.complete([1, 2], { ...options, ...wrong })).rejects.toThrow();
      await expect(
        there.batch([
          { ...options, prompt: [1] },
          { prompt: [2], ...wrong },
        ]),
      ).rejects.toThrow();
    }
    there.check([1, 2], { ...options, draft: draftModel });
    expect(device.living.size).toBe(0);
  });

  it("closes a text's drafter once", async () => {
    const there = new LanguageModel({ ...parts, backend: new Device(slow) });
    const close = vi.fn();
    const draft = () => ({ name: 'none', propose: () => EMPTY_DRAFT, close });
    await there.batch([{ ...options, prompt: [1], draft }]);
    expect(close).toHaveBeenCalledTimes(1);
    await there.complete([1], { ...options, draft });
    expect(close).toHaveBeenCalledTimes(2);
  });

  it('writes the same when texts are read in turns', async () => {
    const there = new LanguageModel({ ...parts, backend: new Device(slow) });
    const expected = await Promise.all(ways.map((way) => here.complete([1, 2, 3], { ...options, ...way })));
    const together = await Promise.all(ways.map((way) => there.complete([1, 2, 3], { ...options, ...way })));
    expect(together.map(timeless)).toStrictEqual(expected.map(timeless));
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
