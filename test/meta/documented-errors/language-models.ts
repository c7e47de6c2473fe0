import { LanguageModel } from '../../../src/language-model/language-model.ts';
import { load } from '../../../src/language-model/load.ts';
import { checkKnown, type GenerateOptions, speculationOf } from '../../../src/language-model/options.ts';
import { Session } from '../../../src/model/session.ts';
import { createSampler } from '../../../src/sampling/sampler.ts';
import { checkSettings, type SamplingInput } from '../../../src/sampling/settings.ts';
import { randomHeads, randomModel, smallConfig } from '../../support/random-model.ts';
import type { Calls } from './calls.ts';
import { checkpointWith, fullCheckpoint, wideLora } from './folders.ts';

// Sixteen tokens can be drawn in more sets than optimal transport plans for.
const config = { ...smallConfig, vocabularySize: 16 };
const { vocabularySize: V, contextLength } = config;
const model = new LanguageModel({
  transformer: randomModel(1, config),
  adapter: null,
  heads: randomHeads(5, config, 2),
  tokenizer: null,
  eosTokens: [],
  warnings: [],
});

function speculation(options: GenerateOptions, sampling: SamplingInput = {}): unknown {
  const sampler = createSampler(checkSettings(sampling, V), V);
  return speculationOf(model, new Session(model.transformer, null), sampler, [], options);
}

/** Takes the first token of a generation. */
const first = (prompt: readonly number[], options: GenerateOptions = {}) => model.generate(prompt, options).next();

export const languageModels: Calls = {
  'language-model/language-model LanguageModel.encode': { OptionError: () => model.encode('text') },
  'language-model/language-model LanguageModel.generate': {
    OptionError: () => first([1], { temperature: -1 }),
    ConflictError: () => first([1], { draft: 'none', draftTokens: 1 }),
    TokenError: () => first([V]),
    ContextLimitError: () => first(new Array(contextLength).fill(1)),
  },
  'language-model/load load': {
    MissingFileError: () => load('no such folder'),
    FormatError: () => load(checkpointWith({ hidden_size: 'twelve' })),
    UnsupportedError: () => load(checkpointWith({ attention_sinks: 4 })),
    MismatchError: () => load(fullCheckpoint(), { adapter: wideLora() }),
    NonFiniteError: () => load(fullCheckpoint({ 'model.norm.weight': [Number.NaN] })),
    OptionError: () => load(fullCheckpoint(), { merge: true }),
  },
  'language-model/options checkKnown': { OptionError: () => checkKnown({ temprature: 1 } as GenerateOptions) },
  'language-model/options speculationOf': {
    ConflictError: () => speculation({ draft: 'lookup', draftTree: [2] }),
    OptionError: () => speculation({ draftTokens: 0 }),
    UnsupportedError: () =>
      speculation({ verify: 'optimal-transport', draftTree: [8], draftChoice: 'sample' }, { temperature: 1 }),
  },
};
