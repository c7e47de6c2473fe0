/** Rounds with their own laws: each round is of another problem, as the rounds of a text are. */

import { ROUNDED } from '../../src/law/numbers.ts';
import type { Problem } from '../../src/law/problem.ts';
import { type LawInput, type ProblemInput, problemFrom } from '../../src/law/problem-input.ts';
import type { Outcome } from '../../src/law/round-program.ts';
import { schemeFor } from '../../src/law/scheme.ts';
import type { SparseLaw, TracedRound } from '../../src/law/trace-line.ts';
import { nearestNumber } from '../../src/numerics/nearest-number.ts';
import type { Rule } from '../../src/verify/rule.ts';
import { hypothesis } from './audits.ts';
import { integersFrom } from './drafters.ts';
import { freshTape, roundsFrom, roundsOf } from './sampled-rounds.ts';

/** Different problems of one shape: laws after every prefix, from a seed. */
export function changingProblems(count: number, more: Pick<ProblemInput, 'shape' | 'drawn'>): Problem[] {
  const integer = integersFrom(77);
  const vocabulary = 4;
  const law = (): LawInput => {
    const weights = Array.from({ length: vocabulary }, () => 1 + integer(9));
    const total = weights.reduce((a, b) => a + b);
    return weights.map((weight) => `${weight}/${total}`);
  };
  const after = (): Record<string, LawInput> =>
    Object.fromEntries(Array.from({ length: vocabulary }, (_, token) => [`${token}`, law()]));
  return Array.from({ length: count }, () =>
    problemFrom({
      vocabulary,
      target: { default: law(), after: after() },
      draft: { default: law(), after: after() },
      ...more,
    }),
  );
}

/** A round of a problem with the laws that its line would bring. */
export function withLaws({ drafted, parents, emitted }: Outcome, problem: Problem): TracedRound {
  const sparse = (law: readonly number[]): SparseLaw => {
    const tokens = law.flatMap((p, token) => (p > 0 ? [token] : []));
    return { tokens, probabilities: tokens.map((token) => law[token]!) };
  };
  const prefixes: number[][] = [];
  for (const [node, token] of drafted.entries()) prefixes.push([...(prefixes[parents[node]!] ?? []), token]);
  return {
    ...{ drafted, parents, emitted },
    targetLaws: emitted.map((_, n) => sparse(problem.target(emitted.slice(0, n)).map(nearestNumber))),
    draftLaws: drafted.map((_, node) =>
      problem.drawn === 'top' ? 'point' : sparse(problem.draft(prefixes[parents[node]!] ?? []).map(nearestNumber)),
    ),
  };
}

/** Rounds without end, each of one of the problems, by the rule or by a faulty engine of it. */
export function* tracedRounds(problems: readonly Problem[], rule: Rule, fault: string, seed: number) {
  const sources = problems.map((problem, i) =>
    fault === 'correct'
      ? roundsOf(schemeFor(problem, rule, ROUNDED), seed * 1000 + i)
      : roundsFrom(hypothesis(problem, rule, fault).outcomes, seed * 1000 + i),
  );
  const tape = freshTape(seed);
  for (;;) {
    const at = Math.floor(tape.uniform({ purpose: 'draft', position: 0 }) * problems.length);
    yield withLaws(sources[at]!.next().value as Outcome, problems[at]!);
  }
}
