/**
 * Problems that reveal faults.
 * @packageDocumentation
 */
import type { ProblemInput } from '../problem-input.ts';

/** One drafted token, with a residual of one token. */
export const TEXTBOOK: ProblemInput = {
  vocabulary: 3,
  target: ['1/2', '3/10', '1/5'],
  draft: ['1/5', '3/10', '1/2'],
};
/** One drafted token, with a residual of two tokens: a one-token residual hides faults that couple draws. */
export const TWO_LEFT: ProblemInput = {
  vocabulary: 4,
  target: ['2/5', '3/10', '1/5', '1/10'],
  draft: ['1/10', '1/5', '3/10', '2/5'],
};

/** Two drafted tokens, with laws that differ after every first token. */
export const DIFFERENT_ROWS: ProblemInput = {
  vocabulary: 3,
  target: {
    default: ['1/2', '3/10', '1/5'],
    after: { 0: ['1/6', '1/6', '2/3'], 1: ['1/4', '5/8', '1/8'], 2: ['3/7', '1/7', '3/7'] },
  },
  draft: {
    default: ['1/5', '3/10', '1/2'],
    after: { 0: ['2/3', '1/6', '1/6'], 1: ['1/8', '1/4', '5/8'], 2: ['1/7', '5/7', '1/7'] },
  },
  shape: { chain: 2 },
};

/** Five drafted tokens whose probabilities are near the midpoint of two bfloat16 numbers, and nothing to reject. */
export const ROUNDING: ProblemInput = {
  vocabulary: 3,
  target: ['104/361', '73/361', '184/361'],
  draft: ['104/361', '73/361', '184/361'],
  shape: { chain: 5 },
};

/**
 * Two drafted tokens, with laws that differ after every first token and residuals of two tokens. No two known faults
 * have one law here.
 */
export const REVEALING: ProblemInput = {
  vocabulary: 4,
  target: {
    default: ['2/5', '3/10', '1/5', '1/10'],
    after: {
      0: ['1/10', '1/5', '3/10', '2/5'],
      1: ['1/2', '1/8', '1/8', '1/4'],
      2: ['1/6', '1/2', '1/6', '1/6'],
      3: ['1/4', '1/4', '2/5', '1/10'],
    },
  },
  draft: {
    default: ['1/10', '1/5', '3/10', '2/5'],
    after: {
      0: ['1/3', '1/3', '1/6', '1/6'],
      1: ['1/8', '1/4', '1/2', '1/8'],
      2: ['1/2', '1/8', '1/4', '1/8'],
      3: ['1/10', '2/5', '1/10', '2/5'],
    },
  },
  shape: { chain: 2 },
};
