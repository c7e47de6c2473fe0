/**
 * Vectors of log-probabilities: the rows that decided emitted tokens, and what is reported about them.
 * @packageDocumentation
 */
import { z } from 'zod';
import { type HexTensor, hexRows, hexTensorShape, rowsOf } from '../hex-tensor.ts';
import { settingsShape, type VectorSettings } from '../processors/vector-settings.ts';
import { type Tolerance, toleranceShape } from '../tolerance.ts';
import { type VectorFile, vectorFileShape } from '../vector-file.ts';
import type { LogprobInputs, Logprobs } from './emitted-logprobs.ts';

const tokens = z.array(z.int().min(0)).readonly();

/** Inputs of a case, as they are in a file. */
export interface LogprobVectorInputs {
  readonly prompt: readonly number[];
  /** Accepted tokens and the one after them. */
  readonly emitted: readonly number[];
  readonly settings: VectorSettings;
  /** Shape [N, V]: row i decided token i. */
  readonly logits: HexTensor;
  readonly of: 'raw' | 'processed';
  /** How many of the most likely tokens are reported. */
  readonly top: number;
}

/** Outputs of a case, as they are in a file. */
export interface LogprobVectorOutputs {
  /** Shape [1, N], in nats. */
  readonly chosen: HexTensor;
  /** Most likely tokens at each position, in descending order. */
  readonly top_tokens: readonly (readonly number[])[];
  /** Shape [N, top], in nats. */
  readonly top: HexTensor;
}

/** How log-probabilities are compared. */
export interface LogprobCompare {
  readonly chosen: Tolerance;
  readonly top: Tolerance;
}

/** The schema of the inputs of a case. */
export const logprobInputsShape = z.strictObject({
  prompt: tokens,
  emitted: tokens.describe('Accepted tokens and the one after them.'),
  settings: settingsShape,
  logits: hexTensorShape.describe('[N, V]: raw logits; row i decided token i.'),
  of: z
    .enum(['raw', 'processed'])
    .describe('raw: the log-softmax of the logits; processed: the logarithm of the law after all processors.'),
  top: z.int().min(1).describe('How many of the most likely tokens are reported.'),
}) satisfies z.ZodType<LogprobVectorInputs>;

/** The schema of the outputs of a case. */
export const logprobOutputsShape = z.strictObject({
  chosen: hexTensorShape.describe('[1, N]: of the emitted tokens, in nats.'),
  top_tokens: z.array(tokens).readonly().describe('Most likely tokens at each position, in descending order.'),
  top: hexTensorShape.describe('[N, top]: theirs, in nats.'),
}) satisfies z.ZodType<LogprobVectorOutputs>;

/** Nothing needs a larger tolerance. */
export const LOGPROB_CAP: Tolerance = { atol: 1e-3, rtol: 0 };

const compareShape = z.strictObject({
  chosen: toleranceShape(LOGPROB_CAP),
  top: toleranceShape(LOGPROB_CAP),
}) satisfies z.ZodType<LogprobCompare>;

/** The schema of a file of log-probabilities. */
export const logprobFileShape = vectorFileShape(logprobInputsShape, logprobOutputsShape, compareShape);

/** A file of log-probabilities. */
export type LogprobFile = VectorFile<LogprobVectorInputs, LogprobVectorOutputs, LogprobCompare>;

/** The inputs of a case as they are in a file. */
export function writtenLogprobInputs({ vocabulary, logits, ...others }: LogprobInputs): LogprobVectorInputs {
  return { ...others, logits: hexRows(logits, vocabulary) };
}

/** The outputs of a case as they are in a file. */
export function writtenLogprobs({ chosen, topTokens, top }: Logprobs): LogprobVectorOutputs {
  return {
    chosen: hexRows([chosen], chosen.length),
    top_tokens: topTokens,
    top: hexRows(top, topTokens[0]!.length),
  };
}

/**
 * The inputs of a case as numbers.
 * @throws {@link FormatError} when the logits are not a matrix.
 */
export function readLogprobInputs(label: string, vocabulary: number, inputs: LogprobVectorInputs): LogprobInputs {
  return { ...inputs, vocabulary, logits: rowsOf(`${label}: logits`, inputs.logits) };
}
