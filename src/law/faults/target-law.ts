/**
 * Faults of the target's laws: the wrong row, or the wrong processors.
 * @packageDocumentation
 */
import type Fraction from 'fraction.js';
import { normalised } from '../../chance/distribution.ts';
import { rational } from '../../numerics/arithmetic.ts';
import { prefixAt } from '../prefix.ts';
import { DIFFERENT_ROWS } from './examples.ts';
import type { Fault } from './fault.ts';
import { rejectionFrom } from './rejection-steps.ts';

/** Each drafted token is verified with the next row. */
export const targetRowLate: Fault = {
  name: 'target-row-late',
  description: 'Each drafted token is verified with the target row after it instead of the row before it.',
  rules: ['rejection', 'match', 'gumbel', 'greedy', 'block'],
  references: [{ where: 'huggingface/transformers#28166', title: 'wrong indexing of rows' }],
  reveals: DIFFERENT_ROWS,
  objection: ({ parents }) => (parents.some((parent, node) => parent !== node - 1) ? 'a chain' : null),
  plant: (scheme) => ({
    ...scheme,
    target: (draft, node) => scheme.target(draft, Math.min(node + 1, draft.tokens.length - 1)),
  }),
};

/** The target is scored without the request's temperature. */
export const unprocessedTarget: Fault = {
  name: 'unprocessed-target',
  description:
    'The target is scored at the default temperature 1 although the request asks for 2: with p^2 / sum p^2 instead of p.',
  rules: ['rejection', 'match', 'block', 'specinfer', 'recursive', 'eagle', 'traversal', 'k-seq', 'gumbel'],
  references: [{ where: 'vllm-project/vllm#10198', title: 'target scored with default sampling parameters' }],
  reveals: DIFFERENT_ROWS,
  plant: (scheme, { target }) => ({
    ...scheme,
    target: (draft, node) =>
      normalised(
        rational,
        target(prefixAt(draft, node)).map((mass: Fraction) => mass.mul(mass)),
      )!,
  }),
};

/** A greedy request verified with the target's softmax. */
export const greedyNotOneHot: Fault = {
  name: 'greedy-not-one-hot',
  description:
    'At temperature 0 drafts are verified with the target’s softmax instead of the point mass on its most likely token.',
  rules: ['greedy'],
  references: [{ where: 'vllm-project/vllm#3951', title: 'greedy sampling is not one-hot in the rejection sampler' }],
  reveals: DIFFERENT_ROWS,
  objection: ({ parents }) => (parents.some((parent, node) => parent !== node - 1) ? 'a chain' : null),
  plant: (scheme) => ({ ...scheme, decide: rejectionFrom({}) }),
};
