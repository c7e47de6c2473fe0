/** Exact numbers as text. */
import type Fraction from 'fraction.js';
import { nearestNumber } from 'turbo-lora/numerics';

/** A fraction that can be read as one; longer ones as the decimal next to them. */
export function exact(value: Fraction, longest = 12): string {
  const text = value.toFraction().replace('-', '−');
  return text.length <= longest ? text : `≈ ${nearestNumber(value).toFixed(6).replace('-', '−')}`;
}

/** A law, token by token. */
export function exactLaw(law: readonly Fraction[]): string {
  const values = law.map((value) => exact(value));
  const isRounded = values.some((value) => value.startsWith('≈'));
  return `${isRounded ? '≈ ' : ''}${values.map((value) => value.replace('≈ ', '')).join(', ')}`;
}

/** A prefix of token ids; the empty one is said to be so. */
export function shownPrefix(prefix: readonly number[]): string {
  return prefix.length === 0 ? 'nothing' : prefix.join(' ');
}
