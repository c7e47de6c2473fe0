/**
 * A model ready to use: weights, adapter, heads and tokenizer of one request's worth of folders.
 * @packageDocumentation
 */
import type { Adapter } from '../adapters/lora.ts';
import { decodePlainly } from '../decode/plain.ts';
import { decodeSpeculatively } from '../decode/speculative.ts';
import type { Decoding, Step } from '../decode/step.ts';
import { type StopReason, stopCondition, textBeforeStop } from '../decode/stop.ts';
import { headLogits, type SpeculativeHeads } from '../draft/heads.ts';
import { OptionError } from '../errors.ts';
import type { Tokenizer } from '../formats/tokenizer.ts';
import { checkTokens } from '../model/forward.ts';
import { Session } from '../model/session.ts';
import type { Transformer } from '../model/weights.ts';
import { float64 } from '../numerics/arithmetic.ts';
import { sampled } from '../numerics/chance.ts';
import type { Stored } from '../numerics/stored.ts';
import { seededTape } from '../numerics/tape.ts';
import { rowOf } from '../numerics/tensor.ts';
import { float64Ops } from '../ops/float64/index.ts';
import { createSampler } from '../sampling/sampler.ts';
import { checkSettings } from '../sampling/settings.ts';
import { ruleNamed } from '../verify/rules.ts';
import { type GenerationDefaults, LIBRARY_DEFAULTS, NO_DEFAULTS, withDefaults } from './defaults.ts';
import { checkKnown, type GenerateOptions, speculationOf } from './options.ts';

/** One generated token, and the text that it completed (empty while a character is still incomplete). */
export interface GeneratedToken {
  readonly id: number;
  readonly text: string;
}

/** A whole generation and what it cost. */
export interface Completion {
  readonly promptTokens: readonly number[];
  readonly tokens: readonly number[];
  /** Text of the tokens without special tokens, up to a stop string. Null without a tokenizer. */
  readonly text: string | null;
  readonly stop: StopReason;
  /** Passes through the target, the prompt's included. */
  readonly targetForwards: number;
  readonly drafted: number;
  readonly accepted: number;
  readonly tokensPerForward: number;
  /** Wall time in milliseconds. */
  readonly milliseconds: number;
}

/** The parts of a {@link LanguageModel}. */
export interface LanguageModelParts {
  readonly transformer: Transformer<Stored>;
  readonly adapter: Adapter<Stored> | null;
  readonly heads: SpeculativeHeads<Stored> | null;
  readonly tokenizer: Tokenizer | null;
  readonly eosTokens: readonly number[];
  /** Options that hold where a caller leaves them out. By default none. */
  readonly generationDefaults?: GenerationDefaults;
  readonly warnings: readonly string[];
}

/** A loaded model. Make one with {@link load}. Every generation starts from an empty cache; nothing is shared. */
export class LanguageModel implements LanguageModelParts {
  readonly transformer: Transformer<Stored>;
  readonly adapter: Adapter<Stored> | null;
  readonly heads: SpeculativeHeads<Stored> | null;
  readonly tokenizer: Tokenizer | null;
  readonly eosTokens: readonly number[];
  /** Options that the model folder sets where a caller leaves them out, each with its source. */
  readonly generationDefaults: GenerationDefaults;
  /** What is worth knowing about the folders but no error. */
  readonly warnings: readonly string[];

  constructor(parts: LanguageModelParts) {
    this.transformer = parts.transformer;
    this.adapter = parts.adapter;
    this.heads = parts.heads;
    this.tokenizer = parts.tokenizer;
    this.eosTokens = parts.eosTokens;
    this.generationDefaults = parts.generationDefaults ?? NO_DEFAULTS;
    this.warnings = parts.warnings;
  }

  /**
   * Token ids of a text.
   * @throws {@link OptionError} when the model has no tokenizer.
   */
  encode(text: string): number[] {
    if (this.tokenizer === null) {
      throw new OptionError('prompt', 'token ids (the model has no tokenizer.json)', 'a text');
    }
    return this.tokenizer.encode(text);
  }

  /** Text of tokens, special ones left out; null when the model has no tokenizer. */
  decode(tokens: readonly number[]): string | null {
    return this.tokenizer === null ? null : this.tokenizer.decode(tokens, { skipSpecialTokens: true });
  }

  /**
   * Checks a prompt and options without generating anything.
   * @throws what {@link LanguageModel.generate} would throw before its first token.
   */
  check(prompt: string | readonly number[], options: GenerateOptions = {}): void {
    this.#steps(typeof prompt === 'string' ? this.encode(prompt) : prompt, options);
  }

