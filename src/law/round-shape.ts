/**
 * The shape of a round as JSON.
 * @packageDocumentation
 */
import { z } from 'zod';

/** Token ids. */
export const tokensShape = z.array(z.int().min(0));

/** One round as JSON. `spec/rounds.schema.json` is generated from it. */
export const roundShape = z
  .strictObject({
    drafted: tokensShape
      .optional()
      .describe('Drafted tokens, parents before children; present in all rounds or in none.'),
    parents: z
      .array(z.int().min(-1))
      .optional()
      .describe('Index of the parent of each drafted token, -1 for the root; by default as in the problem.'),
    accepted: z.int().min(0).describe('How many of the emitted tokens were drafted.'),
    emitted: tokensShape.min(1).describe('Emitted tokens: the accepted branch and the token that follows it.'),
    times: z
      .int()
      .min(1)
      .optional()
      .describe('Number of rounds identical to this one; present in all lines or in none.'),
  })
  .describe('One round of speculative decoding: one line of a JSON lines file.');
