import { describe, expect, it } from 'vitest';
import { dyadic, exactNumber } from '../../../src/law/exact-number.ts';

describe('numbers are read exactly', () => {
  it.each([
    ['2/5', '2/5'],
    ['0.4', '2/5'],
    ['.4', '2/5'],
    ['-.25', '-1/4'],
    ['2.', '2'],
    [0.1, '1/10'],
    ['1e-30', `1/1${'0'.repeat(30)}`],
    [1e-7, '1/10000000'],
    ['2E2', '200'],
    ['6/4', '3/2'],
    ['-1/3', '-1/3'],
    ['0.1000000000000000000000000001', '1000000000000000000000000001/10000000000000000000000000000'],
  ])('%j is %s', (value, expected) => {
    expect(exactNumber('n', value).toFraction()).toBe(expected);
  });

  it.each(['', 'a', '1/0', '1/2/3', '.', '-.', '1.2.3', '1e9999', 'Infinity', '0x10', '1_000', '1 1/2', '0.(3)'])(
    '%j is refused',
    (text) => {
      expect(() => exactNumber('n', text)).toThrow(expect.objectContaining({ name: 'FormatError' }));
    },
  );

  it('float64 as the dyadic rationals that they are', () => {
    expect(dyadic(2 ** -30).toFraction()).toBe('1/1073741824');
    expect(dyadic(0.1).toFraction()).toBe('3602879701896397/36028797018963968');
    expect(dyadic(5e-324).d).toBe(2n ** 1074n);
    expect(dyadic(-3).toFraction()).toBe('-3');
    expect(() => dyadic(Number.NaN)).toThrow(/finite/);
  });
});
