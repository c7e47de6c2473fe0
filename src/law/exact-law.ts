/**
 * Exact laws: read from numbers, and checked.
 * @packageDocumentation
 */
import Fraction from 'fraction.js';
import { LawError, WorkLimitError } from '../errors.ts';
import { rational, sum } from '../numerics/arithmetic.ts';
import { exactNumber } from './exact-number.ts';
import { operationCost } from './metered.ts';
import type { ExactLaw, NormalizedLaw } from './problem.ts';

/** A sum that is off by at most this is treated as a rounding error. */
const ROUNDING = new Fraction(1, 100);

/**
 * Asserts that numbers are a law over a vocabulary: its length, nothing negative, the sum exactly one.
 * @throws {@link LawError} when they are not; for a wrong sum the message states its distance from one.
 */
export function checkLaw(label: string, law: ExactLaw, vocabulary: number): void {
  if (law.length !== vocabulary) throw new LawError(label, `${vocabulary} probabilities`, `${law.length}`);
  for (const [token, probability] of law.entries()) {
    if (probability.compare(0) < 0) {
      throw new LawError(`${label}, token ${token}`, 'a probability of at least 0', probability.toFraction());
    }
  }
  const total = sum(rational, law);
  if (total.equals(1)) return;
  const excess = total.sub(1);
  const off = `${excess.abs().toFraction()} too ${excess.compare(0) < 0 ? 'little' : 'much'}`;
  const rounded = excess.abs().compare(ROUNDING) <= 0 ? ' (rounded numbers? normalize divides them by their sum)' : '';
  throw new LawError(label, 'probabilities that sum to 1', `${total.toFraction()}, ${off}${rounded}`);
}

/**
 * Reads one law, divided by its sum if requested and if the sum is one up to rounding; then it is added to
 * `normalized`.
 * @throws {@link FormatError} for what is not a number; {@link LawError} as {@link checkLaw} does;
 * {@link WorkLimitError} when adding it up would take too long.
 */
export function readLaw(
  label: string,
  numbers: readonly (string | number)[],
  vocabulary: number,
  { normalize = false }: { readonly normalize?: boolean },
  normalized: NormalizedLaw[],
): ExactLaw {
  checkLength(label, numbers);
  const law = numbers.map((number, token) => exactNumber(`${label}, token ${token}`, number));
  const total = sum(rational, law);
  const excess = total.sub(1);
  if (!normalize || excess.equals(0) || excess.abs().compare(ROUNDING) > 0) {
    checkLaw(label, law, vocabulary);
    return law;
  }
  normalized.push({ law: label, excess });
  const divided = law.map((probability) => probability.div(total));
  checkLaw(label, divided, vocabulary);
  return divided;
}

/** The most work for reading one law: some seconds. */
const MOST_READING = 1e7;

/**
 * Asserts that the probabilities of a law can be added up. The denominator of the sum is at most the product of the
 * different denominators; each term is reduced at that length.
 */
function checkLength(label: string, numbers: readonly (string | number)[]): void {
  const texts = numbers.map(String);
  const denominators = new Set(texts.flatMap((text) => text.split('/').slice(1)));
  const places = texts.reduce((most, text) => Math.max(most, decimalPlaces(text)), 0);
  const digits = [...denominators].reduce((total, denominator) => total + denominator.length, places);
  const cost = numbers.length * operationCost(digits * Math.log2(10));
  if (cost <= MOST_READING) return;
  const got = `${numbers.length} numbers with ${digits} digits in all different denominators`;
  throw new WorkLimitError(label, `fractions that take at most ${MOST_READING} operations to add`, got);
}

/** Digits after the point of a decimal, including the effect of its exponent. */
function decimalPlaces(text: string): number {
  const [digits = '', exponent = '0'] = text.split(/[eE]/);
  return Math.max(0, (digits.split('.')[1] ?? '').length - Number(exponent)) || 0;
}
