/**
 * Tokens drawn from a law to follow the same text.
 * @packageDocumentation
 */
import type { Drawn } from './draft.ts';
import type { Drawing } from './drafter.ts';

/**
 * A drafted token from a law. When the target draws by race, so does the draft, with the clocks of the position that it
 * guesses.
 */
function drawToken<T>({ chance, draws }: Drawing<T>, position: number, law: ArrayLike<T>): number {
  return draws === 'race'
    ? chance.race({ purpose: 'target', position }, law)
    : chance.draw({ purpose: 'draft', position }, law);
}

/**
 * Up to `count` tokens drawn from the law of one position. Without replacement, each is drawn from what the earlier
 * ones left, normalised; there are fewer when nothing is left. By race, draws without replacement are the first clocks
 * to ring, in order. Independent draws by race would all be the same token.
 * @shape law: [V]
 */
export function drawSiblings<T>(
  drawing: Drawing<T>,
  position: number,
  law: ArrayLike<T>,
  count: number,
  drawn: Exclude<Drawn, 'top'>,
): number[] {
  const tokens: number[] = [];
  if (drawn === 'independent') {
    for (let i = 0; i < count; i++) tokens.push(drawToken(drawing, position, law));
    return tokens;
  }
  const { zero, compare } = drawing.arithmetic;
  let left: ArrayLike<T> = law;
  while (tokens.length < count) {
    if (tokens.length > 0) {
      const taken = tokens.at(-1)!;
      const rest = Array.from(left, (mass, token) => (token === taken ? zero : mass));
      if (!rest.some((mass) => compare(mass, zero) > 0)) break;
      left = rest;
    }
    tokens.push(drawToken(drawing, position, left));
  }
  return tokens;
}
