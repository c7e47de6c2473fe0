/**
 * Vectors of whole decodes: a table model, scripted drafts and uniforms, and every step until the text ends.
 * @packageDocumentation
 */
import { z } from 'zod';
import { type HexTensor, hexRows, hexTensorShape, rowsOf } from '../hex-tensor.ts';
import { settingsShape, type VectorSettings } from '../processors/vector-settings.ts';
import { type VectorFile, vectorFileShape } from '../vector-file.ts';
import type { DecodeInputs, DecodeOutputs } from './decode-inputs.ts';

const tokens = z.array(z.int().min(0)).readonly();

/** Inputs of a case, as they are in a file. */
export interface DecodeVectorInputs {
  readonly prompt: readonly number[];
  /** Shape [V, V]: row t is the logits after token t. */
  readonly table: HexTensor;
  /** `drafts[n]`: what is drafted when n tokens are generated. */
  readonly drafts: readonly (readonly number[])[];
  readonly settings: VectorSettings;
  readonly stop_sequences: readonly (readonly number[])[];
  readonly uniforms: { readonly accept: HexTensor; readonly residual: HexTensor; readonly target: HexTensor };
}

/** The schema of the inputs of a case. */
export const decodeInputsShape = z.strictObject({
  prompt: tokens,
  table: hexTensorShape.describe('[V, V]: row t is the logits after token t, whatever came before it.'),
  drafts: z
    .array(tokens)
    .readonly()
    .describe('drafts[n]: the chain that is drafted when n tokens are generated, cut so that one more token fits.'),
  settings: settingsShape,
  stop_sequences: z.array(tokens).readonly().describe('The text ends when it ends with one of them.'),
  uniforms: z
    .strictObject({
      accept: hexTensorShape.describe('[1, N]: the coin of the n-th generated token, counted from 0.'),
      residual: hexTensorShape.describe('[1, N]: for the correction there.'),
      target: hexTensorShape.describe('[1, N]: for a token from the target’s law there.'),
    })
    .describe('Uniform numbers in [0, 1).'),
}) satisfies z.ZodType<DecodeVectorInputs>;

/** The schema of the outputs of a case. */
export const decodeOutputsShape = z.strictObject({
  tokens: tokens.describe('All generated tokens, the one that ends the text included.'),
  finish: z
    .enum(['eos', 'stop', 'length'])
    .describe('An end-of-text token, a stop sequence, or max_new_tokens; the first of these that applies.'),
  steps: z
    .array(
      z.strictObject({
        drafted: tokens,
        accepted: z.int().min(0).describe('Drafted tokens that were emitted.'),
        emitted: tokens,
        cached: z.int().min(0).describe('Tokens in the cache after the step: the prompt and all but the last token.'),
        uniforms: z
          .array(z.tuple([z.enum(['accept', 'residual', 'target']), z.int().min(0)]).readonly())
          .readonly()
          .describe('Uniforms that the step read, in order.'),
      }),
    )
    .readonly(),
}) satisfies z.ZodType<DecodeOutputs>;

/** The schema of a file of decodes. */
export const decodeFileShape = vectorFileShape(decodeInputsShape, decodeOutputsShape);

/** A file of decodes. */
export type DecodeFile = VectorFile<DecodeVectorInputs, DecodeOutputs>;

/** The inputs of a case as they are in a file. */
export function writtenDecodeInputs({
  vocabulary,
  stops,
  table,
  uniforms,
  ...others
}: DecodeInputs): DecodeVectorInputs {
  const row = (numbers: ArrayLike<number>): HexTensor => hexRows([numbers], numbers.length);
  return {
    ...others,
    stop_sequences: stops,
    table: hexRows(table, vocabulary),
    uniforms: { accept: row(uniforms.accept), residual: row(uniforms.residual), target: row(uniforms.target) },
  };
}

/**
 * The inputs of a case as numbers.
 * @throws {@link FormatError} when a tensor is not a matrix.
 */
export function readDecodeInputs(label: string, vocabulary: number, inputs: DecodeVectorInputs): DecodeInputs {
  const { stop_sequences: stops, table, uniforms, ...others } = inputs;
  const row = (name: string, tensor: HexTensor): Float64Array => rowsOf(`${label}: ${name}`, tensor)[0]!;
  return {
    ...others,
    ...{ vocabulary, stops, table: rowsOf(`${label}: table`, table) },
    uniforms: {
      accept: row('accept', uniforms.accept),
      residual: row('residual', uniforms.residual),
      target: row('target', uniforms.target),
    },
  };
}
