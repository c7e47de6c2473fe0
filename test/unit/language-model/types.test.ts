/** Types are tests here: a line under `@ts-expect-error` that compiles breaks `npm run types`. */
import { describe, expectTypeOf, it } from 'vitest';
import type {
  Completion,
  Drafter,
  DraftSource,
  GeneratedToken,
  GenerateOptions,
  LanguageModel,
  LoadOptions,
  Prompt,
  RuleName,
} from '../../../src/index.ts';
import { lenienceBy, promptLookup } from '../../../src/index.ts';

const options = (given: GenerateOptions): GenerateOptions => given;
const loading = (given: LoadOptions): LoadOptions => given;

describe('types of options', () => {
  it('verify takes the name of a rule or a rule', () => {
    options({ verify: 'rejection' });
    options({ verify: lenienceBy(4) });
    // @ts-expect-error no rule of this name
    options({ verify: 'reject' });
    // @ts-expect-error not a rule
    options({ verify: { name: 'mine' } });
    expectTypeOf<'k-seq'>().toExtend<RuleName>();
    expectTypeOf<string>().not.toExtend<RuleName>();
  });

  it('draft takes the name of a source, a model, a drafter or a function that makes one', () => {
    options({ draft: 'lookup' });
    options({ draft: promptLookup({ length: 2 }) });
    options({ draft: ({ eosTokens }) => promptLookup({ length: 2, eosTokens }) });
    expectTypeOf<LanguageModel>().toExtend<DraftSource>();
    expectTypeOf<Drafter>().toExtend<DraftSource>();
    // @ts-expect-error no source of this name
    options({ draft: 'turbos' });
    // @ts-expect-error a number drafts nothing
    options({ draft: 4 });
  });

  it('a misspelt option or a wrong kind does not compile', () => {
    // @ts-expect-error misspelt
    options({ temprature: 1 });
    // @ts-expect-error one text for a list
    options({ stopStrings: 'x' });
    // @ts-expect-error no choice of this name
    options({ draftChoice: 'top' });
    // @ts-expect-error misspelt
    loading({ adaptor: 'folder' });
  });

  it('signals, typed arrays and null are taken', () => {
    options({ signal: new AbortController().signal });
    expectTypeOf<Uint32Array>().toExtend<Prompt>();
    expectTypeOf<BigInt64Array>().toExtend<Prompt>();
    expectTypeOf<Float64Array>().not.toExtend<Prompt>();
    expectTypeOf<{ temperature: null; seed: undefined }>().toExtend<Parameters<LanguageModel['complete']>[1]>();
  });

  it('a stream yields tokens and returns the completion', () => {
    expectTypeOf<ReturnType<LanguageModel['generate']>>().toEqualTypeOf<
      AsyncGenerator<GeneratedToken, Completion, undefined>
    >();
    expectTypeOf<Awaited<ReturnType<LanguageModel['complete']>>>().toEqualTypeOf<Completion>();
  });
});
