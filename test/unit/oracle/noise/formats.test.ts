import { expect, it } from 'vitest';
import { bfloat16Value, float16Value } from '../../../../src/numerics/stored.ts';
import { nearestStored } from '../../../../src/oracle/checkpoints/stored-solution.ts';
import { dtypeNamed, roundTo } from '../../../../src/oracle/noise/formats.ts';
import { numbersFrom } from '../../../support/random-model.ts';

const FORMATS = [
  ['float16', float16Value, 0x7c00],
  ['bfloat16', bfloat16Value, 0x7f80],
] as const;

it.each(FORMATS)('%s: numbers of the format stay, those halfway go to the even neighbour', (dtype, value, infinity) => {
  const round = roundTo(dtype);
  for (let bits = 0; bits < infinity - 1; bits++) {
    const [low, high] = [value(bits), value(bits + 1)];
    expect(round(low)).toBe(low);
    expect(round(-low)).toBe(0 - low); // zeros have no sign
    const middle = (low + high) / 2;
    expect(round(middle)).toBe(bits % 2 === 0 ? low : high);
    expect(round(low + 0.49 * (high - low))).toBe(low);
    expect(round(-(low + 0.51 * (high - low)))).toBe(-high);
  }
  const largest = value(infinity - 1);
  const step = largest - value(infinity - 2);
  expect(round(largest + 0.49 * step)).toBe(largest);
  expect([round(largest + step / 2), round(-2 * largest)]).toEqual([
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ]);
  expect(round(Number.NaN)).toBe(Number.NaN);
  expect(round(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
});

it('agrees with how weights are stored', () => {
  for (const x of numbersFrom(3)(1000, 100)) {
    expect(roundTo('bfloat16')(x)).toBe(nearestStored('BF16', x));
    expect([roundTo('float32')(x), roundTo('float64')(x)]).toEqual([Math.fround(x), x]);
  }
});

it.each([
  ['float32', 'float32'],
  ['torch.bfloat16', 'bfloat16'],
  ['F16', 'float16'],
  ['double', 'float64'],
  ['int8', null],
  ['float32 ', null],
])('%s is %s', (name, dtype) => {
  expect(dtypeNamed(name)).toBe(dtype);
});
