import { describe, expect, it } from 'vitest';
import { ShapeError, TokenError } from '../../../src/errors.ts';
import { stored } from '../../../src/numerics/stored.ts';
import { embed } from '../../../src/ops/float64/embed.ts';

// 1, 2 | 0.5, -1 | 65504, 2^-24
const table = stored('table', 'F16', Uint16Array.of(0x3c00, 0x4000, 0x3800, 0xbc00, 0x7bff, 0x0001), [3, 2]);

describe('embed', () => {
  it('looks rows up, first and last, repeated, in the order of the tokens', () => {
    const x = embed(table, [2, 0, 1, 0]);
    expect(x.shape).toEqual([4, 2]);
    expect([...x.data]).toEqual([65504, 2 ** -24, 1, 2, 0.5, -1, 1, 2]);
  });

  it('does not alias the table', () => {
    const wide = stored('table', 'F64', Float64Array.of(1, 2), [1, 2]);
    embed(wide, [0]).data[0] = 9;
    expect(wide.data[0]).toBe(1);
  });

  it.each([-1, 3, 0.5, Number.NaN])('refuses token %d of three', (token) => {
    expect(() => embed(table, [0, token])).toThrow(TokenError);
    expect(() => embed(table, [0, token])).toThrow(`token 1: expected an id in [0, 3), got ${token}`);
  });

  it('refuses a table that is not a matrix', () => {
    expect(() => embed(stored('table', 'F64', new Float64Array(4), [4]), [0])).toThrow(ShapeError);
  });
});