  /**
   * Generates token by token.
   * @throws {@link OptionError}, {@link ConflictError}, {@link TokenError} or {@link ContextLimitError} before the first token.
   */
  async *generate(
    prompt: string | readonly number[],
    options: GenerateOptions = {},
  ): AsyncGenerator<GeneratedToken, void, undefined> {
    const promptTokens = typeof prompt === 'string' ? this.encode(prompt) : prompt;
    const { stopStrings = [] } = withDefaults(this.generationDefaults, options, promptTokens.length);
    const tokens: number[] = [];
    let shown = 0;
    for (const step of this.#steps(promptTokens, options)) {
      options.onStep?.(step);
      for (const id of step.emitted) {
        tokens.push(id);
        const text = textBeforeStop(this.decode(tokens) ?? '', stopStrings);
        // A token may end inside a character: hold it back until the rest has come.
        const complete = text.endsWith('\uFFFD') && step.stop === null ? shown : text.length;
        yield { id, text: text.slice(shown, complete) };
        shown = Math.max(shown, complete);
      }
    }
  }

  /** Generates a whole text and counts what it took. @throws as {@link LanguageModel.generate} does. */
  complete(prompt: string | readonly number[], options: GenerateOptions = {}): Completion {
    const promptTokens = typeof prompt === 'string' ? this.encode(prompt) : prompt;
    const { stopStrings = [] } = withDefaults(this.generationDefaults, options, promptTokens.length);
    const start = performance.now();
    const tokens: number[] = [];
    let [targetForwards, drafted, accepted] = [0, 0, 0];
    let stop: StopReason = 'max new tokens';
    for (const step of this.#steps(promptTokens, options)) {
      options.onStep?.(step);
      tokens.push(...step.emitted);
      targetForwards += 1;
      drafted += step.drafted.length;
      accepted += step.accepted;
      stop = step.stop ?? stop;
    }
    const milliseconds = performance.now() - start;
    const whole = this.decode(tokens);
    const text = whole === null ? null : textBeforeStop(whole, stopStrings);
    const tokensPerForward = tokens.length / targetForwards;
    return { promptTokens, tokens, text, stop, targetForwards, drafted, accepted, tokensPerForward, milliseconds };
  }

  /**
   * Logits after each token of a text, and what each speculative head says there.
   * @shape logits: [T][V]; heads: [K][T][V], head i at t for the token at t + 2 + i; none without heads
   */
  logits(tokens: readonly number[]): { logits: Float64Array[]; heads: Float64Array[][] } {
    const session = new Session(this.transformer, this.adapter);
    const rows = session.read(tokens);
    const heads = (this.heads ?? []).map(() => [] as Float64Array[]);
    tokens.forEach((_, t) => {
      const state = float64Ops.pickRows(rows.hidden, [t]);
      const guesses = headLogits(float64Ops, this.heads ?? [], state, (states) => session.project(states));
      guesses.forEach((guess, i) => {
        heads[i]!.push(rowOf('head logits', guess, 0));
      });
    });
    return { logits: tokens.map((_, t) => rows.logits(t)), heads };
  }

  #steps(prompt: readonly number[], given: GenerateOptions): Generator<Step, void, undefined> {
    checkKnown(given);
    const options = withDefaults(this.generationDefaults, given, prompt.length);
    const { vocabularySize, contextLength } = this.transformer.config;
    checkTokens(prompt, vocabularySize);
    const eosTokens = options.eosTokens ?? this.eosTokens;
    const settings = checkSettings({ ...options, eosTokens }, vocabularySize);
    const sampler = createSampler(settings, vocabularySize);
    const target = new Session(this.transformer, this.adapter);
    const decoding: Decoding<number> = {
      target,
      sampler,
      arithmetic: float64,
      chance: sampled(options.tape ?? seededTape(options.seed ?? LIBRARY_DEFAULTS.seed)),
      lift: (law) => law,
      recordLaws: options.recordLaws ?? false,
      draws: ruleNamed(options.verify ?? LIBRARY_DEFAULTS.verify).draws ?? 'inverse cdf',
      stop: stopCondition({
        promptLength: prompt.length,
        maxNewTokens: options.maxNewTokens,
        contextLength,
        eosTokens,
        stopStrings: options.stopStrings ?? [],
        ...(this.tokenizer && { decode: (tokens: readonly number[]) => this.decode(tokens)! }),
      }),
    };
    const speculation = speculationOf(this, target, sampler, eosTokens, options);
    return speculation === null
      ? decodePlainly(decoding, prompt)
      : decodeSpeculatively({ ...decoding, ...speculation }, prompt);
  }
}
