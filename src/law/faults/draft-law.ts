/**
 * Faults of the hand-over: the verifier gets another draft law than the one that the tokens were drawn from.
 * @packageDocumentation
 */
import Fraction from 'fraction.js';
import type { Chance } from '../../chance/chance.ts';
import { normalised } from '../../chance/distribution.ts';
import type { Draft, DraftLaw } from '../../draft/draft.ts';
import { rational } from '../../numerics/arithmetic.ts';
import { nearestNumber } from '../../numerics/nearest-number.ts';
import { RULES } from '../../verify/rules.ts';
import { proposal, ranking } from '../drafting.ts';
import { greedyLaw } from '../greedy-law.ts';
import { EXACT } from '../numbers.ts';
import { prefixAt } from '../prefix.ts';
import type { ExactLaw, Problem } from '../problem.ts';
import { DIFFERENT_ROWS, ROUNDING, TEXTBOOK } from './examples.ts';
import type { Fault } from './fault.ts';

/** Lossless rules whose verdict depends on the draft law. */
const LOOKING = [...RULES.values()]
  .filter(({ readsDraftLaws, lossless }) => readsDraftLaws && lossless !== 'no')
  .map(({ name }) => name);
const drawnOnly = ({ drawn }: Problem): string | null =>
  drawn === 'top' ? 'drafts that are drawn, not computed' : null;

/** Drafts drawn from one law but passed on with another. */
function handingOver(
  problem: Problem,
  drawnFrom: (law: ExactLaw) => ExactLaw,
  handed: (prefix: readonly number[], law: ExactLaw) => DraftLaw<Fraction>,
): (chance: Chance<Fraction>) => Draft<Fraction> {
  const propose = proposal({ ...problem, draft: (prefix) => drawnFrom(problem.draft(prefix)) }, rational, EXACT.lift);
  return (chance) => {
    const draft = propose(chance);
    const laws = draft.parents.map((parent) => {
      const prefix = prefixAt(draft, parent);
      return handed(prefix, problem.draft(prefix));
    });
    return { ...draft, laws };
  };
}

/** The most likely token is drafted, but passed on as if drawn from the whole law. */
export const greedyDraft: Fault = {
  name: 'greedy-draft',
  description:
    'The drafter takes its most likely token, but passes its softmax distribution to the verifier as if it had sampled.',
  rules: ['rejection', 'block'],
  references: [
    { where: 'huggingface/transformers#32867', title: 'greedy drafts, ratio with softmax q (fixed by #33534)' },
    { where: 'huggingface/transformers#28166', title: 'the assistant did not sample' },
    { where: 'jaymody/speculative-sampling#3', title: 'argmax drafts verified with softmax q' },
  ],
  reveals: { vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] },
  signature: {
    problem: { vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] },
    emitted: ['3/4', '1/4'],
  },
  objection: drawnOnly,
  plant: (scheme, problem) => ({
    ...scheme,
    propose: handingOver(problem, greedyLaw, (_, law) => law),
  }),
};

/** Filters out the least likely token, as top-k does with k one below the number of possible tokens. */
function filtered(law: ExactLaw): ExactLaw {
  const ranked = ranking(law);
  if (ranked.length < 2) return law;
  return normalised(
    rational,
    law.map((mass, token) => (token === ranked.at(-1) ? rational.zero : mass)),
  )!;
}

/** Samples the filtered q, passes on the raw q. */
export const rawDraftLaw: Fault = {
  name: 'raw-draft-law',
  description:
    'Drafts are drawn with top-k (the least likely token is filtered out), but verified with the unfiltered distribution.',
  rules: LOOKING,
  references: [
    { where: 'huggingface/transformers#47932', title: 'samples processed logits, returns raw q' },
    { where: 'mlx-node/mlx-node#11', title: 'draft probabilities ignore the filters used when sampling' },
  ],
  reveals: { vocabulary: 3, target: ['3/8', '5/8', '0'], draft: ['1/2', '3/10', '1/5'] },
  signature: {
    problem: { vocabulary: 3, target: ['3/8', '5/8', '0'], draft: ['1/2', '3/10', '1/5'] },
    emitted: ['0.469', '0.531', '0'],
  },
  objection: drawnOnly,
  plant: (scheme, problem) => ({
    ...scheme,
    propose: handingOver(problem, filtered, (_, law) => law),
  }),
};

/** Draft probabilities read from uninitialised memory. */
export const uninitialisedDraftLaw: Fault = {
  name: 'uninitialised-draft-law',
  description: 'Draft probabilities are read from an uninitialised buffer, filled with 1/V here.',
  rules: LOOKING,
  references: [{ where: 'sgl-project/sglang#12561', title: 'uninitialised draft_probs' }],
  reveals: TEXTBOOK,
  objection: drawnOnly,
  plant: (scheme, problem) => ({
    ...scheme,
    propose: handingOver(
      problem,
      (law) => law,
      (_, law) => law.map(() => new Fraction(1, law.length)),
    ),
  }),
};

/** Draft laws of the previous row. */
export const draftRowShifted: Fault = {
  name: 'draft-row-shifted',
  description:
    'After a gather each drafted token is verified with the draft distribution of the previous row (the first with its own).',
  rules: LOOKING,
  references: [{ where: 'NVIDIA/TensorRT-LLM#12588', title: 'wrong q rows after gather' }],
  reveals: DIFFERENT_ROWS,
  objection: drawnOnly,
  plant: (scheme, problem) => ({
    ...scheme,
    propose: handingOver(
      problem,
      (law) => law,
      (prefix) => problem.draft(prefix.slice(0, -1)),
    ),
  }),
};

/** Rounds to bfloat16: seven bits after the leading one, ties to even. */
export function toBfloat16(value: Fraction): Fraction {
  if (value.compare(0) === 0) return value;
  let exponent = Math.floor(Math.log2(nearestNumber(value)));
  const two = (power: number): Fraction => new Fraction(2).pow(power)!;
  if (value.compare(two(exponent)) < 0) exponent -= 1;
  const unit = two(exponent - 7);
  const scaled = value.div(unit);
  const below = scaled.floor();
  const half = scaled.sub(below).compare(new Fraction(1, 2));
  const odd = !below.mod(2).equals(0);
  return (half > 0 || (half === 0 && odd) ? below.add(1) : below).mul(unit);
}

/** Drafts drawn in bfloat16, verified with the full-precision law. */
export const roundedDraftLaw: Fault = {
  name: 'rounded-draft-law',
  description:
    'Drafts are drawn from the distribution rounded to bfloat16, but verified with the full-precision distribution.',
  rules: LOOKING,
  references: [{ where: 'deepseek-ai/DeepSpec#31', title: 'drafts sampled in bf16, verified with f32 q' }],
  reveals: ROUNDING,
  faint: 'bfloat16 keeps eight bits: no probability moves by more than one part in 256',
  objection: drawnOnly,
  plant: (scheme, problem) => ({
    ...scheme,
    propose: handingOver(
      problem,
      (law) => normalised(rational, law.map(toBfloat16))!,
      (_, law) => law,
    ),
  }),
};
