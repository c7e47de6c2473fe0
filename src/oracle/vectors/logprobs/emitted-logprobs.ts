import { ln } from '../../../numerics/elementary.ts';
import { logSoftmax } from '../../../sampling/log-probability.ts';
import { type LawInputs, processedLaw } from '../processors/law-inputs.ts';
import type { VectorSettings } from '../processors/vector-settings.ts';

/** What log-probabilities are made from. */
export interface LogprobInputs {
  readonly vocabulary: number;
  readonly prompt: readonly number[];
  /** Accepted tokens and the one after them. */
  readonly emitted: readonly number[];
  readonly settings: VectorSettings;
  /** Row i decided token i. @shape [N, V] */
  readonly logits: readonly Float64Array[];
  readonly of: 'raw' | 'processed';
  readonly top: number;
}

/** What is reported about emitted tokens. */
export interface Logprobs {
  /** @shape [N] */
  readonly chosen: Float64Array;
  /** @shape [N, top] */
  readonly topTokens: readonly (readonly number[])[];
  /** @shape [N, top] */
  readonly top: readonly Float64Array[];
}

/** What the law of the row of token i is made from. */
export function lawInputsAt({ vocabulary, prompt, emitted, settings, logits }: LogprobInputs, i: number): LawInputs {
  return { vocabulary, prompt, settings, generated: [], drafted: emitted.slice(0, i), logits: logits[i]! };
}

/**
 * The log-probabilities of a row in nats: the log-softmax of its logits, or the logarithm of its law.
 * @shape returns [V]
 * @throws as {@link processedLaw} does.
 */
export function rowLogprobs(inputs: LawInputs, of: LogprobInputs['of']): Float64Array {
  if (of === 'processed') return processedLaw(inputs).map((mass) => ln(mass));
  const logProbability = logSoftmax(inputs.logits);
  return inputs.logits.map((_, token) => logProbability(token));
}

/** What is reported of rows of log-probabilities: of the emitted tokens, and of the most likely ones. */
export function reported(rows: readonly Float64Array[], emitted: readonly number[], top: number): Logprobs {
  const topTokens = rows.map((row) => [...row.keys()].sort((a, b) => row[b]! - row[a]! || a - b).slice(0, top));
  return {
    chosen: Float64Array.from(rows, (row, i) => row[emitted[i]!]!),
    topTokens,
    top: rows.map((row, i) => Float64Array.from(topTokens[i]!, (token) => row[token]!)),
  };
}

/**
 * The log-probabilities of emitted tokens.
 * @throws as {@link processedLaw} does.
 */
export function emittedLogprobs(inputs: LogprobInputs): Logprobs {
  const rows = inputs.emitted.map((_, i) => rowLogprobs(lawInputsAt(inputs, i), inputs.of));
  return reported(rows, inputs.emitted, inputs.top);
}
