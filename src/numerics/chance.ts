/**
 * A random choice, either sampled or enumerated. Acceptance rules and drafters ask a `Chance<T>` for every coin and
 * every token; they never see a generator or a seed.
 * @packageDocumentation
 */
import { LawError } from '../errors.ts';
import { type Arithmetic, sum } from './arithmetic.ts';
import { raceWinner } from './race.ts';
import { raceProbability } from './race-law.ts';
import type { Tape } from './tape.ts';

/** What a draw is for. */
export type Purpose = 'target' | 'draft' | 'accept' | 'residual';

/** The name of one draw: what it is for, and the index in the whole text of the token that it helps to decide. */
export interface Slot {
  readonly purpose: Purpose;
  readonly position: number;
  /** In a race: the token whose clock it is. */
  readonly token?: number;
}

/** How a token is drawn from a law: by one uniform and inverse CDF, or by a race of one clock per token. */
export type DrawMethod = 'inverse cdf' | 'race';

/** A source of random choices over numbers of type `T`. */
export interface Chance<T> {
  /** True with probability min(1, numerator / denominator). */
  accept(slot: Slot, numerator: T, denominator: T): boolean;
  /** Index i with probability weights[i] / sum(weights). The weights need not sum to one. */
  draw(slot: Slot, weights: ArrayLike<T>): number;
  /**
   * Index i with probability weights[i] / sum(weights), as the winner of a race: `argmin_i E_i / weights[i]`. Races in
   * the same slot share their exponential clocks E, so their winners are coupled; each slot has clocks of its own.
   */
  race(slot: Slot, weights: ArrayLike<T>): number;
}

/**
 * The index that a uniform selects by inverse CDF in ascending order: the first i with
 * `u * total < w[0] + … + w[i]`. An index of weight zero is never returned, at u = 0 too
 * (SPEC-DRAW-BOUNDARY).
 * @throws {@link LawError} when there is no mass, or a weight is negative or not finite.
 * @example
 * import assert from 'node:assert/strict';
 * import { indexAt } from 'turbo-lora';
 * assert.equal(indexAt(0, [0, 0.5, 0.5]), 1);
 * assert.equal(indexAt(0.5, [0, 0.5, 0.5]), 2);
 */
export function indexAt(uniform: number, weights: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new LawError(`weight ${i}`, 'a finite number of at least 0', `${weight}`);
    }
    total += weight;
  }
  if (!(total > 0 && total < Number.POSITIVE_INFINITY)) {
    throw new LawError('sum of weights', 'a finite number above 0', `${total}`);
  }
  const threshold = uniform * total;
  let cumulative = 0;
  let last = -1;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i]! === 0) continue;
    cumulative += weights[i]!;
    last = i;
    if (threshold < cumulative) return i;
  }
  // Only a subnormal total: u * total rounds up to it when u is the largest number below one.
  return last;
}

/**
 * A chance that takes its uniforms from a tape. A coin is `u * denominator < numerator`: no division, no tolerance,
 * and a numerator of zero is never accepted, at u = 0 too (SPEC-ACCEPT-BOUNDARY).
 * The clocks of a race are the tape's uniforms of the slot and token, so the tape must answer those by name.
 * @throws {@link LawError} from `draw` and `race`, as {@link indexAt} does.
 */
export function sampled(tape: Tape): Chance<number> {
  return {
    accept: (slot, numerator, denominator) => tape.uniform(slot) * denominator < numerator,
    draw: (slot, weights) => indexAt(tape.uniform(slot), weights),
    race: (slot, weights) => raceWinner(weights, (token) => tape.uniform({ ...slot, token })),
  };
}

/** One branch of a random program: its exact probability and what it returned. */
export interface Branch<T, R> {
  readonly probability: T;
  readonly outcome: R;
}

/**
 * Runs a random program once for every sequence of choices that it can make, and yields each outcome with its exact
 * probability. The probabilities of all branches sum to one. Branches of probability zero are left out.
 *
 * The program is replayed from its start for each branch, so it must be a pure function of its chance.
 * A race in a slot where other laws have been raced before has the winner's exact law given the earlier winners.
 * @throws {@link LawError} when the program draws from weights without mass, or with a negative one, or races laws of
 * different lengths in one slot.
 * @example
 * import assert from 'node:assert/strict';
 * import { enumerate, rational } from 'turbo-lora';
 * import Fraction from 'fraction.js';
 * const two = [new Fraction(1, 3), new Fraction(2, 3)];
 * const slot = { purpose: 'target', position: 0 } as const;
 * const branches = [...enumerate(rational, (chance) => chance.draw(slot, two) + chance.draw(slot, two))];
 * assert.deepEqual(branches.map((b) => `${b.outcome}: ${b.probability.toFraction()}`), ['0: 1/9', '1: 2/9', '1: 2/9', '2: 4/9']);
 */
