/** Faults of rejection sampling on a chain that the catalogue does not have: an audit must not give them a name of it. */
import Fraction from 'fraction.js';
import type { Chance } from '../../src/chance/chance.ts';
import { mostLikely, normalised } from '../../src/chance/distribution.ts';
import { lawInFull } from '../../src/draft/draft-law.ts';
import { EXACT } from '../../src/law/numbers.ts';
import { prefixAt } from '../../src/law/prefix.ts';
import type { ExactLaw, Problem } from '../../src/law/problem.ts';
import type { ProblemInput } from '../../src/law/problem-input.ts';
import { type Scheme, schemeFor } from '../../src/law/scheme.ts';
import { rational } from '../../src/numerics/arithmetic.ts';
import { nearestNumber } from '../../src/numerics/nearest-number.ts';
import { rejection } from '../../src/verify/rejection.ts';
import { residual } from '../../src/verify/residual.ts';
import type { Round, Verdict } from '../../src/verify/rule.ts';

type Law = ArrayLike<Fraction>;

/** The steps of a round that these faults replace. */
interface Steps {
  /** The acceptance probability of a drafted token. */
  accept(p: Law, q: Law, token: number, node: number): Fraction;
  correct(p: Law, q: Law, token: number): Law;
  /** Weights of the bonus token, from the target's law and the draft's. */
  bonus(p: Law, q: Law): Law;
  /** Whether all coins of a round compare the same uniform number. */
  readonly sharesUniform: boolean;
}

const one = new Fraction(1);
const least = (a: Fraction, b: Fraction): Fraction => (a.compare(b) < 0 ? a : b);
const ratio = (p: Law, q: Law, token: number): Fraction =>
  q[token]!.equals(0) ? one : least(one, p[token]!.div(q[token]!));
const leftOver = (p: Law, q: Law, share: number): Fraction[] => {
  const excess = Array.from(p, (mass, i) => mass.sub(q[i]!.mul(share)));
  return excess.map((mass) => (mass.compare(0) > 0 ? mass : rational.zero));
};
const onlyTop = (law: Law): Fraction[] => {
  const top = mostLikely(rational, law);
  return Array.from(law, (_, i) => (i === top ? one : rational.zero));
};

const CORRECT: Steps = {
  accept: ratio,
  correct: (p, q, token) => residual(rational, p, Array.from(q), token),
  bonus: (p) => p,
  sharesUniform: false,
};

function withSteps(replaced: Partial<Steps>): Plant {
  const steps = { ...CORRECT, ...replaced };
  return (problem) => {
    const scheme = schemeFor(problem, rejection, EXACT);
    return { ...scheme, decide: (round, _arithmetic, chance) => decide(steps, problem, round, chance) };
  };
}

function decide(steps: Steps, { draft: draftLaw }: Problem, round: Round<Fraction>, chance: Chance<Fraction>): Verdict {
  const { draft, target, position } = round;
  const accepted: number[] = [];
  let uniformBelow = one; // what the coins so far say of the shared uniform
  for (const [node, token] of draft.tokens.entries()) {
    const [p, q] = [target(node - 1), lawInFull(rational, draft.laws[node]!, token, target(-1).length)];
    const own = steps.accept(p, q, token, node);
    const share = steps.sharesUniform ? least(uniformBelow, own).div(uniformBelow) : own;
    if (!chance.accept({ purpose: 'accept', position: position + node }, share, one)) {
      const weights = withSome(steps.correct(p, q, token), p);
      return { accepted, token: chance.draw({ purpose: 'residual', position: position + node }, weights) };
    }
    uniformBelow = uniformBelow.mul(share);
    accepted.push(node);
  }
  const after = target(accepted.length - 1);
  const weights = steps.bonus(after, draftLaw(prefixAt(draft, accepted.length - 1)));
  return { accepted, token: chance.draw({ purpose: 'target', position: position + accepted.length }, weights) };
}

function withSome(weights: Law, target: Law): Law {
  return Array.from(weights).some((weight) => weight.compare(0) > 0) ? weights : target;
}

