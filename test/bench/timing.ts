/** Median time of repeated calls. */

export interface Timing {
  /** Milliseconds. */
  readonly median: number;
  readonly fastest: number;
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Times `work` alone, after `warmup` uncounted calls. */
export function time(work: () => void, { runs = 15, warmup = 5 } = {}): Timing {
  for (let i = 0; i < warmup; i++) work();
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return { median: medianOf(times), fastest: Math.min(...times) };
}
