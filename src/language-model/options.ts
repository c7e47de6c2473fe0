/**
 * What a user can ask of a generation. Values from plain JavaScript are checked too.
 * @packageDocumentation
 */

import type { Tape } from '../chance/tape.ts';
import type { Step } from '../decode/step.ts';
import type { Drafter } from '../draft/drafter.ts';
import type { SpeculativeHeads } from '../draft/heads.ts';
import type { Session } from '../model/session.ts';
import type { Shaped } from '../ops/backend.ts';
import type { Sampler } from '../sampling/sampler.ts';
import type { SamplingInput } from '../sampling/settings.ts';
import type { Rule } from '../verify/rule.ts';
import type { RuleName } from '../verify/rules.ts';
import type { AbortState } from './event-loop.ts';
import { given, isObject, LATER, listOf, type MaybeGiven, type Shape } from './given.ts';
import type { LanguageModelParts } from './parts.ts';
import type { Uploads } from './uploads.ts';

/** What a drafter can be made from: the target's session on this text, and how its logits become laws. */
export interface DrafterContext {
  readonly target: Session;
  readonly sampler: Sampler;
  readonly eosTokens: readonly number[];
  /** The heads of the chosen adapter, on the target's backend; null when it has none. */
  readonly heads: SpeculativeHeads<Shaped> | null;
  /** What puts weights of your own on the target's backend. */
  readonly uploads: Uploads;
}

/** A draft model. It runs on the target's backend unless it has its own. */
export interface DraftModel extends Pick<LanguageModelParts, 'transformer' | 'adapter'> {
  readonly uploads?: Uploads;
}

/**
 * What drafts: nothing, the adapter's heads, an n-gram lookup in the text, another model (its weights and adapter), or
 * your own drafter. A drafter that keeps state per text is given as a function that makes one for each generation.
 */
export type DraftSource = 'none' | 'turbo' | 'lookup' | DraftModel | Drafter | ((context: DrafterContext) => Drafter);

/** Options of one generation. An option that is null or undefined counts as not given: its default applies. */
export interface GenerateOptions extends Omit<SamplingInput, 'eosTokens'> {
  /** One of `load`'s `adapters`, or `none` for the base alone; by default the adapter of `load`. */
  readonly adapter?: string;
  /** Most tokens to generate; default 128. */
  readonly maxNewTokens?: number;
  /** Seed of the random tape; default 0. No effect at temperature 0. */
  readonly seed?: number;
  /** A tape instead of a seed. */
  readonly tape?: Tape;
  /** What drafts; by default the heads if the adapter has some, otherwise nothing. */
  readonly draft?: DraftSource;
  /** Drafted tokens per round; by default one per head, else 4. */
  readonly draftTokens?: number;
  /** Children per node and depth of a drafted tree, such as [3, 2, 1]; by heads or a draft model. */
  readonly draftTree?: readonly number[];
  /**
   * `top1` drafts the most likely tokens (default), `sample` draws them from the drafter's law; siblings of a tree
   * independently or without replacement, whichever the rule accepts.
   */
  readonly draftChoice?: 'top1' | 'sample';
  /**
   * The acceptance rule, by name or as an object such as `lenienceBy(4)`; default `match`. It needs a drafter, except
   * for `gumbel`, which makes plain decoding draw by race too.
   */
  readonly verify?: RuleName | Rule;
  /**
   * The text ends before the first of these; special tokens such as `</s>` count, although they are not part of the
   * text.
   */
  readonly stopStrings?: readonly string[];
  /** Tokens that end a text; by default those of the model. */
  readonly eosTokens?: readonly number[];
  /** How many of the most likely tokens to report with each generated one; by default none. */
  readonly logProbabilities?: number;
  /** Aborting it ends the generation, which rejects with the signal's reason. Checked between passes. */
  readonly signal?: AbortState;
  /** Whether steps carry the target and draft laws that they were decided by, for a trace. */
  readonly recordLaws?: boolean;
  /** Called after each pass through the target. */
  readonly onStep?: (step: Step) => void;
}

/** The shape of a signal. */
export const SIGNAL: Shape = {
  expected: 'an AbortSignal',
  fits: (signal) => isObject(signal) && 'aborted' in signal,
};

// `satisfies` ties the list to the interface: a missing key does not compile.
const SHAPES = {
  ...{ temperature: LATER, topK: LATER, topP: LATER, minP: LATER },
  ...{ repetitionPenalty: LATER, frequencyPenalty: LATER, presencePenalty: LATER },
  ...{ topH: LATER, typicalP: LATER, epsilonCutoff: LATER, etaCutoff: LATER, removeInvalidValues: LATER },
  ...{ encoderRepetitionPenalty: LATER, noRepeatNgramSize: LATER, encoderNoRepeatNgramSize: LATER },
  ...{ exponentialDecayLengthPenalty: LATER, minLength: LATER, sequenceBias: LATER, badWords: LATER },
  ...{ beginSuppressTokens: LATER, forcedBosTokens: LATER, forcedEosTokens: LATER },
  logitBias: { expected: 'a map or an object by token id', fits: (bias) => isObject(bias) && !Array.isArray(bias) },
  bannedTokens: listOf('number', 'a list of token ids'),
  ...{ minNewTokens: LATER, maxNewTokens: LATER, seed: LATER },
  tape: { expected: 'a tape with a function uniform', fits: (tape) => isObject(tape) && 'uniform' in tape },
  eosTokens: listOf('number', 'a list of token ids'),
  ...{ draft: LATER, draftTokens: LATER, draftTree: listOf('number', 'a list of numbers of children') },
  draftChoice: { expected: 'top1 or sample', fits: (choice) => choice === 'top1' || choice === 'sample' },
  verify: LATER,
  stopStrings: listOf('string', 'a list of texts'),
  logProbabilities: { expected: 'an integer of at least 0', fits: (n) => Number.isInteger(n) && (n as number) >= 0 },
  signal: SIGNAL,
  adapter: { expected: 'the name of an adapter', fits: (name) => typeof name === 'string' },
  recordLaws: { expected: 'true or false', fits: (value) => typeof value === 'boolean' },
  onStep: { expected: 'a function', fits: (listener) => typeof listener === 'function' },
} satisfies Record<keyof GenerateOptions, Shape>;

/**
 * The options that are given, in a new object with new lists: later changes by the caller have no effect.
 * @throws {@link OptionError} for an option that does not exist, or a value of another kind than it takes.
 */
export function givenOptions(options: MaybeGiven<GenerateOptions>): GenerateOptions {
  return given('option', options, SHAPES) as GenerateOptions;
}
