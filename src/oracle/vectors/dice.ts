import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Random choices that inputs of vectors are made of. The same seed gives the same choices on every machine. */
export interface Dice {
  /** An integer in [0, n). */
  below(n: number): number;
  /** One of a list. */
  pick<T>(list: readonly T[]): T;
  /** True once in n times. */
  once(n: number): boolean;
}

/** Dice with a seed. */
export function diceOf(seed: number): Dice {
  const generator = xoroshiro128plus(Math.imul(seed + 1, 0x9e3779b1));
  const below = (n: number): number => uniformInt(generator, 0, n - 1);
  return { below, pick: (list) => list[below(list.length)]!, once: (n) => below(n) === 0 };
}
