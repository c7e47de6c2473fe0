import type { ConformanceReport } from './report.ts';

/** The shards of the plan that a report is not about. */
export function missingShards({ plan, shards }: Pick<ConformanceReport, 'plan' | 'shards'>): readonly number[] {
  return Array.from({ length: plan.shards }, (_, i) => i + 1).filter((shard) => !shards.includes(shard));
}

/** Ascending numbers as `1-3, 7`. */
export function inRanges(numbers: readonly number[]): string {
  const found: [number, number][] = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else found.push([number, number]);
  }
  return found.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}
