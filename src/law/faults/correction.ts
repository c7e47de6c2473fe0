/**
 * Faults of rejection sampling: what is accepted, and what is drawn after a rejection.
 * @packageDocumentation
 */
import { rational } from '../../numerics/arithmetic.ts';
import { exp } from '../../numerics/elementary.ts';
import { nearestNumber } from '../../numerics/nearest-number.ts';
import { residual, withMass } from '../../verify/residual.ts';
import { dyadic } from '../exact-number.ts';
import { TEXTBOOK } from './examples.ts';
import type { Fault } from './fault.ts';
import { type RejectionSteps, rejectionFrom } from './rejection-steps.ts';

const inRejection = (fault: Omit<Fault, 'rules' | 'plant'>, steps: Partial<RejectionSteps>): Fault => ({
  ...fault,
  rules: ['rejection'],
  plant: (scheme) => ({ ...scheme, decide: rejectionFrom(steps) }),
});

/** The residual goes through a softmax instead of being divided by its sum. */
export const residualSoftmax = inRejection(
  {
    name: 'residual-softmax',
    description:
      'After a rejection the residual max(p - q, 0) goes through a softmax instead of being divided by its sum.',
    references: [
      { where: 'huggingface/transformers#28508', title: 'residual through softmax in speculative sampling' },
    ],
    reveals: TEXTBOOK,
    signature: { problem: TEXTBOOK, emitted: ['0.321', '0.390', '0.290'] },
  },
  {
    afterRejection: (p, q, token) =>
      residual(rational, p, q, token).map((excess) => dyadic(exp(nearestNumber(excess)))),
  },
);

/** The correction is drawn from the target. */
export const resampleFromTarget = inRejection(
  {
    name: 'resample-from-target',
    description: 'After a rejection the correction is drawn from the target p instead of the residual max(p - q, 0).',
    references: [{ where: 'arXiv 2211.17192', title: 'section 2.3: the correction comes from norm(max(0, p - q))' }],
    reveals: TEXTBOOK,
    signature: { problem: TEXTBOOK, emitted: ['7/20', '39/100', '13/50'] },
  },
  { afterRejection: (p) => p },
);

/** Acceptance with twice the ratio. */
export const doubleRatio = inRejection(
  {
    name: 'double-ratio',
    description: 'Accepts with min(1, 2 p/q) instead of min(1, p/q).',
    references: [
      { where: 'NVIDIA/TensorRT-LLM', title: 'a test of one position by |KL difference| < 0.01 does not see it' },
    ],
    reveals: TEXTBOOK,
  },
  { numerator: (p, token) => p[token]!.mul(2) },
);

/** Every coin's uniform is zero. */
export const coinsAtZero = inRejection(
  {
    name: 'coins-at-zero',
    description: 'The uniform number of every coin is 0, so every draft that has any target probability is accepted.',
    references: [{ where: 'vllm-project/vllm-ascend#13766', title: 'uniform fixed at 0: all drafts accepted' }],
    reveals: TEXTBOOK,
  },
  { unverified: () => false, numerator: (p, token) => (p[token]!.compare(0) > 0 ? rational.one : rational.zero) },
);

/** The target's probability of the drafted token is zeroed before it is used. */
export const zeroedTarget = inRejection(
  {
    name: 'zeroed-target',
    description: 'p(x) of the drafted token is set to zero in place before the coin and the residual use it.',
    references: [{ where: 'vllm-project/vllm-ascend#2881', title: 'target_probs modified in place' }],
    reveals: { vocabulary: 3, target: ['2/5', '2/5', '1/5'], draft: ['1/5', '1/5', '3/5'] },
  },
  {
    numerator: () => rational.zero,
    afterRejection: (p, q, token) => {
      const zeroed = Array.from(p, (mass, i) => (i === token ? rational.zero : mass));
      return withMass(rational, residual(rational, zeroed, q, token), zeroed);
    },
  },
);

/** The first drafted token is committed without verification. */
export const firstUnverified = inRejection(
  {
    name: 'first-unverified',
    description: 'The first drafted token is emitted unverified; the others are verified with the correct rows.',
    references: [{ where: 'ohdearquant/lattice#243', title: 'verify_draft commits draft[0] unverified' }],
    reveals: TEXTBOOK,
  },
  { unverified: (node) => node === 0 },
);
