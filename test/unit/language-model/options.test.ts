/** Options as plain JavaScript may hand them over: every wrong one is a named error. */
import { describe, expect, it } from 'vitest';
import { promptLookup } from '../../../src/draft/prompt-lookup.ts';
import { ConflictError, OptionError, TokenError } from '../../../src/errors.ts';
import { embeddedModel, load } from '../../../src/language-model/node.ts';
import type { GenerateOptions } from '../../../src/language-model/options.ts';
import type { Prompt } from '../../../src/language-model/prompt.ts';
import { lenienceBy } from '../../../src/verify/lenience.ts';
import { sampleAndMatch } from '../../../src/verify/sample-and-match.ts';

const model = await embeddedModel();
const check = (options: Record<string, unknown>) => () => model.check('x', options as GenerateOptions);

describe('options from plain JavaScript', () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    ['a misspelt option', { temprature: 1 }, /^option: expected one of temperature, .*, got temprature$/],
    ['an unknown drafter', { draft: 'turbos' }, /^draft: expected none, turbo, lookup, .*, got "turbos"$/],
    ['a number as drafter', { draft: 4 }, /^draft: .*, got 4$/],
    ['an object that is no drafter', { draft: {} }, /^draft: .*, got an object$/],
    ['a function that makes no drafter', { draft: () => 7 }, /^draft: expected a drafter .*, got 7$/],
    ['an unknown rule', { verify: 'reject' }, /^verification rule: expected one of greedy, .*, got reject$/],
    [
      'an object that is not a rule',
      { verify: { name: 'x' } },
      /^verify: expected one of greedy, .* a rule, got an object$/,
    ],
    ['an invalid choice', { draftChoice: 'top' }, /^draftChoice: expected top1 or sample, got "top"$/],
    ['biases in a list', { logitBias: [0, 1] }, /^logitBias: expected a map or .*, got a list of 2$/],
    ['one stop string for a list', { stopStrings: 'x' }, /^stopStrings: expected a list of texts, got "x"$/],
    ['one EOS token for a list', { eosTokens: 2 }, /^eosTokens: expected a list of token ids, got 2$/],
    ['a listener that is not a function', { onStep: true }, /^onStep: expected a function, got true$/],
    ['an invalid signal', { signal: 5n }, /^signal: expected an AbortSignal, got 5$/],
    ['a fraction of log-probabilities', { logProbabilities: 1.5 }, /^logProbabilities: .*, got 1.5$/],
    ['a text for a number', { maxNewTokens: '5' }, /^max new tokens: /],
  ])('%s is refused by name', (_, options, message) => {
    expect(check(options)).toThrow(OptionError);
    expect(check(options)).toThrow(message);
  });

  it('null and undefined are as good as not given, for every option', () => {
    const names = /one of (.*), got/.exec(String(catching(check({ '': 0 }))))![1]!.split(', ');
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) {
      expect(check({ [name]: null }), name).not.toThrow();
      expect(check({ [name]: undefined }), name).not.toThrow();
    }
    expect(() => model.check('x', null as unknown as GenerateOptions)).toThrow(OptionError);
  });

  it('what the caller changes later has no effect', async () => {
    const options = { maxNewTokens: 6, stopStrings: ['zzz'], eosTokens: [] };
    const plain = await model.complete('def f(', options);
    const prompt = [...plain.promptTokens];
    const running = model.generate(prompt, options);
    await running.next();
    prompt.length = 0;
    options.stopStrings[0] = 'e';
    options.maxNewTokens = 2;
    let last = await running.next();
    while (!last.done) last = await running.next();
    expect(last.value.tokens).toEqual(plain.tokens);
  });
});

describe('options without effect are refused', () => {
  it.each<[string, Record<string, unknown>]>([
    ['a rule without a drafter', { draft: 'none', verify: 'rejection' }],
    ['sampled drafts of a lookup', { draft: 'lookup', draftChoice: 'sample' }],
    ['drafted tokens without a drafter', { draft: 'none', draftTokens: 3 }],
    ['a tree for a drafter of the user’s own', { draft: promptLookup({ length: 2 }), draftTree: [2] }],
    ['greedy verification of a sample', { verify: 'greedy', temperature: 1 }],
  ])('%s', (_, options) => {
    expect(check(options)).toThrow(ConflictError);
  });

  it('but gumbel says how plain decoding draws', () => {
    expect(check({ draft: 'none', verify: 'gumbel', temperature: 1 })).not.toThrow();
  });

  it('load refuses to merge heads without a LoRA', async () => {
    const golden = 'fixtures/goldens/turbo-heads-v2';
    const options = { adapter: `${golden}/heads`, merge: true };
    await expect(load(`${golden}/base`, options)).rejects.toThrow(
      /^merge: expected an adapter with a LoRA, got .*heads only$/,
    );
  });

  it('load treats null as not given', async () => {
    const { adapter, merged } = await load('fixtures/embedded/base', {
      adapter: null,
      merge: null,
      contextLength: null,
    });
    expect([adapter, merged]).toEqual([null, false]);
  });

  it('load refuses an option that it does not know', async () => {
    const adaptor = { adaptor: 'fixtures/embedded/adapter' } as object;
    await expect(load('fixtures/embedded/base', adaptor)).rejects.toThrow(
      /^load option: expected one of .*, got adaptor$/,
    );
  });
});

describe('rules and drafters of the user’s own', () => {
  it('a rule as an object, and one that is not registered', async () => {
    const named = await model.complete('def f(', { verify: 'match', maxNewTokens: 12 });
    expect((await model.complete('def f(', { verify: sampleAndMatch, maxNewTokens: 12 })).tokens).toEqual(named.tokens);
    const hot = { temperature: 1, draftChoice: 'sample', maxNewTokens: 40, eosTokens: [] } as const;
    const [byName, two, four] = await Promise.all(
      (['lenience', lenienceBy(2), lenienceBy(4)] as const).map((verify) =>
        model.complete('def f(', { ...hot, verify }),
      ),
    );
    expect(two!.tokens).toEqual(byName!.tokens);
    expect(four!.tokens).not.toEqual(two!.tokens);
  });

  it('a drafter, and a function that makes one', async () => {
    const lookup = await model.complete('a b a b a', { draft: 'lookup', maxNewTokens: 12 });
    const drafter = promptLookup({ length: 4, eosTokens: model.eosTokens });
    for (const draft of [drafter, () => drafter]) {
      const { tokens, targetForwards } = await model.complete('a b a b a', { draft, maxNewTokens: 12 });
      expect([tokens, targetForwards]).toEqual([lookup.tokens, lookup.targetForwards]);
    }
  });
});

describe('prompts', () => {
  it('typed arrays of integers are prompts', async () => {
    const ids = model.encode('def f(');
    const { tokens } = await model.complete(ids, { maxNewTokens: 4 });
    for (const typed of [
      Uint32Array.from(ids),
      Int32Array.from(ids),
      Uint16Array.from(ids),
      BigInt64Array.from(ids.map(BigInt)),
    ]) {
      expect((await model.complete(typed, { maxNewTokens: 4 })).tokens).toEqual(tokens);
    }
  });

  it.each<[string, unknown]>([
    ['an empty list', []],
    ['an array of floats', Float64Array.of(1, 2)],
    ['an object', { length: 1, 0: 5 }],
    ['null', null],
    ['a fraction', [1.5]],
    ['an id outside the vocabulary', Uint32Array.of(512)],
    ['an id as text', ['5']],
  ])('%s is not a prompt', (_, prompt) => {
    expect(() => model.check(prompt as Prompt)).toThrow(TokenError);
  });
});

function catching(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
