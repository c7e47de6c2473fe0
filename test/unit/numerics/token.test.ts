import { describe, expect, it } from 'vitest';
import { TokenError } from '../../../src/errors.ts';
import { checkToken } from '../../../src/numerics/token.ts';

describe('checkToken', () => {
  it('returns ids of the vocabulary, the first and the last too', () => {
    expect([0, 3].map((token) => checkToken('token', token, 4))).toEqual([0, 3]);
  });

  it.each([
    [4, '4'],
    [-1, '-1'],
    [0.5, '0.5'],
    [Number.NaN, 'NaN'],
    [null, 'null'],
    ['1', 'a value of type string'],
    [1n, 'a value of type bigint'],
    [undefined, 'a value of type undefined'],
  ])('refuses %s', (token, got) => {
    const check = () => checkToken('banned token', token, 4);
    expect(check).toThrow(TokenError);
    expect(check).toThrow(`banned token: expected an id in [0, 4), got ${got}`);
  });
});
