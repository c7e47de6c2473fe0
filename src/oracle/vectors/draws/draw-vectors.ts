/**
 * Vectors of draws: a law and uniforms, and the token that they select.
 * @packageDocumentation
 */
import { z } from 'zod';
import { type HexTensor, hexRows, hexTensorShape, rowOf } from '../hex-tensor.ts';
import { type VectorFile, vectorFileShape } from '../vector-file.ts';
import type { DrawInputs } from './drawn-token.ts';

/** Inputs of a case, as they are in a file. */
export interface DrawVectorInputs {
  /** Shape [1, V]: weights; they need not sum to one. */
  readonly law: HexTensor;
  /** Shape [1, 1] for an inverse CDF, [1, V] for a race. */
  readonly uniforms: HexTensor;
}

/** Outputs of a case, as they are in a file. */
export interface DrawVectorOutputs {
  readonly token: number;
}

/** The schema of the inputs of a case. */
export const drawInputsShape = z.strictObject({
  law: hexTensorShape.describe('[1, V]: weights of at least 0; they need not sum to one.'),
  uniforms: hexTensorShape.describe(
    'Numbers in [0, 1). [1, 1]: for an inverse CDF; [1, V]: a clock per token, for a race.',
  ),
}) satisfies z.ZodType<DrawVectorInputs>;

/** The schema of the outputs of a case. */
export const drawOutputsShape = z.strictObject({ token: z.int().min(0) }) satisfies z.ZodType<DrawVectorOutputs>;

/** The schema of a file of draws. */
export const drawFileShape = vectorFileShape(drawInputsShape, drawOutputsShape);

/** A file of draws. */
export type DrawFile = VectorFile<DrawVectorInputs, DrawVectorOutputs>;

/** The inputs of a case as they are in a file. */
export function writtenDrawInputs({ law, uniforms }: DrawInputs): DrawVectorInputs {
  return { law: hexRows([law], law.length), uniforms: hexRows([uniforms], uniforms.length) };
}

/**
 * The inputs of a case as numbers.
 * @throws {@link FormatError} when the weights are not V numbers, or the uniforms neither one nor V.
 */
export function readDrawInputs(label: string, vocabulary: number, { law, uniforms }: DrawVectorInputs): DrawInputs {
  return {
    law: rowOf(`${label}: law`, law, vocabulary),
    uniforms: rowOf(`${label}: uniforms`, uniforms, uniforms.shape[1] === vocabulary ? vocabulary : 1),
  };
}
