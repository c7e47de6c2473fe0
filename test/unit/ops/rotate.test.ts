import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/errors.ts';
import { tensor } from '../../../src/numerics/tensor.ts';
import { rotate } from '../../../src/ops/float64/rotate.ts';

/** Cosines and sines of quarter turns, exact. */
function quarters(...turns: number[]) {
  const [cos, sin] = [
    [1, 0, -1, 0],
    [0, 1, 0, -1],
  ];
  return {
    cos: Float64Array.from(turns, (turn) => cos[turn]!),
    sin: Float64Array.from(turns, (turn) => sin[turn]!),
  };
}

describe('rotate', () => {
  it('turns the planes (i, i + Dh/2) of every head alike, by hand', () => {
    const x = tensor('x', Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8), [1, 8]);
    // Two heads of four: plane 0 turns by 90 degrees (x, y) -> (-y, x), plane 1 by 180.
    expect([...rotate(x, 2, quarters(1, 2)).data]).toEqual([-3, -2, 1, -4, -7, -6, 5, -8]);
  });

  it('turns the planes (2 i, 2 i + 1) when they are interleaved', () => {
    const x = tensor('x', Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8), [1, 8]);
    const turned = rotate(x, 2, { ...quarters(1, 2), interleaved: true });
    expect([...turned.data]).toEqual([-2, 1, -3, -4, -6, 5, -7, -8]);
  });

  it('leaves the dimensions after the planes as they are', () => {
    const x = tensor('x', Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8), [1, 8]);
    expect([...rotate(x, 2, { ...quarters(1), dimensions: 2 }).data]).toEqual([-2, 1, 3, 4, -6, 5, 7, 8]);
  });

  it('gives each row its own angles', () => {
    const x = tensor('x', Float64Array.of(1, 2, 1, 2), [2, 2]);
    expect([...rotate(x, 1, quarters(0, 1)).data]).toEqual([1, 2, -2, 1]);
  });

  it('keeps the length of every plane and turns back exactly as far', () => {
    const number = fc.double({ min: -10, max: 10, noNaN: true });
    fc.assert(
      fc.property(number, number, fc.double({ min: -100, max: 100, noNaN: true }), (a, b, angle) => {
        const turn = (sign: number) => ({
          cos: Float64Array.of(Math.cos(angle)),
          sin: Float64Array.of(sign * Math.sin(angle)),
        });
        const turned = rotate(tensor('x', Float64Array.of(a, b), [1, 2]), 1, turn(1));
        expect(Math.hypot(turned.data[0]!, turned.data[1]!)).toBeCloseTo(Math.hypot(a, b), 12);
        const back = rotate(turned, 1, turn(-1));
        expect(back.data[0]).toBeCloseTo(a, 12);
        expect(back.data[1]).toBeCloseTo(b, 12);
      }),
    );
  });

  it('refuses angles of another number of rows or frequencies', () => {
    const x = tensor('x', new Float64Array(8), [2, 4]);
    expect(() => rotate(x, 1, quarters(0, 1))).toThrow(ShapeError);
    expect(() => rotate(x, 2, quarters(0, 1, 2, 3))).toThrow(ShapeError);
    expect(() => rotate(x, 1, { ...quarters(0, 1, 2, 3), sin: new Float64Array(3) })).toThrow(ShapeError);
  });

  it('refuses heads that are not of one even size', () => {
    // Four heads of 1.5 numbers: four rows would have three angles of 0.75 frequencies each.
    const angles = { cos: new Float64Array(3), sin: new Float64Array(3) };
    expect(() => rotate(tensor('x', new Float64Array(24), [4, 6]), 4, angles)).toThrow(ShapeError);
    expect(() => rotate(tensor('x', new Float64Array(6), [2, 3]), 1, angles)).toThrow(ShapeError);
  });
});
