/**
 * Tokens drawn from a law to follow the same text.
 * @packageDocumentation
 */
import type { Drawn } from './draft.ts';
import type { DraftRequest } from './drafter.ts';

/**
 * A drafted token from a law. When the target draws by race, so does the draft, on the clocks of the token that it guesses.
 * @shape law: [V]
 */
export function drawToken<T>(
  { chance, draws }: Pick<DraftRequest<T>, 'chance' | 'draws'>,
  position: number,
  law: ArrayLike<T>,
): number {
  return draws === 'race'
    ? chance.race({ purpose: 'target', position }, law)
    : chance.draw({ purpose: 'draft', position }, law);
}

/** Tokens that were drawn to follow the same text, and the law of the first of them. */
export interface Siblings<T> {
  readonly tokens: readonly number[];
  readonly law: ArrayLike<T>;
}

/**
 * Up to `count` tokens drawn from one law. Without replacement each is drawn from what the earlier ones left, normalised;
 * there are fewer when nothing is left. Draws without replacement by race are the first clocks to ring, in order;
 * independent draws by race would all be the same token.
 * @shape law: [V]
 */
export function drawSiblings<T>(
  request: DraftRequest<T>,
  position: number,
  law: Float64Array,
  count: number,
  drawn: Exclude<Drawn, 'top'>,
): Siblings<T> {
  const tokens: number[] = [];
  const lifted = request.lift(law);
  const rest = law.slice();
  while (tokens.length < count && rest.some((mass) => mass > 0)) {
    // Lifting keeps proportions, so lifting what is left gives the law that is left.
    const left = drawn === 'independent' || tokens.length === 0 ? lifted : request.lift(rest);
    const token = drawToken(request, position, left);
    tokens.push(token);
    if (drawn === 'without-replacement') rest[token] = 0;
  }
  return { tokens, law: lifted };
}
