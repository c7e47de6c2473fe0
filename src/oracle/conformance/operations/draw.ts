/**
 * `draw`: the token that a law and uniforms select.
 * @packageDocumentation
 */
import { z } from 'zod';
import { type DrawVectorInputs, drawInputsShape, drawOutputsShape } from '../../vectors/draws/draw-vectors.ts';

/** Asks for a token. */
export interface DrawQuestion {
  readonly op: 'draw';
  readonly method: 'inverse-cdf' | 'race';
  readonly vocabulary: number;
  readonly inputs: DrawVectorInputs;
}

/** The schema of the question. */
export const drawShape = z
  .strictObject({
    op: z.literal('draw'),
    method: z.enum(['inverse-cdf', 'race']),
    vocabulary: z.int().min(1),
    inputs: drawInputsShape,
  })
  .describe('Which token do these uniforms select?') satisfies z.ZodType<DrawQuestion>;

/** The schema of the outputs. */
export { drawOutputsShape };
