/**
 * A model ready to use: weights and tokenizer of a model folder, and those of an adapter folder if there is one.
 * @packageDocumentation
 */
import type { Adapter } from '../adapters/lora.ts';
import { headLogits, type SpeculativeHeads } from '../draft/heads.ts';
import type { Tokenizer } from '../formats/tokenizer.ts';
import { Session } from '../model/session.ts';
import type { Transformer } from '../model/weights.ts';
import type { Stored } from '../numerics/stored.ts';
import { rowOf } from '../numerics/tensor.ts';
import { float64Ops } from '../ops/float64/index.ts';
import type { Completion, GeneratedToken } from './completion.ts';
import { type GenerationDefaults, NO_DEFAULTS } from './defaults.ts';
import { breather } from './event-loop.ts';
import { startGeneration } from './generation.ts';
import type { MaybeGiven } from './given.ts';
import type { GenerateOptions } from './options.ts';
import type { LanguageModelParts } from './parts.ts';
import { encoded, type Prompt } from './prompt.ts';

/**
 * A loaded model. Make one with {@link load}. Every generation starts from an empty cache, and any number may run at a
 * time: they share nothing but the weights.
 */
export class LanguageModel implements LanguageModelParts {
  readonly transformer: Transformer<Stored>;
  readonly adapter: Adapter<Stored> | null;
  readonly heads: SpeculativeHeads<Stored> | null;
  readonly tokenizer: Tokenizer | null;
  readonly eosTokens: readonly number[];
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
    return encoded(text, this.tokenizer);
  }

  /** Text of tokens, special ones left out; null when the model has no tokenizer. */
  decode(tokens: readonly number[]): string | null {
    return this.tokenizer === null ? null : this.tokenizer.decode(tokens, { skipSpecialTokens: true });
  }

  /**
   * Checks a prompt and options without generating anything.
   * @throws what {@link LanguageModel.generate} would throw before its first token.
   */
  check(prompt: Prompt, options: MaybeGiven<GenerateOptions> = {}): void {
    startGeneration(this, prompt, options);
  }

  /**
   * Generates token by token, and returns the whole. Between passes the event loop turns, every few milliseconds. The texts of the tokens join to the
   * completion's text.
   *
   * A text ends at `max_position_embeddings` tokens, prompt included, where transformers would go on: `load` takes another `contextLength`.
   * @throws {@link OptionError}, {@link ConflictError}, {@link TokenError}, {@link ContextLimitError} or {@link UnsupportedError} before the first
   * token; the reason of `options.signal` when that is aborted.
   * @example
   * import assert from 'node:assert/strict';
   * import { embeddedModel } from 'turbo-lora';
   * const model = await embeddedModel();
   * const stream = model.generate('def total_price(items):\n', { maxNewTokens: 24 });
   * let [text, next] = ['', await stream.next()];
   * for (; !next.done; next = await stream.next()) text += next.value.text; // or `for await`, without the completion
   * assert.equal(text, next.value.text);
   * assert.ok(next.value.logProbabilities.every((logProbability) => logProbability <= 0));
   */
  async *generate(
    prompt: Prompt,
    options: MaybeGiven<GenerateOptions> = {},
  ): AsyncGenerator<GeneratedToken, Completion, undefined> {
    const { steps, tally, options: given } = startGeneration(this, prompt, options);
    const breathe = breather(given.signal);
    for (;;) {
      await breathe();
      const start = performance.now();
      const { value: step, done } = steps.next();
      if (done) return tally.completion();
      const tokens = tally.add(step, performance.now() - start);
      given.onStep?.(step);
      yield* tokens;
    }
  }

  /** Generates a whole text and counts what it took. @throws as {@link LanguageModel.generate} does. */
  async complete(prompt: Prompt, options: MaybeGiven<GenerateOptions> = {}): Promise<Completion> {
    const tokens = this.generate(prompt, options);
    for (;;) {
      const { value, done } = await tokens.next();
      if (done) return value;
    }
  }

  /**
   * Logits after each token of a text, and what each speculative head says there.
   * @shape logits: [T][V]; heads: [K][T][V], head i at t for the token at t + 2 + i; none without heads
   * @throws as {@link Session.read} and {@link headLogits} do, {@link NonFiniteError} for what overflows among it.
   */
  logits(tokens: readonly number[]): { logits: Float64Array[]; heads: Float64Array[][] } {
    const session = new Session(this.transformer, this.adapter);
    const rows = session.read(tokens);
    const guesses = headLogits(float64Ops, this.heads ?? [], rows.hidden, (states) => session.project(states));
    const heads = guesses.map((guess) => tokens.map((_, t) => rowOf('head logits', guess, t)));
    return { logits: tokens.map((_, t) => rows.logits(t)), heads };
  }
}
