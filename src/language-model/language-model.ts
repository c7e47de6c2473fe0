/**
 * A model ready to use: weights and tokenizer of a model folder, and those of an adapter folder if there is one.
 * @packageDocumentation
 */
import type { Adapter } from '../adapters/lora.ts';
import { answeredInTime } from '../decode/pass.ts';
import type { SpeculativeHeads } from '../draft/heads.ts';
import { HeadsPass } from '../draft/heads-pass.ts';
import type { Tokenizer } from '../formats/tokenizer.ts';
import type { CompletionLaw } from '../law/audit/text-audit.ts';
import { Read, Session } from '../model/session.ts';
import type { Transformer } from '../model/weights.ts';
import type { Stored } from '../numerics/stored.ts';
import type { Backend, Shaped } from '../ops/backend.ts';
import { type BatchCompletion, type BatchOptions, type BatchRequest, type BatchToken, runBatch } from './batch.ts';
import type { Completion, GeneratedToken } from './completion.ts';
import { completionLaw } from './completion-law.ts';
import { DEFAULT_BACKEND } from './default-backend.ts';
import { type GenerationDefaults, NO_DEFAULTS } from './defaults.ts';
import { breather } from './event-loop.ts';
import { startGeneration } from './generation.ts';
import type { MaybeGiven } from './given.ts';
import type { GenerateOptions } from './options.ts';
import type { AdapterParts, LanguageModelParts, RunningModel } from './parts.ts';
import { encoded, type Prompt } from './prompt.ts';
import { Uploads } from './uploads.ts';

/**
 * A loaded model. Make one with {@link load}. Every generation starts from an empty cache, and any number may run at
 * the same time: they share only the weights.
 */
export class LanguageModel implements RunningModel {
  /** The weights as they were read, whatever the backend makes of them. */
  readonly transformer: Transformer<Stored>;
  readonly adapter: Adapter<Stored> | null;
  readonly heads: SpeculativeHeads<Stored> | null;
  readonly adapters: ReadonlyMap<string, AdapterParts>;
  readonly merged: boolean;
  readonly tokenizer: Tokenizer | null;
  readonly eosTokens: readonly number[];
  readonly generationDefaults: GenerationDefaults;
  /** Warnings about the folders: worth knowing, but not errors. */
  readonly warnings: readonly string[];
  /** The weights on the backend. */
  readonly uploads: Uploads;

  constructor(parts: LanguageModelParts) {
    this.transformer = parts.transformer;
    this.adapter = parts.adapter;
    this.heads = parts.heads;
    this.adapters = parts.adapters ?? new Map();
    this.merged = parts.merged ?? false;
    this.tokenizer = parts.tokenizer;
    this.eosTokens = parts.eosTokens;
    this.generationDefaults = parts.generationDefaults ?? NO_DEFAULTS;
    this.warnings = parts.warnings;
    this.uploads = new Uploads(parts.backend ?? DEFAULT_BACKEND);
  }

  /** Where the model runs. */
  get backend(): Backend<Shaped, Shaped> {
    return this.uploads.backend;
  }

  /**
   * Token ids of a text.
   * @throws {@link OptionError} when the model has no tokenizer.
   */
  encode(text: string): number[] {
    return encoded(text, this.tokenizer);
  }

  /** Text of tokens, without special tokens; null when the model has no tokenizer. */
  decode(tokens: readonly number[]): string | null {
    return this.tokenizer === null ? null : this.tokenizer.decode(tokens, { skipSpecialTokens: true });
  }

  /**
   * Checks a prompt and options without generating anything.
   * @throws what {@link LanguageModel.generate} would throw before its first token.
   */
  check(prompt: Prompt, options: MaybeGiven<GenerateOptions> = {}): void {
    startGeneration(this, prompt, options).close();
  }