export function* enumerate<T, R>(
  arithmetic: Arithmetic<T>,
  program: (chance: Chance<T>) => R,
): Generator<Branch<T, R>, void, undefined> {
  // The choices of the current branch: which alternative was taken, and which are still to come.
  let path: { rest: Alternative<T>[]; taken: Alternative<T> }[] = [];
  for (;;) {
    let depth = 0;
    let probability = arithmetic.one;
    const choose = (alternatives: () => Alternative<T>[]): number => {
      if (depth === path.length) {
        const [taken, ...rest] = alternatives();
        path.push({ taken: taken!, rest });
      }
      const { taken } = path[depth++]!;
      probability = arithmetic.multiply(probability, taken.probability);
      return taken.index;
    };
    const outcome = program({
      accept: (_slot, numerator, denominator) => choose(() => coin(arithmetic, numerator, denominator)) === 1,
      draw: (_slot, weights) => choose(() => outcomes(arithmetic, weights)),
      race: racing(arithmetic, choose),
    });
    yield { probability, outcome };
    while (path.length > 0 && path.at(-1)!.rest.length === 0) path.pop();
    const last = path.pop();
    if (last === undefined) return;
    path = [...path, { taken: last.rest[0]!, rest: last.rest.slice(1) }];
  }
}

interface Alternative<T> {
  readonly index: number;
  readonly probability: T;
}

function coin<T>(arithmetic: Arithmetic<T>, numerator: T, denominator: T): Alternative<T>[] {
  if (arithmetic.compare(numerator, arithmetic.zero) <= 0) return [{ index: 0, probability: arithmetic.one }];
  if (arithmetic.compare(numerator, denominator) >= 0) return [{ index: 1, probability: arithmetic.one }];
  const yes = arithmetic.divide(numerator, denominator);
  return [
    { index: 0, probability: arithmetic.subtract(arithmetic.one, yes) },
    { index: 1, probability: yes },
  ];
}

function outcomes<T>(arithmetic: Arithmetic<T>, weights: ArrayLike<T>): Alternative<T>[] {
  const total = sum(arithmetic, weights);
  const alternatives: Alternative<T>[] = [];
  for (let index = 0; index < weights.length; index++) {
    const order = arithmetic.compare(weights[index]!, arithmetic.zero);
    if (order < 0) throw new LawError(`weight ${index}`, 'at least 0', String(weights[index]));
    if (order > 0) alternatives.push({ index, probability: arithmetic.divide(weights[index]!, total) });
  }
  if (alternatives.length === 0) throw new LawError('sum of weights', 'above 0', '0');
  return alternatives;
}

/** Races of one set of clocks that have been run: under which weights, and who won each. */
interface Races<T> {
  readonly laws: ArrayLike<T>[];
  readonly winners: number[];
}

/** Races of one branch: another law in a slot is raced given the winners before, the same law has the same winner. */
function racing<T>(
  arithmetic: Arithmetic<T>,
  choose: (alternatives: () => Alternative<T>[]) => number,
): Chance<T>['race'] {
  const slots = new Map<string, Races<T>>();
  return ({ purpose, position }, weights) => {
    const key = `${purpose}@${position}`;
    const run = slots.get(key) ?? { laws: [], winners: [] };
    slots.set(key, run);
    const size = run.laws[0]?.length ?? weights.length;
    if (weights.length !== size) throw new LawError('weights', `${size} as in the race before`, `${weights.length}`);
    // Known without a look at the joint law, where rounding would leave slivers to other winners.
    const same = run.laws.findIndex((earlier) => proportional(arithmetic, earlier, weights));
    if (same >= 0) return run.winners[same]!;
    const winner = choose(() => given(arithmetic, run, weights));
    run.laws.push(weights);
    run.winners.push(winner);
    return winner;
  };
}

/** The law of a winner given those of earlier races of the same clocks. */
function given<T>(arithmetic: Arithmetic<T>, { laws, winners }: Races<T>, now: ArrayLike<T>): Alternative<T>[] {
  const alone = outcomes(arithmetic, now); // throws unless `now` is a distribution
  if (laws.length === 0) return alone;
  const joint = Array.from(now, (_, token) => raceProbability(arithmetic, [...laws, now], [...winners, token]));
  return outcomes(arithmetic, joint);
}

/** Whether two lists of weights, equally long, are the same law: `a_i sum(b) = b_i sum(a)`. */
function proportional<T>(arithmetic: Arithmetic<T>, a: ArrayLike<T>, b: ArrayLike<T>): boolean {
  const { multiply, compare } = arithmetic;
  const [totalA, totalB] = [sum(arithmetic, a), sum(arithmetic, b)];
  if (compare(totalB, arithmetic.zero) <= 0) return false;
  for (let i = 0; i < a.length; i++) if (compare(multiply(a[i]!, totalB), multiply(b[i]!, totalA)) !== 0) return false;
  return true;
}
