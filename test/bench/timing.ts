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

/** Times `work` in turn with nothing else, after `warmup` uncounted calls. */
export function time(work: () => void, { runs = 15, warmup = 5 } = {}): Timing {
  for (let i = 0; i < warmup; i++) work();
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return { median: medianOf(times), fastest: Math.min(...times) };
}

/** Times two pieces of work A B A B …, so that a drift of the machine's speed hits both alike. */
export function timePair(
  a: () => void,
  b: () => void,
  { runs = 15, warmup = 3 } = {},
): { a: number; b: number; ratio: number } {
  for (let i = 0; i < warmup; i++) {
    a();
    b();
  }
  const pairs = Array.from({ length: runs }, () => {
    const start = performance.now();
    a();
    const between = performance.now();
    b();
    return [between - start, performance.now() - between] as const;
  });
  return {
    a: medianOf(pairs.map(([x]) => x)),
    b: medianOf(pairs.map(([, y]) => y)),
    ratio: medianOf(pairs.map(([x, y]) => x / y)),
  };
}