  /**
   * Generates token by token, and returns the completion. Every few milliseconds, between passes, the event loop runs.
   * The texts of the tokens join to the completion's text.
   *
   * A text ends at `max_position_embeddings` tokens, prompt included, where transformers would go on: `load` takes
   * another `contextLength`.
   * @throws {@link OptionError}, {@link ConflictError}, {@link TokenError}, {@link ContextLimitError} or
   * {@link UnsupportedError} before the first token; the reason of `options.signal` when that is aborted.
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
    const { loop, tally, options: given, close } = startGeneration(this, prompt, options);
    const steps = answeredInTime(loop);
    const breathe = breather(given.signal);
    try {
      for (;;) {
        await breathe();
        const start = performance.now();
        const { value: step, done } = await steps.next();
        if (done) return tally.completion();
        const tokens = tally.add(step, performance.now() - start);
        given.onStep?.(step);
        yield* tokens;
      }
    } finally {
      close();
    }
  }

  /** Generates a whole text, with its counts and times. @throws as {@link LanguageModel.generate} does. */
  complete(prompt: Prompt, options: MaybeGiven<GenerateOptions> = {}): Promise<Completion> {
    return returned(this.generate(prompt, options));
  }

  /**
   * The law of the completions of a prompt, token by token: what {@link LanguageModel.generate} draws from after each
   * prefix, whatever drafts.
   * @throws as {@link completionLaw} does.
   * @example
   * import assert from 'node:assert/strict';
   * import { embeddedModel } from 'turbo-lora';
   * import { TextAudit } from 'turbo-lora/law';
   * const model = await embeddedModel();
   * const options = { temperature: 0.6, topK: 3, repetitionPenalty: 1.2, maxNewTokens: 4 };
   * const audit = new TextAudit(model.completionLaw('def ', options));
   * for (let seed = 0; seed < 20; seed++) {
   *   audit.observe((await model.complete('def ', { ...options, seed })).tokens);
   * }
   * assert.equal(audit.hasAlarm, false);
   */
  completionLaw(prompt: Prompt, options: MaybeGiven<GenerateOptions> = {}): CompletionLaw {
    return completionLaw(this, prompt, options);
  }

  /**
   * Generates several texts in shared passes, and yields their tokens as they are decoded. Each request has its own
   * prompt, adapter, sampling, drafter, rule and seed, and gets the same bits as if it were decoded alone.
   * @throws as {@link LanguageModel.generate} does, naming the index of the request, before anything runs.
   */
  generateBatch(
    requests: readonly BatchRequest[],
    options: MaybeGiven<BatchOptions> = {},
  ): AsyncGenerator<BatchToken, BatchCompletion, undefined> {
    return runBatch(this, requests, options);
  }

  /**
   * Generates several texts in shared passes, see {@link LanguageModel.generateBatch}.
   * @throws as {@link LanguageModel.generateBatch} does.
   * @example
   * import assert from 'node:assert/strict';
   * import { embeddedFolder, load } from 'turbo-lora';
   * const model = await load(embeddedFolder('base'), { adapters: { functions: embeddedFolder('adapter') } });
   * const { completions, targetForwards } = await model.batch([
   *   { prompt: 'def total_price(items):\n', adapter: 'functions', maxNewTokens: 24 },
   *   { prompt: 'def ', adapter: 'none', temperature: 1, seed: 7, maxNewTokens: 8 },
   * ]);
   * assert.equal(targetForwards, Math.max(...completions.map((completion) => completion.targetForwards)));
   */
  batch(requests: readonly BatchRequest[], options: MaybeGiven<BatchOptions> = {}): Promise<BatchCompletion> {
    return returned(this.generateBatch(requests, options));
  }

  /**
   * Logits after each token of a text, and those of each speculative head.
   * @shape logits: [T][V]; heads: [K][T][V], head i at t for the token at t + 2 + i; empty without heads
   * @throws as {@link Session.read} and {@link headLogits} do, {@link NonFiniteError} for what overflows among it.
   */
  async logits(tokens: readonly number[]): Promise<{ logits: Float64Array[]; heads: Float64Array[][] }> {
    const { uploads, backend } = this;
    const session = new Session(backend, uploads.transformer(this.transformer), uploads.adapter(this.adapter));
    try {
      const rows = await session.answer(new Read(session, tokens));
      const logits = tokens.map((_, t) => rows.logits(t));
      const heads = uploads.heads(this.heads) ?? [];
      if (heads.length === 0) return { logits, heads: [] };
      const guesses = await new HeadsPass(session, heads, rows.hidden).run();
      return { logits, heads: heads.map((_, i) => tokens.map((_, t) => guesses.logits(i * tokens.length + t))) };
    } finally {
      session.close();
    }
  }
}

/** What a stream returns after all that it yields. */
async function returned<T>(stream: AsyncGenerator<unknown, T, undefined>): Promise<T> {
  for (;;) {
    const { value, done } = await stream.next();
    if (done) return value;
  }
}
