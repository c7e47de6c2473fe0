/** The branches of a round with the choices that led to them, as the enumerator took them. */
import type Fraction from 'fraction.js';
import type { Rule } from 'turbo-lora';
import { type Chance, enumerate, type Slot } from 'turbo-lora/chance';
import { EXACT, type Problem, roundProgram, type Scheme, schemeFor } from 'turbo-lora/law';
import { rational, sum } from 'turbo-lora/numerics';
import type { TreeBranch, TreeStep } from '../../pictures/acceptance-tree.ts';

/** Every branch of a correct round. */
export function branchesOf(problem: Problem, rule: Rule): TreeBranch[] {
  const scheme: Scheme<Fraction> = schemeFor(problem, rule, EXACT);
  const round = roundProgram(scheme, rational);
  const program = (chance: Chance<Fraction>) => {
    const steps: TreeStep[] = [];
    return { steps, outcome: round(watched(chance, steps)) };
  };
  return [...enumerate(rational, program)].map(({ probability, outcome: { steps, outcome } }) => ({
    steps,
    probability,
    accepted: outcome.accepted,
    emitted: outcome.emitted,
  }));
}

/** A chance that notes what it is asked and what it answers. */
function watched(chance: Chance<Fraction>, steps: TreeStep[]): Chance<Fraction> {
  const drawn = ({ purpose }: Slot, weights: ArrayLike<Fraction>, token: number): number => {
    if (purpose === 'accept') throw new Error('tokens are not drawn with coins');
    steps.push({ kind: purpose, text: `${token}`, probability: weights[token]!.div(sum(rational, weights)) });
    return token;
  };
  return {
    accept(slot, numerator, denominator) {
      const heads = chance.accept(slot, numerator, denominator);
      const certain = numerator.compare(denominator) >= 0;
      const share = certain ? rational.one : numerator.div(denominator);
      const probability = heads ? share : rational.one.sub(share);
      steps.push({ kind: heads ? 'accept' : 'reject', text: heads ? 'yes' : 'no', probability });
      return heads;
    },
    draw: (slot, weights) => drawn(slot, weights, chance.draw(slot, weights)),
    race: (slot, weights) => drawn(slot, weights, chance.race(slot, weights)),
  };
}
