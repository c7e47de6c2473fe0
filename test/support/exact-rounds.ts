/** Random rational problems, and one round of a rule on a drawn draft, for the enumerator. */
import fc from 'fast-check';
import type Fraction from 'fraction.js';
import type { Chance } from '../../src/chance/chance.ts';
import type { Draft, DraftLaw, Drawn } from '../../src/draft/draft.ts';
import { rational } from '../../src/numerics/arithmetic.ts';
import type { Rule } from '../../src/verify/rule.ts';
import { emittedBy, type Law, type Laws, lawsFrom } from './losslessness.ts';

/** Target and draft laws that differ after every prefix, and the shape of a draft. */
export interface Problem {
  readonly vocabulary: number;
  readonly p: Laws;
  readonly q: Laws;
  readonly parents: readonly number[];
}

type Weights = { p: number; q: number }[];
type Relation = 'free' | 'equal' | 'disjoint' | 'target is a point' | 'draft is a point';

const point = (weights: number[]): number[] => {
  const top = weights.indexOf(Math.max(...weights));
  return weights.map((_, i) => (i === top ? 1 : 0));
};
const withMass = (weights: number[], at: number): number[] =>
  weights.some((w) => w > 0) ? weights : weights.map((_, i) => (i === at % weights.length ? 1 : 0));

/** One row's weights under a relation of the two laws. */
function related(row: Weights, relation: Relation, at: number): { p: number[]; q: number[] } {
  const p = withMass(
    row.map((w) => w.p),
    at,
  );
  const q = withMass(
    row.map((w) => w.q),
    at + 1,
  );
  if (relation === 'equal') return { p, q: p };
  if (relation === 'target is a point') return { p: point(p), q };
  if (relation === 'draft is a point') return { p, q: point(q) };
  if (relation === 'free' || row.length < 2) return { p, q };
  // Disjoint: each token belongs to one law, the first to the draft and the second to the target.
  const ofTarget = row.map((w, i) => (i < 2 ? i === 1 : w.p >= w.q));
  return { p: p.map((w, i) => (ofTarget[i] ? w + 1 : 0)), q: q.map((w, i) => (ofTarget[i] ? 0 : w + 1)) };
}

const CHAINS = [0, 1, 2, 3, 4].map((length) => Array.from({ length }, (_, i) => i - 1));
const TREES = [
  [-1, -1],
  [-1, -1, -1],
  [-1, -1, -1, -1],
  [-1, -1, 0],
  [-1, 0, 0],
  [-1, -1, 0, 1],
  [-1, -1, 1, 1],
  [-1, 0, 0, 1],
  [-1, -1, 0, 0, 2],
  [-1, 0, 0, 1, 1],
  [-1, -1, 0, 0, 1, 1],
];

/** Problems with vocabularies of 2 to 5 tokens; `size` bounds vocabulary ** nodes, on which the branches depend. */
export function problems(shape: 'chain' | 'tree', size: number): fc.Arbitrary<Problem> {
  return fc
    .record({
      vocabulary: fc.integer({ min: 2, max: 5 }),
      parents: fc.constantFrom(...(shape === 'chain' ? CHAINS : TREES)),
      relation: fc.constantFrom<Relation>(
        ...(['free', 'free', 'free', 'equal', 'disjoint', 'target is a point', 'draft is a point'] as const),
      ),
    })
    .filter(({ vocabulary, parents }) => vocabulary ** parents.length <= size)
    .chain(({ vocabulary, parents, relation }) => {
      const row = fc.array(fc.record({ p: fc.nat(6), q: fc.nat(6) }), { minLength: vocabulary, maxLength: vocabulary });
      return fc.array(row, { minLength: 5, maxLength: 17 }).map((rows): Problem => {
        const weights = rows.map((w, at) => related(w, relation, at));
        const [p, q] = [lawsFrom(weights.map((w) => w.p)), lawsFrom(weights.map((w) => w.q))];
        return { vocabulary, p, q, parents };
      });
    });
}

/** Draws a draft of the problem's shape; a node without a possible token, or without a parent, is left out. */
export function drawDraft(problem: Problem, drawn: Drawn, chance: Chance<Fraction>, race = false): Draft<Fraction> {
  const draft = { tokens: [] as number[], parents: [] as number[], laws: [] as DraftLaw<Fraction>[] };
  const prefixes: number[][] = [];
  const nodeOf = new Map([[-1, -1]]);
  for (const [shapeNode, shapeParent] of problem.parents.entries()) {
    const parent = nodeOf.get(shapeParent);
    if (parent === undefined) continue;
    const prefix = parent < 0 ? [] : prefixes[parent]!;
    const law = problem.q(prefix);
    const siblings = draft.tokens.filter((_, node) => draft.parents[node] === parent);
    const token = drawOne(law, siblings, drawn, prefix.length, chance, race);
    if (token === null) continue;
    nodeOf.set(shapeNode, draft.tokens.length);
    prefixes.push([...prefix, token]);
    draft.tokens.push(token);
    draft.parents.push(parent);
    draft.laws.push(drawn === 'top' ? 'point' : law);
  }
  return { ...draft, drawn };
}

function drawOne(
  law: Law,
  siblings: readonly number[],
  drawn: Drawn,
  position: number,
  chance: Chance<Fraction>,
  race: boolean,
): number | null {
  const left = law.map((mass, token) => (drawn !== 'independent' && siblings.includes(token) ? rational.zero : mass));
  if (!left.some((mass) => mass.compare(0) > 0)) return null;
  if (drawn === 'top') return left.reduce((best, mass, token) => (mass.compare(left[best]!) > 0 ? token : best), 0);
  return race ? chance.race({ purpose: 'target', position }, left) : chance.draw({ purpose: 'draft', position }, left);
}

/** One round: the emitted tokens. */
export function roundOf(rule: Rule, problem: Problem, drawn: Drawn, race = false) {
  return (chance: Chance<Fraction>): number[] =>
    emittedBy(rule, drawDraft(problem, drawn, chance, race), problem.p, chance);
}
