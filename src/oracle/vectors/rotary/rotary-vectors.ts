/**
 * Vectors of rotary embeddings: a configuration and positions, and the tables of cosines and sines.
 * @packageDocumentation
 */
import { z } from 'zod';
import { type HexTensor, hexRows, hexTensorShape } from '../hex-tensor.ts';
import { type Tolerance, toleranceShape } from '../tolerance.ts';
import { type VectorFile, vectorFileShape } from '../vector-file.ts';
import type { RotaryInputs, RotaryTable } from './rotary-table.ts';

/** Outputs of a case, as they are in a file. */
export interface RotaryVectorOutputs {
  /** Shape [1, R / 2]: radians per token. */
  readonly inverse_frequencies: HexTensor;
  readonly attention_factor: HexTensor;
  /** Shape [P, R / 2]. */
  readonly cos: HexTensor;
  readonly sin: HexTensor;
}

/** How tables are compared. */
export interface RotaryCompare {
  readonly inverse_frequencies: Tolerance;
  readonly attention_factor: Tolerance;
  readonly cos: Tolerance;
  readonly sin: Tolerance;
}

const factors = z.array(z.number()).readonly();
const number = z.number().optional();

/** The schema of the inputs of a case. */
export const rotaryInputsShape = z.strictObject({
  head_dim: z.int().min(2),
  max_position_embeddings: z.int().min(1),
  rope_parameters: z
    .strictObject({
      rope_type: z.enum(['default', 'linear', 'llama3', 'yarn', 'longrope']),
      rope_theta: z.number(),
      partial_rotary_factor: number.describe('The part of head_dim that is turned; the first dimensions.'),
      factor: number,
      low_freq_factor: number,
      high_freq_factor: number,
      original_max_position_embeddings: z.int().min(1).optional(),
      beta_fast: number,
      beta_slow: number,
      attention_factor: number,
      mscale: number,
      mscale_all_dim: number,
      truncate: z.boolean().optional(),
      short_factor: factors.optional(),
      long_factor: factors.optional(),
    })
    .describe('As in a config.json of transformers 5.'),
  positions: z.array(z.int().min(0)).readonly(),
}) satisfies z.ZodType<RotaryInputs>;

/** The schema of the outputs of a case. */
export const rotaryOutputsShape = z.strictObject({
  inverse_frequencies: hexTensorShape.describe('[1, R / 2]: radians per token, R being the turned dimensions.'),
  attention_factor: hexTensorShape.describe('[1, 1]: it multiplies cos and sin, and is in them already.'),
  cos: hexTensorShape.describe('[P, R / 2]: one row per position.'),
  sin: hexTensorShape.describe('[P, R / 2]: one row per position.'),
}) satisfies z.ZodType<RotaryVectorOutputs>;

/** Far positions need this much for engines whose angles are float32. */
export const ROTARY_CAP: Tolerance = { atol: 0.1, rtol: 1e-5 };

const close = toleranceShape(ROTARY_CAP);
const compareShape = z.strictObject({
  inverse_frequencies: close,
  attention_factor: close,
  cos: close,
  sin: close,
}) satisfies z.ZodType<RotaryCompare>;

/** The schema of a file of tables. */
export const rotaryFileShape = vectorFileShape(rotaryInputsShape, rotaryOutputsShape, compareShape, z.null());

/** A file of tables. */
export type RotaryFile = VectorFile<RotaryInputs, RotaryVectorOutputs, RotaryCompare, null>;

/** A table as it is in a file. */
export function writtenTable({ inverseFrequencies, attentionFactor, cos, sin }: RotaryTable): RotaryVectorOutputs {
  const half = inverseFrequencies.length;
  return {
    inverse_frequencies: hexRows([inverseFrequencies], half),
    attention_factor: hexRows([[attentionFactor]], 1),
    cos: hexRows(cos, half),
    sin: hexRows(sin, half),
  };
}
