/**
 * What a planted fault is: a scheme with one thing wrong, as some public engine once had it.
 * @packageDocumentation
 */
import type Fraction from 'fraction.js';
import type { Problem } from '../problem.ts';
import type { ProblemInput } from '../problem-input.ts';
import type { Scheme } from '../scheme.ts';

/** Where a fault was found: an issue, a pull request or a paper. */
export interface FaultReference {
  /** `owner/repository#number`, or `arXiv` and its number. */
  readonly where: string;
  /** What it says, in a few words. */
  readonly title: string;
}

/** A known fault. */
export interface Fault {
  readonly name: string;
  /** What goes wrong, in one sentence. */
  readonly description: string;
  /** Names of the rules it can be planted in. */
  readonly rules: readonly string[];
  readonly references: readonly FaultReference[];
  /** A problem on which its law differs from the correct one. */
  readonly reveals: ProblemInput;
  /** The law of the first emitted token on a textbook problem. */
  readonly signature?: { readonly problem: ProblemInput; readonly emitted: readonly string[] };
  /** Why it takes millions of rounds to detect, if it does. */
  readonly faint?: string;
  /** Why it cannot be planted on this problem, or null if it can. */
  objection?(problem: Problem): string | null;
  /** The scheme with the fault in it. */
  plant(scheme: Scheme<Fraction>, problem: Problem): Scheme<Fraction>;
}
