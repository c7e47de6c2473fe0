/**
 * The `count` most likely tokens of a law, most likely first, lower ids first on ties; tokens of probability zero are
 * left out, so there may be fewer.
 * @shape law: [V]
 */
export function mostLikelyTokens(law: ArrayLike<number>, count: number): number[] {
  const best: number[] = [];
  for (let token = 0; token < law.length; token++) {
    const mass = law[token]!;
    if (mass === 0 || (best.length === count && !(mass > law[best.at(-1)!]!))) continue;
    let at = best.length;
    while (at > 0 && mass > law[best[at - 1]!]!) at -= 1;
    best.splice(at, 0, token);
    if (best.length > count) best.pop();
  }
  return best;
}
