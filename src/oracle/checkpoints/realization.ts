/**
 * What is written down about a realized problem: `realization.json`.
 * @packageDocumentation
 */
import { z } from 'zod';

/** How near a folder came to the laws that were asked for. */
export interface RealizedFolder {
  readonly folder: string;
  /** The problem with the laws that the folder has. */
  readonly problem: string;
  /** The largest difference of a probability. */
  readonly difference: number;
}

/** How near a model came to its laws, and how sensitive it is. */
export interface Precision {
  /** The largest difference of a probability. */
  readonly difference: number;
  /** The largest condition number of the equations that the output embedding solves. */
  readonly condition: number;
  /** An engine that rounds to a relative error e gets logits with errors of about e times this. */
  readonly magnitude: number;
}

/** Heads, or why there are none. */
export type RealizedHeads = RealizedFolder | { readonly objection: string };

/** A prompt, as ids and as text. */
export interface RealizedPrompt {
  readonly tokens: readonly number[];
  readonly text: string;
}

/** A realized problem. */
export interface Realization {
  readonly formatVersion: 1;
  readonly dtype: string;
  readonly seed: number;
  /** Sizes of the models' vocabulary and of the problem's, whose tokens have the same ids; the end-of-text token. */
  readonly tokens: { readonly vocabulary: number; readonly problem: number; readonly eos: number };
  /** The piece of each token of the problem. */
  readonly pieces: readonly string[];
  /** A round of the problem begins after it. */
  readonly prompt: RealizedPrompt;
  /** For heads, which draft from the state before the last token: they emit that one first, with probability 1. */
  readonly headsPrompt: RealizedPrompt;
  readonly target: Precision & { readonly folder: string };
  readonly draft: Precision & RealizedFolder;
  readonly turbo: RealizedHeads;
  readonly medusa: RealizedHeads;
}

const count = z.int().min(0);
const difference = z.number().min(0).describe('The largest difference of a probability to the one asked for.');
const precision = {
  difference,
  condition: z.number().min(0).describe('The largest condition number of the equations for the output embedding.'),
  magnitude: z
    .number()
    .min(0)
    .describe('An engine with relative errors e gets logits with errors of about e times this.'),
};
const folder = {
  folder: z.string(),
  problem: z.string().describe('The file of the problem with the laws that the folder has.'),
};
const heads = z.union([
  z.strictObject({ ...folder, difference }),
  z.strictObject({ objection: z.string().describe('Why there are none.') }),
]);
const prompt = z.strictObject({ tokens: z.array(count).readonly(), text: z.string() });

/** The schema of `realization.json`. */
export const realizationShape = z.strictObject({
  formatVersion: z.literal(1),
  dtype: z.string(),
  seed: count,
  tokens: z.strictObject({
    vocabulary: count.describe('Size of the models’ vocabulary.'),
    problem: count.describe('Size of the problem’s; its tokens have the same ids.'),
    eos: count.describe('The end-of-text token, which has probability 0.'),
  }),
  pieces: z.array(z.string()).readonly().describe('The piece of each token of the problem.'),
  prompt: prompt.describe('A round of the problem begins after it.'),
  headsPrompt: prompt.describe('The same for heads, which emit its last token first, with probability 1.'),
  target: z.strictObject({ folder: folder.folder, ...precision }),
  draft: z.strictObject({ ...folder, ...precision }),
  turbo: heads,
  medusa: heads,
}) satisfies z.ZodType<Realization>;
