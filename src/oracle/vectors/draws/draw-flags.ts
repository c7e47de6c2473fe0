import type { DrawInputs, DrawnToken } from './drawn-token.ts';

/** What the flags of draws mean, in the order in which they are listed. */
export const DRAW_FLAGS = {
  AtBoundary: 'The uniform is exactly on the boundary between two tokens.',
  UniformZero: 'The uniform is 0; in a race: that of some token is.',
  LargestUniform: 'The uniform is the largest float32 or float64 below 1.',
  ZeroFirst: 'Token 0 has weight zero.',
  ZeroLast: 'The last token has weight zero.',
  OnlyToken: 'One token has all the weight.',
  Unnormalized: 'The weights do not sum to one.',
} as const;

/** A flag of a draw. */
export type DrawFlag = keyof typeof DRAW_FLAGS;

/** The flags of a draw, in listing order. */
export function drawFlags({ law, uniforms }: DrawInputs, { margin }: DrawnToken): DrawFlag[] {
  const total = law.reduce((a, b) => a + b, 0);
  const has: Record<DrawFlag, boolean> = {
    AtBoundary: margin === 0,
    UniformZero: uniforms.includes(0),
    LargestUniform: uniforms.some((uniform) => uniform === 1 - 2 ** -24 || uniform === 1 - 2 ** -53),
    ZeroFirst: law[0] === 0,
    ZeroLast: law.at(-1) === 0,
    OnlyToken: law.filter((weight) => weight > 0).length === 1,
    Unnormalized: Math.abs(total - 1) > 1e-3,
  };
  return (Object.keys(has) as DrawFlag[]).filter((flag) => has[flag]);
}
