/**
 * Runs a random program over all its branches, or over representatives.
 * @packageDocumentation
 */
import type { Arithmetic } from '../numerics/arithmetic.ts';
import { type Alternative, coinAlternatives, drawAlternatives } from './alternatives.ts';
import type { Chance } from './chance.ts';
import { conditionalRaces } from './conditional-races.ts';

/** One branch of a random program: its exact probability and what it returned. */
export interface Branch<T, R> {
  readonly probability: T;
  readonly outcome: R;
}

/** An alternative that represents several: itself and others of the same choice. */
export interface Representative<T> extends Alternative<T> {
  readonly standsFor: number;
}

/** A branch of a thinned enumeration, and how many branches of the whole one it stands for. */
export interface ThinnedBranch<T, R> extends Branch<T, R> {
  readonly standsFor: number;
}

/**
 * Which alternatives of a choice are followed, at least one. Asked once per choice, with the number of branches of the
 * full enumeration that each branch reaching this choice represents.
 */
export type Thinning<T> = (alternatives: () => Alternative<T>[], standsFor: number) => Representative<T>[];

const everyAlternative = <T>(alternatives: () => Alternative<T>[]): Representative<T>[] =>
  alternatives().map(({ index, probability }) => ({ index, probability, standsFor: 1 }));

/**
 * Runs a random program once for every sequence of choices that it can make, and yields each outcome with its exact
 * probability. The probabilities of all branches sum to one. Branches of probability zero are left out.
 *
 * The program is replayed from its start for each branch, so it must be a pure function of its chance.
 * A later race in a slot where other laws were raced before has the winner's exact law given the earlier winners.
 * @throws {@link LawError} when the program draws from weights without mass, or with a negative one, or races laws of
 * different lengths in one slot.
 * @example
 * import assert from 'node:assert/strict';
 * import { enumerate } from 'turbo-lora/chance';
 * import { rational } from 'turbo-lora/numerics';
 * import Fraction from 'fraction.js';
 * const two = [new Fraction(1, 3), new Fraction(2, 3)];
 * const slot = { purpose: 'target', position: 0 } as const;
 * const branches = [...enumerate(rational, (chance) => chance.draw(slot, two) + chance.draw(slot, two))];
 * const found = branches.map((b) => `${b.outcome}: ${b.probability.toFraction()}`);
 * assert.deepEqual(found, ['0: 1/9', '1: 2/9', '1: 2/9', '2: 4/9']);
 */
export function enumerate<T, R>(
  arithmetic: Arithmetic<T>,
  program: (chance: Chance<T>) => R,
): Generator<Branch<T, R>, void, undefined> {
  return enumerateThinned(arithmetic, program, everyAlternative);
}

/**
 * Follows some of the branches of a random program, each as a representative of several. The represented numbers sum to
 * the number of all branches on average, if each representative is drawn uniformly from those it stands for.
 * @throws {@link LawError} as {@link enumerate} does.
 * @source Knuth 1975, "Estimating the efficiency of backtrack programs", Mathematics of Computation 29; Chen 1992,
 * "Heuristic sampling", SIAM Journal on Computing 21 (representatives of strata)
 */
export function* enumerateThinned<T, R>(
  arithmetic: Arithmetic<T>,
  program: (chance: Chance<T>) => R,
  thinning: Thinning<T>,
): Generator<ThinnedBranch<T, R>, void, undefined> {
  // The choices of the current branch: the alternatives that are followed, and which of them was taken.
  const path: { readonly followed: readonly Representative<T>[]; taken: number }[] = [];
  for (;;) {
    let depth = 0;
    let probability = arithmetic.one;
    let standsFor = 1;
    const choose = (alternatives: () => Alternative<T>[]): number => {
      if (depth === path.length) path.push({ followed: thinning(alternatives, standsFor), taken: 0 });
      const { followed, taken } = path[depth++]!;
      const alternative = followed[taken]!;
      probability = arithmetic.multiply(probability, alternative.probability);
      standsFor *= alternative.standsFor;
      return alternative.index;
    };
    const outcome = program({
      accept: (_slot, numerator, denominator) =>
        choose(() => coinAlternatives(arithmetic, numerator, denominator)) === 1,
      draw: (_slot, weights) => choose(() => drawAlternatives(arithmetic, weights)),
      race: conditionalRaces(arithmetic, choose),
    });
    yield { probability, outcome, standsFor };
    while (path.length > 0 && path.at(-1)!.taken + 1 === path.at(-1)!.followed.length) path.pop();
    const last = path.at(-1);
    if (last === undefined) return;
    last.taken += 1;
  }
}
