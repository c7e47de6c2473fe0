import { describe, expect, it } from 'vitest';
import {
  compareAll,
  expectationOf,
  type Side,
  speedups,
  spreadOf,
  timesPerToken,
} from '../../../src/cli/comparison.ts';
import type { TimedGeneration } from '../../../src/cli/timed-generation.ts';
import { RULES } from '../../../src/verify/rules.ts';

const timed = (tokens: number[], milliseconds: number): TimedGeneration =>
  ({ completion: { tokens, milliseconds }, tokens: [], tokensPerSecond: null }) as unknown as TimedGeneration;

describe('compareAll', () => {
  it('warms up both sides, then lets them take turns at going first', async () => {
    const calls: [number, Side, number | null][] = [];
    await compareAll(2, 2, async (prompt, side, run) => {
      calls.push([prompt, side, run]);
      return timed([1], 1);
    });
    const turn = (prompt: number, run: number, ...sides: Side[]) => sides.map((side) => [prompt, side, run]);
    expect(calls).toEqual([
      [0, 'plain', null],
      [0, 'speculative', null],
      ...turn(0, 0, 'plain', 'speculative'),
      ...turn(1, 0, 'speculative', 'plain'),
      ...turn(0, 1, 'speculative', 'plain'),
      ...turn(1, 1, 'plain', 'speculative'),
    ]);
  });

  it('times tokens, so texts of other lengths do not count as speed', async () => {
    const [comparison] = await compareAll(1, 3, async (_, side, run) =>
      side === 'plain' ? timed([1, 2, 3, 4], 40 + (run ?? 0)) : timed([1, 2], 10),
    );
    expect(comparison!.agree).toBe(false);
    expect(timesPerToken([comparison!], 'plain')).toEqual([10, 10.25, 10.5]);
    expect(spreadOf(speedups([comparison!]))).toEqual({ median: 2.05, least: 2, most: 2.1 });
  });
});

describe('spreadOf', () => {
  it.each([
    [[3], { median: 3, least: 3, most: 3 }],
    [[4, 1], { median: 2.5, least: 1, most: 4 }],
    [[5, 1, 3], { median: 3, least: 1, most: 5 }],
  ])('%j', (values, spread) => expect(spreadOf(values)).toEqual(spread));
});

describe('expectationOf', () => {
  it('at temperature 0 every rule writes the plain text', () => {
    for (const rule of RULES.values()) expect(expectationOf(rule, 0)).toBe('same');
  });

  it('above it only rules that follow the target’s own draws do', () => {
    const rules = [...RULES.values()].filter(({ name }) => name !== 'greedy');
    const of = (expectation: string) =>
      rules.filter((rule) => expectationOf(rule, 1) === expectation).map(({ name }) => name);
    expect(of('same')).toEqual(['match', 'gumbel']);
    expect(of('lossy')).toEqual(['typical', 'lenience']);
  });
});
