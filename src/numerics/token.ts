import { TokenError } from '../errors.ts';

/**
 * A token id, checked: an index of laws over `vocabularySize` tokens.
 * @throws {@link TokenError} when it is not an integer in [0, vocabularySize).
 * @example
 * import assert from 'node:assert/strict';
 * import { checkToken } from 'turbo-lora/numerics';
 * assert.equal(checkToken('banned token', 3, 4), 3);
 * assert.throws(() => checkToken('banned token', 4, 4), { name: 'TokenError' });
 */
export function checkToken(label: string, token: unknown, vocabularySize: number): number {
  if (typeof token === 'number' && Number.isInteger(token) && token >= 0 && token < vocabularySize) return token;
  const got = typeof token === 'number' || token === null ? `${token}` : `a value of type ${typeof token}`;
  throw new TokenError(label, `an id in [0, ${vocabularySize})`, got);
}
