/**
 * What a problem asks of a model: laws after the prefixes that a round can reach, as logits.
 * @packageDocumentation
 */
import { LawError, WorkLimitError } from '../../errors.ts';
import { keyOf } from '../../law/prefix.ts';
import type { ExactLaw, Problem } from '../../law/problem.ts';
import { longestRound } from '../../law/shape.ts';
import { ln } from '../../numerics/elementary.ts';
import { nearestNumber } from '../../numerics/nearest-number.ts';

/** The prefixes of a problem as a tree, and the laws after each. */
export interface AskedLaws {
  /** Tokens that are possible after some prefix, in the target or in the draft. */
  readonly possible: readonly number[];
  /** Every prefix of possible tokens up to the depth of the drafts, parents first; the first is empty. */
  readonly prefixes: readonly (readonly number[])[];
  /** Index of the prefix that is one token shorter, -1 for the empty one. */
  readonly parents: readonly number[];
  /** By prefix; null where a round cannot get to, and anything will do. */
  readonly target: readonly (ExactLaw | null)[];
  readonly draft: readonly (ExactLaw | null)[];
}

/** The most prefixes: one equation for each, in models of a width in proportion. */
export const MOST_PREFIXES = 384;

/**
 * The laws that a problem has after each prefix that its rounds can reach: the target's up to the depth of the draft,
 * the draft's before each drafted token, and one more where the problem says what it is, for a round that follows.
 * @throws {@link WorkLimitError} when there are more than 384 prefixes; as the laws of the problem do.
 */
export function askedLaws(problem: Problem): AskedLaws {
  const depth = longestRound(problem) - 1;
  const reached = reachedLaws(problem, depth);
  const laws = [...reached.values()].flatMap(({ target, draft }) => [target, draft ?? []]);
  const possible = Array.from({ length: problem.vocabulary }, (_, token) => token).filter((token) =>
    laws.some((law) => law[token]?.compare(0) === 1),
  );
  const prefixes: number[][] = [[]];
  const parents = [-1];
  for (let at = 0; at < prefixes.length; at++) {
    if (prefixes[at]!.length === depth) break;
    for (const token of possible) {
      parents.push(at);
      prefixes.push([...prefixes[at]!, token]);
      checkCount(prefixes.length);
    }
  }
  const of = (part: 'target' | 'draft') => prefixes.map((prefix) => reached.get(keyOf(prefix))?.[part] ?? null);
  return { possible, prefixes, parents, target: of('target'), draft: of('draft') };
}

interface LawsAfter {
  readonly target: ExactLaw;
  readonly draft: ExactLaw | null;
}

function reachedLaws(problem: Problem, depth: number): Map<string, LawsAfter> {
  const found = new Map<string, LawsAfter>();
  let level: number[][] = [[]];
  for (let length = 0; length <= depth; length++) {
    const next: number[][] = [];
    for (const prefix of level) {
      const target = problem.target(prefix);
      const draft = length < depth ? problem.draft(prefix) : draftIfSaid(problem, prefix);
      found.set(keyOf(prefix), { target, draft });
      checkCount(found.size);
      if (length === depth) continue;
      target.forEach((mass, token) => {
        if (mass.compare(0) > 0 || draft![token]!.compare(0) > 0) next.push([...prefix, token]);
      });
    }
    level = next;
  }
  return found;
}

function checkCount(count: number): void {
  if (count <= MOST_PREFIXES) return;
  throw new WorkLimitError('problem', `at most ${MOST_PREFIXES} prefixes, a hidden dimension for each`, 'more');
}

function draftIfSaid(problem: Problem, prefix: readonly number[]): ExactLaw | null {
  try {
    return problem.draft(prefix);
  } catch (error) {
    if (error instanceof LawError) return null;
    throw error;
  }
}

/**
 * Natural logarithms of the probability that stands for zero, relative to the largest: 2^-64, which no draw of 53 bits
 * can meet, and which the precision of the other logits bears.
 */
const ZERO = -64 * ln(2);

/**
 * Logits of a law for some tokens. They are centred, as a softmax does not see a constant; a token of probability zero
 * gets 2^-64 of the largest probability.
 * @shape law: [V]; result: as tokens
 */
export function logitsOf(law: ExactLaw, tokens: readonly number[]): number[] {
  const logs = tokens.map((token) => logOf(nearestNumber(law[token]!)));
  const largest = Math.max(...logs);
  const finite = logs.filter((log) => log > Number.NEGATIVE_INFINITY);
  const mean = finite.reduce((sum, log) => sum + log, 0) / finite.length;
  return logs.map((log) => (log > Number.NEGATIVE_INFINITY ? log : largest + ZERO) - mean);
}

function logOf(probability: number): number {
  return probability === 0 ? Number.NEGATIVE_INFINITY : ln(probability);
}
