/**
 * One generation, from a prompt and options to a loop that is ready to run.
 * @packageDocumentation
 */

import { sampled } from '../chance/sampled.ts';
import { seededTape } from '../chance/seeded-tape.ts';
import type { Loop } from '../decode/pass.ts';
import { plainLoop } from '../decode/plain.ts';
import { speculativeLoop } from '../decode/speculative.ts';
import type { Decoding } from '../decode/step.ts';
import { stopCondition } from '../decode/stop.ts';
import { TextStream } from '../decode/text-stream.ts';
import { OptionError } from '../errors.ts';
import { Session } from '../model/session.ts';
import { float64 } from '../numerics/arithmetic.ts';
import { createSampler, type Sampler } from '../sampling/sampler.ts';
import { checkSettings } from '../sampling/settings.ts';
import { adapterNamed } from './adapters.ts';
import { Tally } from './completion.ts';
import { LIBRARY_DEFAULTS, NO_DEFAULTS, withDefaults } from './defaults.ts';
import type { MaybeGiven } from './given.ts';
import { type GenerateOptions, givenOptions } from './options.ts';
import type { AdapterParts, LanguageModelParts, RunningModel } from './parts.ts';
import { type Prompt, promptTokens } from './prompt.ts';
import { ruleOf, speculationOf } from './speculation.ts';

/** A generation that has not begun: nothing runs before the first step is asked for. */
export interface Generation {
  /** Those given, and the defaults of the model folder. */
  readonly options: GenerateOptions;
  readonly loop: Loop;
  /** The text as the target reads it. */
  readonly target: Session;
  readonly tally: Tally;
  /** Frees what the text has on backends, once; to be called when it has ended, however it ended. */
  readonly close: () => void;
}

/** A prompt and options, checked, with what they choose of a model. */
export interface PreparedText {
  /** Those given, and the defaults of the model folder. */
  readonly options: ReturnType<typeof withDefaults<GenerateOptions>>;
  /** The prompt. */
  readonly tokens: readonly number[];
  readonly eosTokens: readonly number[];
  readonly sampler: Sampler;
  /** The text as the target reads it, not yet read. */
  readonly target: Session;
  readonly heads: AdapterParts['heads'];
}

/**
 * Checks a prompt and the options that set its law.
 * @throws {@link OptionError} for an option that does not exist or has an impossible value; {@link ConflictError} when
 * all forced tokens are banned, or an adapter is chosen where one is merged; {@link TokenError} for a prompt without
 * tokens or one outside the vocabulary.
 */
export function prepareText(model: RunningModel, prompt: Prompt, input: MaybeGiven<GenerateOptions>): PreparedText {
  const given = givenOptions(input);
  const { vocabularySize } = model.transformer.config;
  const tokens = promptTokens(prompt, model.tokenizer, vocabularySize);
  const options = withDefaults(model.generationDefaults ?? NO_DEFAULTS, given, tokens.length);
  const eosTokens = options.eosTokens ?? model.eosTokens;
  const sampler = createSampler(checkSettings({ ...options, eosTokens }, vocabularySize), vocabularySize);
  const { uploads } = model;
  const { adapter, heads } = adapterNamed(model, options.adapter);
  const target = new Session(uploads.backend, uploads.transformer(model.transformer), uploads.adapter(adapter));
  return { options, tokens, eosTokens, sampler, target, heads };
}

/**
 * Checks a prompt and options, and prepares their loop.
 * @throws as {@link prepareText} does; {@link ConflictError} when options of speculation exclude each other;
 * {@link ContextLimitError} when the prompt leaves no room for a token;
 * {@link UnsupportedError} when the rule cannot plan for drafts of this size.
 */
export function startGeneration(model: RunningModel, prompt: Prompt, input: MaybeGiven<GenerateOptions>): Generation {
  const { options, tokens, eosTokens, sampler, target, heads } = prepareText(model, prompt, input);
  const { uploads } = model;
  const text = textOf(model, tokens, options.stopStrings);
  const decoding: Decoding<number> = {
    ...{ target, sampler, arithmetic: float64, lift: (law) => law },
    ...drawing(options),
    stop: stopCondition({
      promptLength: tokens.length,
      maxNewTokens: options.maxNewTokens,
      contextLength: model.transformer.config.contextLength,
      eosTokens,
      ...(text && { text }),
    }),
  };
  const speculation = speculationOf({ target, sampler, eosTokens, uploads, heads: uploads.heads(heads) }, options);
  const loop =
    speculation === null ? plainLoop(decoding, tokens) : speculativeLoop({ ...decoding, ...speculation }, tokens);
  const tally = new Tally({
    promptTokens: tokens,
    logProbabilities: options.logProbabilities,
    decode: (token) => model.tokenizer?.decode([token]) ?? null,
    pieces: text?.pieces ?? null,
  });
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    target.close();
    speculation?.close();
  };
  return { options, loop, target, tally, close };
}

/** How tokens are drawn, and whether their laws are recorded. */
function drawing(options: GenerateOptions): Pick<Decoding<number>, 'chance' | 'draws' | 'recordLaws'> {
  return {
    chance: sampled(options.tape ?? seededTape(options.seed ?? LIBRARY_DEFAULTS.seed)),
    draws: ruleOf(options).draws ?? 'inverse cdf',
    recordLaws: options.recordLaws ?? false,
  };
}

function textOf(
  { tokenizer }: LanguageModelParts,
  prompt: readonly number[],
  stopStrings: readonly string[] = [],
): TextStream | null {
  if (tokenizer !== null) return new TextStream(tokenizer, prompt, stopStrings);
  if (stopStrings.length > 0) {
    throw new OptionError('stop strings', 'a model with a tokenizer', 'a model without one');
  }
  return null;
}