/** The target's laws changed before anything reads them; powers are rounded to a millionth. */
function withTarget(change: (p: ExactLaw, q: ExactLaw) => readonly number[]): Plant {
  return (problem) => {
    const rounded = (p: ExactLaw, q: ExactLaw): Law =>
      normalised(
        rational,
        change(p, q).map((mass) => new Fraction(Math.round(mass * 1e6), 1_000_000)),
      )!;
    const target = (prefix: readonly number[]): Law => rounded(problem.target(prefix), problem.draft(prefix));
    return {
      ...schemeFor(problem, rejection, EXACT),
      target: (draft, node) => target(prefixAt(draft, node)),
    };
  };
}

/** Plants a fault in rejection sampling on a problem. */
export type Plant = (problem: Problem) => Scheme<Fraction>;

const power = (p: Fraction, exponent: number): number => nearestNumber(p) ** exponent;

/** The faults, by name. */
export const UNLISTED: ReadonlyMap<string, Plant> = new Map<string, Plant>([
  ['accepts by the square of the ratio', withSteps({ accept: (p, q, x) => ratio(p, q, x).pow(2)! })],
  ['accepts by p / (1.1 q)', withSteps({ accept: (p, q, x) => least(one, p[x]!.div(q[x]!.mul(1.1))) })],
  ['half of q in the residual', withSteps({ correct: (p, q) => leftOver(p, q, 0.5) })],
  ['lenient coin, strict residual', withSteps({ accept: (p, q, x) => least(one, p[x]!.div(q[x]!.mul(0.8))) })],
  ['lenient residual, strict coin', withSteps({ correct: (p, q) => leftOver(p, q, 0.8) })],
  ['bonus from the draft law', withSteps({ bonus: (_, q) => q })],
  ['correction from the draft law', withSteps({ correct: (_, q) => q })],
  ['the most likely correction', withSteps({ correct: (p, q, x) => onlyTop(residual(rational, p, Array.from(q), x)) })],
  [
    'what the drafter likes best is never rejected',
    withSteps({ accept: (p, q, x) => (mostLikely(rational, q) === x ? one : ratio(p, q, x)) }),
  ],
  [
    'correction from the target without the rejected token',
    withSteps({ correct: (p, _, x) => Array.from(p, (mass, i) => (i === x ? rational.zero : mass)) }),
  ],
  ['one uniform for all coins of a round', withSteps({ sharesUniform: true })],
  ['adapter at 95 % of its scale', withTarget((p, q) => p.map((mass, i) => power(mass, 0.95) * power(q[i]!, 0.05)))],
  ['temperature 1.05 instead of 1', withTarget((p) => p.map((mass) => power(mass, 1 / 1.05)))],
  [
    'wrong row at the second position only',
    (problem) => {
      const scheme = schemeFor(problem, rejection, EXACT);
      return { ...scheme, target: (draft, node) => scheme.target(draft, node === 0 ? -1 : node) };
    },
  ],
  [
    'bonus from the row before',
    (problem) => {
      const scheme = schemeFor(problem, rejection, EXACT);
      const last = problem.parents.length - 1;
      return { ...scheme, target: (draft, node) => scheme.target(draft, node === last ? node - 1 : node) };
    },
  ],
]);

/** Three drafted tokens, with other laws after each first token. */
export const THREE_DRAFTED: ProblemInput = {
  vocabulary: 3,
  target: {
    default: ['1/2', '3/10', '1/5'],
    after: {
      0: ['1/5', '1/2', '3/10'],
      1: ['2/5', '1/5', '2/5'],
      2: ['1/10', '3/5', '3/10'],
      '0 0': ['2/3', '1/6', '1/6'],
    },
  },
  draft: {
    default: ['1/5', '3/10', '1/2'],
    after: {
      0: ['1/2', '1/5', '3/10'],
      1: ['1/5', '2/5', '2/5'],
      2: ['2/5', '2/5', '1/5'],
      '0 0': ['1/6', '1/2', '1/3'],
    },
  },
  shape: { chain: 3 },
};
