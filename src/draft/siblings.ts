/**
 * How drafters turn a law into tokens.
 * @packageDocumentation
 */
import { OptionError } from '../errors.ts';
import type { DraftLaw, Drawn } from './draft.ts';
import type { DraftRequest } from './drafter.ts';
import { mostLikelyTokens } from './most-likely.ts';

/** Tokens that all follow the same text, and the law that they came from. */
export interface Siblings<T> {
  readonly tokens: readonly number[];
  /** Of draws without replacement the law of the first. */
  readonly law: DraftLaw<T>;
}

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

/**
 * Up to `count` tokens from one law. Without replacement each is drawn from what the earlier ones left, normalised; there are
 * fewer when nothing is left. Draws without replacement by race are the first clocks to ring, in order; independent draws
 * by race would all be the same token.
 * @shape law: [V]
 */
export function drawSiblings<T>(
  request: DraftRequest<T>,
  position: number,
  law: Float64Array,
  count: number,
  drawn: Drawn,
): Siblings<T> {
  if (drawn === 'top') return { tokens: mostLikelyTokens(law, count), law: 'point' };
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

/**
 * Asserts that a number of children is given for each depth.
 * @throws {@link OptionError} when one is not an integer of at least 1.
 */
export function checkChildren(children: readonly number[]): void {
  for (const count of children) {
    if (!Number.isInteger(count) || count < 1)
      throw new OptionError('draft tree', 'integers of at least 1', `${count}`);
  }
}

/** A draft under construction. */
export interface GrowingDraft<T> {
  readonly tokens: number[];
  readonly parents: number[];
  readonly laws: DraftLaw<T>[];
}

/**
 * Grows a tree level by level: `children[d]` children for each node at depth d, from the law that `lawsOf` gives for each
 * of the level's nodes (the root is node -1).
 */
export function growTree<T>(
  request: DraftRequest<T>,
  children: readonly number[],
  drawn: Drawn,
  lawsOf: (level: readonly number[], draft: GrowingDraft<T>) => Float64Array[],
): GrowingDraft<T> & { readonly drawn: Drawn } {
  const draft: GrowingDraft<T> = { tokens: [], parents: [], laws: [] };
  let level = [-1];
  for (const [depth, count] of children.entries()) {
    const laws = lawsOf(level, draft);
    level = level.flatMap((parent, i) => {
      const siblings = drawSiblings(request, request.tokens.length + depth, laws[i]!, count, drawn);
      return siblings.tokens.map((token) => {
        draft.parents.push(parent);
        draft.laws.push(siblings.law);
        return draft.tokens.push(token) - 1;
      });
    });
  }
  return { ...draft, drawn };
}
