/**
 * What is written down about a realized problem: `realization.json`.
 * @packageDocumentation
 */

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
