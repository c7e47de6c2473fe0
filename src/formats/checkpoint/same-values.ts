import { type Stored, widen } from '../../numerics/stored.ts';

/** Whether two tensors of one shape hold the same numbers, in whatever width. */
export function sameValues(a: Stored, b: Stored): boolean {
  const chunk = 4096;
  const [wideA, wideB] = [new Float64Array(chunk), new Float64Array(chunk)];
  for (let from = 0; from < a.data.length; from += chunk) {
    const count = Math.min(chunk, a.data.length - from);
    widen(a, from, count, wideA);
    widen(b, from, count, wideB);
    for (let i = 0; i < count; i++) if (wideA[i] !== wideB[i]) return false;
  }
  return true;
}
