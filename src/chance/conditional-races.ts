import { LawError } from '../errors.ts';
import { type Arithmetic, sum } from '../numerics/arithmetic.ts';
import { type Alternative, drawAlternatives } from './alternatives.ts';
import type { Chance } from './chance.ts';
import { raceProbability } from './race-law.ts';

/** Races of one set of clocks that have been run: under which weights, and who won each. */
interface Races<T> {
  readonly laws: ArrayLike<T>[];
  readonly winners: number[];
}

/**
 * The races of one branch of an enumeration, exactly: another law in a slot is raced given the winners before, the same
 * law has the same winner.
 * @param choose takes one of the winners that are possible.
 * @throws {@link LawError} from the race, when the weights have no mass, one is negative, or their number is not that
 * of the race before.
 */
export function conditionalRaces<T>(
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
    // Known without the joint law, where rounding would leave tiny probabilities to other winners.
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
  const alone = drawAlternatives(arithmetic, now); // throws unless `now` is a probability distribution
  if (laws.length === 0) return alone;
  const joint = Array.from(now, (_, token) => raceProbability(arithmetic, [...laws, now], [...winners, token]));
  return drawAlternatives(arithmetic, joint);
}

/** Whether two lists of weights, equally long, are the same law: `a_i sum(b) = b_i sum(a)`. */
function proportional<T>(arithmetic: Arithmetic<T>, a: ArrayLike<T>, b: ArrayLike<T>): boolean {
  const { multiply, compare } = arithmetic;
  const [totalA, totalB] = [sum(arithmetic, a), sum(arithmetic, b)];
  if (compare(totalB, arithmetic.zero) <= 0) return false;
  for (let i = 0; i < a.length; i++) if (compare(multiply(a[i]!, totalB), multiply(b[i]!, totalA)) !== 0) return false;
  return true;
}
