/**
 * The `count` most likely tokens by their logits (or any other weights that rank tokens), most likely first, lower ids
 * first on ties. A logit of minus infinity is a ban: such tokens are left out, so there may be fewer.
 * @shape logits: [V]
 * @example
 * import assert from 'node:assert/strict';
 * import { mostLikelyTokens } from 'turbo-lora/draft';
 * assert.deepEqual(mostLikelyTokens([0.5, 2, -Infinity, 2], 3), [1, 3, 0]);
 */
export function mostLikelyTokens(logits: ArrayLike<number>, count: number): number[] {
  const best: number[] = [];
  for (let token = 0; token < logits.length; token++) {
    const logit = logits[token]!;
    if (logit === Number.NEGATIVE_INFINITY) continue;
    if (best.length === count && !(logit > (logits[best.at(-1)!] ?? Number.POSITIVE_INFINITY))) continue;
    let at = best.length;
    while (at > 0 && logit > logits[best[at - 1]!]!) at -= 1;
    best.splice(at, 0, token);
    if (best.length > count) best.pop();
  }
  return best;
}
