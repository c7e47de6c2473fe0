/**
 * Vectors of masks: where new tokens are in the text, and which keys each of them sees.
 * @packageDocumentation
 */
import { z } from 'zod';
import { type VectorFile, vectorFileShape } from '../vector-file.ts';
import type { MaskInputs, MaskOutputs } from './visible-slots.ts';

const slots = z.array(z.int().min(0)).readonly();

/** The schema of the inputs of a case. */
export const maskInputsShape = z.strictObject({
  cached: z.int().min(0).describe('Tokens in the cache: slot n holds the token at position n.'),
  parents: z
    .array(z.int().min(-1))
    .readonly()
    .describe('The new tokens, in the slots after the cached ones: which of them each follows; -1: the cached text.'),
  window: z
    .strictObject({
      kind: z
        .enum(['sliding', 'chunk'])
        .describe('sliding: the size newest tokens, itself included. chunk: from the last multiple of size on.'),
      size: z.int().min(1),
    })
    .nullable()
    .describe('What a token sees of its path; null: all of it.'),
}) satisfies z.ZodType<MaskInputs>;

/** The schema of the outputs of a case. */
export const maskOutputsShape = z.strictObject({
  positions: slots.describe('Position of each new token in the text.'),
  visible: z.array(slots).readonly().describe('Slots that each new token sees, in ascending order; its own included.'),
}) satisfies z.ZodType<MaskOutputs>;

/** The schema of a file of masks. */
export const maskFileShape = vectorFileShape(maskInputsShape, maskOutputsShape, undefined, z.null());

/** A file of masks. */
export type MaskFile = VectorFile<MaskInputs, MaskOutputs, 'exact', null>;
