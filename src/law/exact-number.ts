import Fraction from 'fraction.js';
import { FormatError } from '../errors.ts';
import { quoted } from '../quoted.ts';

const DECIMAL = /^(-?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;
/**
 * Limit on the digits of a numerator, a denominator or a decimal: the time to reduce fractions grows with their square.
 */
const MOST_DIGITS = 5000;
const RATIO = /^(-?\d+)\/(\d*[1-9]\d*)$/;

/**
 * Reads a number exactly: a ratio `2/5`, a decimal `0.4`, `.4` or `4e-1`, or a JavaScript number, which means its
 * shortest decimal (0.1 is one tenth, not the nearest float64). No spaces, no `0x10`.
 * @throws {@link FormatError} when it is none of these, or has thousands of digits.
 * @example
 * import assert from 'node:assert/strict';
 * import { exactNumber } from 'turbo-lora/law';
 * assert.equal(exactNumber('weight', 0.1).toFraction(), '1/10');
 * assert.equal(exactNumber('weight', '2/5').toFraction(), '2/5');
 */
export function exactNumber(label: string, value: string | number): Fraction {
  const text = String(value);
  if (text.length > 2 * MOST_DIGITS) {
    throw new FormatError(label, `a number of at most ${MOST_DIGITS} digits`, `${text.length} characters`);
  }
  const ratio = RATIO.exec(text);
  if (ratio !== null) return new Fraction(BigInt(ratio[1]!), BigInt(ratio[2]!));
  const decimal = DECIMAL.exec(text);
  if (decimal === null || !/^-?\.?\d/.test(text))
    throw new FormatError(label, 'a number such as 2/5 or 0.4', quoted(text));
  const [, sign, whole, part = '', exponent = '0'] = decimal;
  const shift = Number(exponent) - part.length;
  const digits = BigInt(`${sign}${whole}${part}`);
  return shift < 0 ? new Fraction(digits, 10n ** BigInt(-shift)) : new Fraction(digits * 10n ** BigInt(shift), 1n);
}

/**
 * The dyadic rational that a float64 exactly represents. (`new Fraction(number)` gives a nearby ratio of small numbers
 * instead.)
 * @throws {@link FormatError} when it is not finite.
 * @example
 * import assert from 'node:assert/strict';
 * import { dyadic } from 'turbo-lora/law';
 * assert.equal(dyadic(0.75).toFraction(), '3/4');
 * assert.equal(dyadic(0.1).toFraction(), '3602879701896397/36028797018963968');
 */
export function dyadic(value: number): Fraction {
  if (!Number.isFinite(value)) throw new FormatError('number', 'a finite float64', `${value}`);
  let [digits, halvings] = [value, 0n];
  while (!Number.isInteger(digits)) {
    digits *= 2; // exact: only the exponent changes
    halvings += 1n;
  }
  return new Fraction(BigInt(digits), 2n ** halvings);
}
