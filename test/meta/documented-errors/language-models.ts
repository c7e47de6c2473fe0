import { TextStream } from '../../../src/decode/text-stream.ts';
import { folderAt } from '../../../src/formats/folder/node.ts';
import { adapterNamed } from '../../../src/language-model/adapters.ts';
import { runBatch } from '../../../src/language-model/batch.ts';
import { completionLaw } from '../../../src/language-model/completion-law.ts';
import { prepareText, startGeneration } from '../../../src/language-model/generation.ts';
import { given } from '../../../src/language-model/given.ts';
import { LanguageModel } from '../../../src/language-model/language-model.ts';
import { load as loadFolder } from '../../../src/language-model/load.ts';
import { load } from '../../../src/language-model/node.ts';
import { type GenerateOptions, givenOptions } from '../../../src/language-model/options.ts';
import { encoded, type Prompt, promptTokens } from '../../../src/language-model/prompt.ts';
import { ruleOf, speculationOf } from '../../../src/language-model/speculation.ts';
import { Read, readTogether, Session } from '../../../src/model/session.ts';
import { stored } from '../../../src/numerics/stored.ts';
import { float64Backend } from '../../../src/ops/float64/backend.ts';
import { createSampler } from '../../../src/sampling/sampler.ts';
import { checkSettings, type SamplingInput } from '../../../src/sampling/settings.ts';
import { randomHeads, randomModel, smallConfig } from '../../support/random-model.ts';
import type { Calls } from './calls.ts';
import { checkpointWith, fullCheckpoint, wideLora } from './folders.ts';

// Sixteen tokens can be drawn in more sets than optimal transport plans for.
const config = { ...smallConfig, vocabularySize: 16 };
const { vocabularySize: V, contextLength } = config;
const parts = {
  transformer: randomModel(1, config),
  adapter: null,
  heads: randomHeads(5, config, 2),
  tokenizer: null,
  eosTokens: [],
  warnings: [],
};
const model = new LanguageModel(parts);
/** A finite embedding that overflows in the first norm. */
const large = stored('large', 'F64', new Float64Array(V * config.hiddenSize).fill(1e200), [V, config.hiddenSize]);
const overflowing = new LanguageModel({
  ...parts,
  transformer: { ...parts.transformer, embedding: { ...parts.transformer.embedding, table: large } },
});

function speculation(options: GenerateOptions, sampling: SamplingInput = {}): unknown {
  const sampler = createSampler(checkSettings(sampling, V), V);
  const target = new Session(float64Backend, model.transformer, null);
  return speculationOf({ target, sampler, eosTokens: [], heads: model.heads, uploads: model.uploads }, options);
}

/** Takes the first token of a generation. */
const first = (prompt: readonly number[], options: GenerateOptions = {}) => model.generate(prompt, options).next();
const start = (prompt: readonly number[], options: GenerateOptions = {}) => startGeneration(model, prompt, options);
const tooManySets = { verify: 'optimal-transport', draftTree: [8], draftChoice: 'sample' } as const;
const unknown = { temprature: 1 } as GenerateOptions;

/** Calls of one of the two loaders. */
function loading(run: (options: { adapter?: string; merge?: boolean }, folder: string) => Promise<unknown>) {
  return {
    MissingFileError: () => run({}, 'no such folder'),
    FormatError: () => run({}, checkpointWith({ hidden_size: 'twelve' })),
    UnsupportedError: () => run({}, checkpointWith({ attention_sinks: 4 })),
    MismatchError: () => run({ adapter: wideLora() }, fullCheckpoint()),
    NonFiniteError: () => run({}, fullCheckpoint({ 'model.norm.weight': [Number.NaN] })),
    OptionError: () => run({ adaptor: 'x' } as object, fullCheckpoint()),
    ConflictError: () => run({ merge: true }, fullCheckpoint()),
  };
}

export const languageModels: Calls = {
  'language-model/language-model LanguageModel.encode': { OptionError: () => model.encode('text') },
  'language-model/language-model LanguageModel.logits': { NonFiniteError: () => overflowing.logits([1]) },
  'language-model/language-model LanguageModel.generate': {
    OptionError: () => first([1], { temperature: -1 }),
    ConflictError: () => first([1], { draft: 'none', draftTokens: 1 }),
    TokenError: () => first([V]),
    ContextLimitError: () => first(new Array(contextLength).fill(1)),
    UnsupportedError: () => first([1], { ...tooManySets, temperature: 1 }),
  },
  'language-model/generation prepareText': {
    OptionError: () => prepareText(model, [1], unknown),
    ConflictError: () => prepareText(model, [1], { forcedBosTokens: [1], bannedTokens: [1] }),
    TokenError: () => prepareText(model, [], {}),
  },
  'language-model/completion-law completionLaw': {
    OptionError: () => completionLaw(model, [1], { stopStrings: ['a'] }),
  },
  'language-model/generation startGeneration': {
    ConflictError: () => start([1], { draft: 'none', draftTokens: 1 }),
    ContextLimitError: () => start(new Array(contextLength).fill(1)),
    UnsupportedError: () => start([1], { ...tooManySets, temperature: 1 }),
  },
  'language-model/load load': loading(({ adapter, ...options }, folder) =>
    loadFolder(folderAt(folder), { ...options, ...(adapter === undefined ? {} : { adapter: folderAt(adapter) }) }),
  ),
  'language-model/node load': loading((options, folder) => load(folder, options)),
  'decode/text-stream TextStream': {
    OptionError: () => new TextStream({ decode: String, tokenText: String }, [], ['']),
  },
  'language-model/adapters adapterNamed': {
    OptionError: () => adapterNamed(model, 'mine'),
    ConflictError: () => adapterNamed({ ...model, merged: true }, 'none'),
  },
  'language-model/batch runBatch': { OptionError: () => runBatch(model, [], { atOnce: 0 }).next() },
  'model/session readTogether': {
    MismatchError: () =>
      readTogether([1, 2].map((seed) => new Read(new Session(float64Backend, randomModel(seed, config), null), [1]))),
  },
  'language-model/options givenOptions': { OptionError: () => givenOptions(unknown) },
  'language-model/given given': { OptionError: () => given('option', { key: 1 }, {}) },
  'language-model/prompt encoded': { OptionError: () => encoded('text', null) },
  'language-model/prompt promptTokens': {
    OptionError: () => promptTokens('text', null, V),
    TokenError: () => promptTokens(5 as unknown as Prompt, null, V),
  },
  'language-model/speculation ruleOf': { OptionError: () => ruleOf({ verify: {} } as GenerateOptions) },
  'language-model/speculation speculationOf': {
    ConflictError: () => speculation({ draft: 'lookup', draftTree: [2] }),
    OptionError: () => speculation({ draftTokens: 0 }),
    UnsupportedError: () => speculation(tooManySets, { temperature: 1 }),
  },
};
