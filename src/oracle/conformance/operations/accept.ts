/**
 * `accept`: decide one round from its laws, its tree and its uniforms.
 * @packageDocumentation
 */
import { z } from 'zod';
import { type RoundVectorInputs, roundInputsShape } from '../../vectors/rounds/round-vectors.ts';

/** Asks for the decision of one round. */
export interface AcceptQuestion {
  readonly op: 'accept';
  readonly rule: string;
  readonly vocabulary: number;
  readonly inputs: RoundVectorInputs;
}

/** The schema of the question. */
export const acceptShape = z
  .strictObject({
    op: z.literal('accept'),
    rule: z.string().describe('An acceptance rule.'),
    vocabulary: z.int().min(1),
    inputs: roundInputsShape,
  })
  .describe('Decide one round.') satisfies z.ZodType<AcceptQuestion>;

/** The schema of the outputs. */
export const acceptOutputsShape = z.strictObject({
  emitted: z.array(z.int().min(0)).max(10_000).readonly().describe('The accepted tokens and the one after them.'),
});
