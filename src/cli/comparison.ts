/**
 * Plain and speculative decoding of the same prompts: what must be equal, and how long each takes.
 *
 * Both sides decode the first prompt once before anything is timed, so that neither pays for compiling the kernels.
 * Then both decode every prompt in each run, alternating which goes first.
 * @packageDocumentation
 */
import type { Rule } from '../verify/rule.ts';
import type { TimedGeneration } from './timed-generation.ts';

/** The two ways of decoding. */
export type Side = 'plain' | 'speculative';

/**
 * What a rule promises about the two texts: the `same` tokens; the same `law`, so that one tape may give two different
 * texts; or nothing, because the rule is `lossy`.
 */
export type Expectation = 'same' | 'law' | 'lossy';

/**
 * What a rule promises at a temperature. At 0 distributions are point masses, so every rule's text is the plain one.
 */
export function expectationOf(rule: Rule, temperature: number): Expectation {
  if (temperature === 0 || rule.sameText === true) return 'same';
  return rule.lossless === 'law' ? 'law' : 'lossy';
}

/** One prompt decoded both ways, run after run. */
export interface Comparison {
  readonly plain: readonly TimedGeneration[];
  readonly speculative: readonly TimedGeneration[];
  readonly agree: boolean;
}

/** A median and the range around it. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/**
 * Decodes every prompt both ways in each of `runs` runs.
 * @param decode decodes one prompt; `run` is null for warming up
 */
export async function compareAll(
  prompts: number,
  runs: number,
  decode: (prompt: number, side: Side, run: number | null) => Promise<TimedGeneration>,
): Promise<Comparison[]> {
  for (const side of ['plain', 'speculative'] as const) await decode(0, side, null);
  const timed = Array.from({ length: prompts }, () => ({
    plain: [] as TimedGeneration[],
    speculative: [] as TimedGeneration[],
  }));
  for (let run = 0; run < runs; run++) {
    for (const [prompt, sides] of timed.entries()) {
      const order: readonly Side[] = (run + prompt) % 2 === 0 ? ['plain', 'speculative'] : ['speculative', 'plain'];
      for (const side of order) sides[side].push(await decode(prompt, side, run));
    }
  }
  return timed.map((sides) => ({ ...sides, agree: agrees(sides.plain[0]!, sides.speculative[0]!) }));
}

function agrees({ completion: one }: TimedGeneration, { completion: other }: TimedGeneration): boolean {
  return one.tokens.length === other.tokens.length && one.tokens.every((token, i) => token === other.tokens[i]);
}

/**
 * Time per token of one side over all these prompts, run by run, in milliseconds: prefill and all other passes. It is
 * per token because the two sides may write texts of different lengths.
 */
export function timesPerToken(comparisons: readonly Comparison[], side: Side): number[] {
  const runs = comparisons[0]![side].length;
  return Array.from({ length: runs }, (_, run) => {
    const completions = comparisons.map((comparison) => comparison[side][run]!.completion);
    const time = completions.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    return time / completions.reduce((sum, { tokens }) => sum + tokens.length, 0);
  });
}

/** How many times as fast as the plain side the speculative one writes tokens, run by run. */
export function speedups(comparisons: readonly Comparison[]): number[] {
  const fast = timesPerToken(comparisons, 'speculative');
  return timesPerToken(comparisons, 'plain').map((slow, run) => slow / fast[run]!);
}

/** The median and the range of some numbers. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return {
    median: (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2,
    least: sorted[0]!,
    most: sorted.at(-1)!,
  };
}
