/**
 * The results of a generation: tokens one by one, and at the end the completion with its counts and times.
 * @packageDocumentation
 */
import type { Step } from '../decode/step.ts';
import type { StopReason } from '../decode/stop.ts';
import { mostLikelyTokens } from '../draft/most-likely.ts';
import { logSoftmax } from '../sampling/log-probability.ts';

/** A possible token, and its probability under the target. */
export interface TokenProbability {
  readonly id: number;
  /** Text of the token alone; null without a tokenizer. */
  readonly text: string | null;
  /** In nats. */
  readonly logProbability: number;
}

/** One generated token. */
export interface GeneratedToken {
  readonly id: number;
  /** Text that left the stream with it; empty while a character, or what may be a stop string, is incomplete. */
  readonly text: string;
  /**
   * `ln softmax(z)` of the token in nats, z being the target's raw logits after the text before it: no temperature,
   * penalty, ban or filter (what vLLM calls `raw_logprobs`, its default). It has the same bits with and without
   * speculation.
   */
  readonly logProbability: number;
  /** Whether it was drafted and accepted. */
  readonly drafted: boolean;
  /** The most likely tokens at this position, in descending order; present when `logProbabilities` asks for them. */
  readonly topLogProbabilities?: readonly TokenProbability[];
}

/** Counts of drafted tokens at one depth. */
export interface DepthAcceptance {
  readonly drafted: number;
  readonly accepted: number;
}

/** A whole generation with its counts and times. */
export interface Completion {
  readonly promptTokens: readonly number[];
  readonly tokens: readonly number[];
  /** Text of the tokens after the prompt, without special tokens, up to a stop string. Null without a tokenizer. */
  readonly text: string | null;
  readonly stop: StopReason;
  /** Log-probability of each token in nats, see {@link GeneratedToken}. */
  readonly logProbabilities: readonly number[];
  /** The most likely tokens at each position; present when `logProbabilities` asks for them. */
  readonly topLogProbabilities?: readonly (readonly TokenProbability[])[];
  /** Passes through the target, the prompt's included. */
  readonly targetForwards: number;
  /** Passes that read the prompt: one. */
  readonly prefillForwards: number;
  /** Passes after the prompt's. */
  readonly decodeForwards: number;
  readonly drafted: number;
  readonly accepted: number;
  /** By depth: first the tokens drafted right after the text, then those after them, and so on. */
  readonly acceptanceByDepth: readonly DepthAcceptance[];
  /** Tokens per pass through the target, the prompt's included. */
  readonly tokensPerForward: number;
  /** Time of the step that reads the prompt and yields the first tokens, in milliseconds. */
  readonly prefillMilliseconds: number;
  /** Time of all later steps. Time that the program spent between steps is not counted. */
  readonly decodeMilliseconds: number;
  /** The two together. */
  readonly milliseconds: number;
}

/** What a tally needs to know of its generation. */
export interface TallySettings {
  readonly promptTokens: readonly number[];
  /** How many of the most likely tokens to report at each position; undefined if not requested. */
  readonly logProbabilities: number | undefined;
  /** Text of a token alone. */
  readonly decode: (token: number) => string | null;
  /** Text that left with each token so far; null without a tokenizer. */
  readonly pieces: readonly string[] | null;
}

/** Adds up the steps of one generation. */
export class Tally {
  readonly #settings: TallySettings;
  readonly #tokens: GeneratedToken[] = [];
  readonly #depths: { drafted: number; accepted: number }[] = [];
  readonly #times: number[] = [];
  #stop: StopReason = 'max new tokens';

  constructor(settings: TallySettings) {
    this.#settings = settings;
  }

  /** Counts a step with its duration, and returns its tokens. */
  add(step: Step, milliseconds: number): readonly GeneratedToken[] {
    this.#times.push(milliseconds);
    this.#stop = step.stop ?? this.#stop;
    this.#countDepths(step);
    const tokens = step.emitted.map((id, i) => this.#token(step, id, i, this.#tokens.length + i));
    this.#tokens.push(...tokens);
    return tokens;
  }

  /** The whole so far. */
  completion(): Completion {
    const { promptTokens, logProbabilities, pieces } = this.#settings;
    const tokens = this.#tokens;
    const [prefillMilliseconds = 0, ...later] = this.#times;
    const decodeMilliseconds = sumOf(later);
    const targetForwards = this.#times.length;
    return {
      promptTokens,
      tokens: tokens.map(({ id }) => id),
      text: pieces === null ? null : pieces.join(''),
      stop: this.#stop,
      logProbabilities: tokens.map(({ logProbability }) => logProbability),
      ...(logProbabilities !== undefined && {
        topLogProbabilities: tokens.map(({ topLogProbabilities }) => topLogProbabilities!),
      }),
      targetForwards,
      prefillForwards: Math.min(1, targetForwards),
      decodeForwards: later.length,
      drafted: sumOf(this.#depths.map(({ drafted }) => drafted)),
      accepted: sumOf(this.#depths.map(({ accepted }) => accepted)),
      acceptanceByDepth: this.#depths.map((depth) => ({ ...depth })),
      tokensPerForward: tokens.length / targetForwards,
      prefillMilliseconds,
      decodeMilliseconds,
      milliseconds: prefillMilliseconds + decodeMilliseconds,
    };
  }

  #token(step: Step, id: number, i: number, index: number): GeneratedToken {
    const { logProbabilities, decode, pieces } = this.#settings;
    const logits = step.logits(i);
    const logProbability = logSoftmax(logits);
    const token = {
      id,
      text: pieces?.[index] ?? '',
      logProbability: logProbability(id),
      drafted: i < step.accepted,
    };
    if (logProbabilities === undefined) return token;
    const likeliest = mostLikelyTokens(logits, logProbabilities);
    const top = likeliest.map((other) => ({ id: other, text: decode(other), logProbability: logProbability(other) }));
    return { ...token, topLogProbabilities: top };
  }

  #countDepths({ parents, accepted }: Step): void {
    const depths: number[] = [];
    for (const parent of parents) {
      const depth = parent < 0 ? 0 : depths[parent]! + 1;
      depths.push(depth);
      this.#depths[depth] ??= { drafted: 0, accepted: 0 };
      this.#depths[depth].drafted += 1;
    }
    for (let depth = 0; depth < accepted; depth++) this.#depths[depth]!.accepted += 1;
  }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
