/**
 * Number formats as functions that round to them.
 * @packageDocumentation
 */

/** Formats that engines compute in. */
export const ENGINE_DTYPES = ['float64', 'float32', 'bfloat16', 'float16'] as const;
/** A format that engines compute in. */
export type EngineDtype = (typeof ENGINE_DTYPES)[number];

/** A number to the nearest one of a format, ties to even. */
export type Round = (x: number) => number;

const pun = new Float64Array(1);
const words = new Uint32Array(pun.buffer);
/** Adding and subtracting it rounds to an integer, ties to even, in float64. */
const INTEGERS = 1.5 * 2 ** 52;

/** The exponent of a number: 0 for those in [1, 2). */
function exponentOf(x: number): number {
  pun[0] = x;
  return ((words[1]! >>> 20) & 0x7ff) - 1023; // the byte order is little-endian, as that of every machine that runs this
}

function narrow(fractionBits: number, leastExponent: number, largest: number): Round {
  return (x) => {
    const quantum = 2 ** (Math.max(exponentOf(x), leastExponent) - fractionBits);
    const rounded = (x / quantum + INTEGERS - INTEGERS) * quantum;
    return Math.abs(rounded) > largest ? rounded * Number.POSITIVE_INFINITY : rounded;
  };
}

/**
 * The function that rounds to a format, subnormal numbers and overflow included. Zeros of narrow formats lose their
 * sign.
 * @source IEEE 754-2019, sections 3.4 and 4.3.1; bfloat16: the upper half of a float32
 * @example
 * import assert from 'node:assert/strict';
 * import { roundTo } from 'turbo-lora/oracle';
 * assert.equal(roundTo('bfloat16')(1 + 3 / 256), 1 + 1 / 64);
 * assert.equal(roundTo('float16')(70000), Number.POSITIVE_INFINITY);
 * assert.equal(roundTo('float32')(0.1), Math.fround(0.1));
 */
export function roundTo(dtype: EngineDtype): Round {
  switch (dtype) {
    case 'float64':
      return (x) => x;
    case 'float32':
      return Math.fround;
    case 'bfloat16':
      return narrow(7, -126, 255 * 2 ** 120);
    case 'float16':
      return narrow(10, -14, 65504);
  }
}

const SPELLINGS: readonly (readonly [RegExp, EngineDtype])[] = [
  [/^(float64|fp64|f64|double)$/, 'float64'],
  [/^(float32|fp32|f32|float|single)$/, 'float32'],
  [/^(bfloat16|bf16)$/, 'bfloat16'],
  [/^(float16|fp16|f16|half)$/, 'float16'],
];

/** The format that an engine says it computes in; null if it is none of those that can be emulated. */
export function dtypeNamed(name: string): EngineDtype | null {
  const plain = name.toLowerCase().replace(/^torch\./, '');
  return SPELLINGS.find(([spelling]) => spelling.test(plain))?.[1] ?? null;
}
