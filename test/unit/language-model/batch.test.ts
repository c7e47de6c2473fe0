import { describe, expect, it } from 'vitest';
import { ConflictError, ContextLimitError, OptionError, TokenError } from '../../../src/errors.ts';
import type { BatchOptions, BatchRequest } from '../../../src/language-model/batch.ts';
import { embeddedFolder, embeddedModel, load } from '../../../src/language-model/node.ts';
import { timeless } from '../../support/timeless.ts';

const PROMPTS = ['def total_price(items):\n', 'def add(a, b):\n', 'x = '];
const [base, adapter] = [embeddedFolder('base'), embeddedFolder('adapter')];

describe('batch', () => {
  it('serves base and adapters side by side, each as its own model would', async () => {
    const model = await load(base, { adapters: { turbo: adapter } });
    const [plain, turbo] = [await load(base), await embeddedModel()];
    const requests = PROMPTS.flatMap((prompt) =>
      ['none', 'turbo'].map((name) => ({ prompt, adapter: name, maxNewTokens: 24 })),
    );
    const { completions, targetForwards } = await model.batch(requests);
    for (const [i, { prompt, adapter: name }] of requests.entries()) {
      const alone = await (name === 'none' ? plain : turbo).complete(prompt, { maxNewTokens: 24 });
      expect(timeless(completions[i]!)).toStrictEqual(timeless(alone));
    }
    expect(targetForwards).toBe(Math.max(...completions.map((completion) => completion.targetForwards)));
  });

  it('an empty batch takes no work', async () => {
    expect(await (await embeddedModel()).batch([])).toEqual({ completions: [], targetForwards: 0 });
  });

  it('rejects with the reason of its signal', async () => {
    const model = await embeddedModel();
    const controller = new AbortController();
    const requests = PROMPTS.map((prompt) => ({ prompt, onStep: () => controller.abort('enough') }));
    await expect(model.batch(requests, { signal: controller.signal })).rejects.toBe('enough');
  });

  it.each<[string, object, RegExp, unknown]>([
    ['an unknown option', { temprature: 1 }, /^request 1: option: expected one of .*, got temprature$/, OptionError],
    ['a token outside the vocabulary', { prompt: [512] }, /^request 1: token 0: /, TokenError],
    ['a prompt over the context', { prompt: new Array(600).fill(7) }, /^request 1: prompt: /, ContextLimitError],
    ['options that exclude each other', { draft: 'none', draftTokens: 2 }, /^request 1: draftTokens: /, ConflictError],
    ['a missing adapter', { adapter: 'mine' }, /^request 1: adapter: expected one of none, got "mine"$/, OptionError],
    ['its own signal', { signal: AbortSignal.abort() }, /^request 1: signal: /, OptionError],
  ])('names the index of a request with %s before anything runs', async (_, wrong, message, errorClass) => {
    const model = await embeddedModel();
    let steps = 0;
    const good = { prompt: 'x', onStep: () => (steps += 1) };
    const requests = [good, { ...good, ...wrong }, good] as BatchRequest[];
    await expect(model.batch(requests)).rejects.toThrow(message);
    await expect(model.batch(requests)).rejects.toThrow(errorClass as typeof OptionError);
    expect(steps).toBe(0);
  });

  it('refuses requests that are not a list, and options that do not exist', async () => {
    const model = await embeddedModel();
    await expect(model.batch({} as BatchRequest[])).rejects.toThrow(/^requests: /);
    await expect(model.batch([null] as unknown as BatchRequest[])).rejects.toThrow(/^request 0: request: /);
    await expect(model.batch([], { seed: 1 } as BatchOptions)).rejects.toThrow(/^batch option: .*, got seed$/);
  });
});

describe('adapters by name', () => {
  it('may accompany a default one', async () => {
    const model = await load(base, { adapter, adapters: { same: adapter } });
    const own = await model.complete(PROMPTS[0]!);
    expect(timeless(await model.complete(PROMPTS[0]!, { adapter: 'same' }))).toStrictEqual(timeless(own));
    const without = await model.complete(PROMPTS[0]!, { adapter: 'none' });
    expect(without.tokens).toEqual((await (await load(base)).complete(PROMPTS[0]!)).tokens);
    expect(without.drafted).toBe(0);
  });

  it('refuse what cannot be', async () => {
    await expect(load(base, { adapters: { none: adapter } })).rejects.toThrow(
      /^adapters: expected an object of folders by name/,
    );
    await expect(load(base, { adapters: { a: 5 } as never })).rejects.toThrow(OptionError);
    await expect(load(base, { adapter, adapters: { a: adapter }, merge: true })).rejects.toThrow(ConflictError);
    const merged = await load(base, { adapter, merge: true });
    expect(() => merged.check('x', { adapter: 'none' })).toThrow(ConflictError);
  });
});

describe('contextLength', () => {
  it('takes the place of max_position_embeddings', async () => {
    const short = await load(base, { contextLength: 12 });
    const { stop, tokens } = await short.complete([1, 2, 3, 4], { eosTokens: [] });
    expect([stop, tokens.length]).toEqual(['context limit', 8]);
    const long = await load(base, { contextLength: 2000 });
    expect((await long.complete(new Array(520).fill(7), { eosTokens: [], maxNewTokens: 2 })).stop).toBe(
      'max new tokens',
    );
    await expect(load(base, { contextLength: 0 })).rejects.toThrow(OptionError);
  });

  it('is at most the number of positions that a model has learned', async () => {
    const learned = 'fixtures/goldens/gpt2-untied-aliases/base';
    const whole = await load(learned, { contextLength: 64 });
    const { stop, tokens } = await whole.complete(new Array(60).fill(7), { eosTokens: [], maxNewTokens: 9 });
    expect([stop, tokens.length]).toEqual(['context limit', 4]);
    await expect(load(learned, { contextLength: 65 })).rejects.toThrow(
      'context length: expected at most 64, the positions that the model has, got 65',
    );
  });
});
