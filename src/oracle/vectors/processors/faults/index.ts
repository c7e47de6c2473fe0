/**
 * Faults that can be seen in the law of one row.
 * @packageDocumentation
 */
import { TurboLoraError } from '../../../../errors.ts';
import { firstOutside } from '../../tolerance.ts';
import type { LawInputs } from '../law-inputs.ts';
import type { LawCompare } from '../law-vectors.ts';
import { BAN_FAULTS } from './bans.ts';
import type { LawFault } from './law-fault.ts';
import { SHAPE_FAULTS } from './shape.ts';
import { TEXT_FAULTS } from './text.ts';

/** Every fault of a sampler, by name. */
export const LAW_FAULTS: ReadonlyMap<string, LawFault> = new Map(
  [...TEXT_FAULTS, ...BAN_FAULTS, ...SHAPE_FAULTS].map((fault) => [fault.name, fault]),
);

/** The law that an engine with a fault gives; null where it cannot show, or leaves no token. */
export function faultyLaw(fault: LawFault, inputs: LawInputs): Float64Array | null {
  try {
    return fault.plant(inputs);
  } catch (error) {
    if (error instanceof TurboLoraError) return null;
    throw error;
  }
}

/** Whether a law is the expected one, as its case compares it. */
export function sameLaw(got: Float64Array, expected: Float64Array, { law }: LawCompare): boolean {
  const [a, b] = law.order === 'any' ? [got.toSorted(), expected.toSorted()] : [got, expected];
  return firstOutside(a, b, law.close) < 0;
}
