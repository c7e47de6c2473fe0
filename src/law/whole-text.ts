/**
 * The law of whole texts: the decoding loops run under the enumerator, so the code that is proven is the code that
 * runs.
 * @packageDocumentation
 */
import type Fraction from 'fraction.js';
import type { Chance } from '../chance/chance.ts';
import { normalised } from '../chance/distribution.ts';
import { enumerate } from '../chance/enumerate.ts';
import type { Decoding, Step } from '../decode/step.ts';
import { rational } from '../numerics/arithmetic.ts';
import { dyadic } from './exact-number.ts';
import { keyOf } from './prefix.ts';

/** A float64 law as fractions: each probability exactly the value of its float64, divided by their exact sum. */
export function exactLaw(law: Float64Array): Fraction[] {
  return normalised(rational, Array.from(law, dyadic))!;
}

/**
 * The exact probability of every text that a loop can write, by its tokens with spaces between them.
 * @param decoding everything that the loop needs except chance, created for each branch: above all an empty cache.
 * @param loop plain or speculative decoding.
 */
export function textLaw(
  decoding: () => Pick<Decoding<Fraction>, 'target' | 'sampler' | 'stop'>,
  loop: (decoding: Decoding<Fraction>) => Iterable<Step>,
): Map<string, Fraction> {
  const law = new Map<string, Fraction>();
  const program = (chance: Chance<Fraction>): string => {
    const steps = loop({ ...decoding(), chance, arithmetic: rational, lift: exactLaw });
    return keyOf([...steps].flatMap((step) => step.emitted));
  };
  for (const { probability, outcome } of enumerate(rational, program)) {
    law.set(outcome, (law.get(outcome) ?? rational.zero).add(probability));
  }
  return law;
}

/** Texts whose probability differs between two laws. */
export function differingTexts(a: ReadonlyMap<string, Fraction>, b: ReadonlyMap<string, Fraction>): string[] {
  const texts = new Set([...a.keys(), ...b.keys()]);
  return [...texts].filter((text) => !(a.get(text) ?? rational.zero).equals(b.get(text) ?? rational.zero));
}
