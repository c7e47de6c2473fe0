/**
 * Random problems with laws that float64 holds exactly, so that what is enumerated as fractions is what an engine gets.
 * @packageDocumentation
 */
import Fraction from 'fraction.js';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { Drawn } from '../../../draft/draft.ts';
import { oncePerPrefix } from '../../../law/prefix.ts';
import type { ExactLaw, Problem } from '../../../law/problem.ts';

/** What a random problem looks like. */
export interface ProblemSketch {
  readonly seed: number;
  readonly vocabulary: number;
  readonly parents: readonly number[];
  readonly drawn: Drawn;
  /** Probabilities are multiples of 1 / steps, a power of two. */
  readonly steps: number;
}

/** A problem with independent random laws after every prefix; about one probability in five is zero. */
export function randomProblem({ seed, vocabulary, parents, drawn, steps }: ProblemSketch): Problem {
  const lawsOf = (stream: number): ((prefix: readonly number[]) => ExactLaw) =>
    oncePerPrefix((prefix) => randomLaw(generatorAt(seed, stream, prefix), vocabulary, steps));
  return { vocabulary, parents, drawn, target: lawsOf(1), draft: lawsOf(2) };
}

/** Its own generator for each prefix: a law does not depend on which others were asked for. */
function generatorAt(seed: number, stream: number, prefix: readonly number[]): RandomGenerator {
  let hash = (seed * 4 + stream) | 0;
  for (const token of prefix) hash = (Math.imul(hash, 31) + token + 1) | 0;
  return xoroshiro128plus(Math.imul(hash ^ (hash >>> 16), 0x45d9f3b));
}

/** Throws `steps` balls into the tokens, more of them into some than into others. */
function randomLaw(generator: RandomGenerator, vocabulary: number, steps: number): ExactLaw {
  const width = (): number => (uniformInt(generator, 0, 4) === 0 ? 0 : uniformInt(generator, 1, 12));
  const widths: number[] = Array.from({ length: vocabulary }, width);
  if (!widths.some((each) => each > 0)) widths[uniformInt(generator, 0, vocabulary - 1)] = 1;
  const total = widths.reduce((a, b) => a + b);
  const balls = new Array<number>(vocabulary).fill(0);
  for (let ball = 0; ball < steps; ball++) {
    let at = uniformInt(generator, 0, total - 1);
    const token = widths.findIndex((each) => {
      at -= each;
      return at < 0;
    });
    balls[token]! += 1;
  }
  return balls.map((count) => new Fraction(count, steps));
}
