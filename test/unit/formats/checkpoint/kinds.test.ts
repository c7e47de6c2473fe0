import { describe, expect, it } from 'vitest';
import { HEADERS, WHOLE } from '../../../../src/formats/checkpoint/kinds.ts';
import { stored } from '../../../../src/numerics/stored.ts';

describe('matrices that lie transposed', () => {
  const data = [1, 2, 3, 4, 5, 6];

  it('their numbers, in the same width', () => {
    const weight = stored('w', 'F32', Float32Array.from(data), [2, 3]);
    const { shape, format, data: turned } = WHOLE.transposed(weight);
    expect(shape).toEqual([3, 2]);
    expect(format).toBe('F32');
    expect([...turned]).toEqual([1, 4, 2, 5, 3, 6]);
    expect([...weight.data]).toEqual(data);
  });

  it('the bits of BF16', () => {
    const weight = stored('w', 'BF16', Uint16Array.from(data), [3, 2]);
    expect([...WHOLE.transposed(weight).data]).toEqual([1, 3, 5, 2, 4, 6]);
  });

  it('their headers', () => {
    const entry = { dtype: 'F16', shape: [2, 3], start: 0, end: 12 } as const;
    expect(HEADERS.transposed(entry)).toEqual({ ...entry, shape: [3, 2] });
  });
});
