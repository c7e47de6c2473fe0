/**
 * What a fault of a sampler is. Most are the correct sampler, called wrongly: with another text, or other settings.
 * @packageDocumentation
 */
import type { VectorFault } from '../../vector-fault.ts';
import { type LawInputs, processedLaw } from '../law-inputs.ts';
import type { VectorSettings } from '../vector-settings.ts';

/** A fault of a sampler. */
export type LawFault = VectorFault<LawInputs, Float64Array>;

/** The correct law of other inputs. */
export function onInputs(
  name: string,
  description: string,
  links: readonly string[],
  change: (inputs: LawInputs) => Partial<LawInputs>,
): LawFault {
  return { name, description, links, plant: (inputs) => processedLaw({ ...inputs, ...change(inputs) }) };
}

/** The correct law under other settings; an undefined one is off. */
export function underSettings(
  name: string,
  description: string,
  links: readonly string[],
  change: (settings: VectorSettings, inputs: LawInputs) => VectorSettings,
): LawFault {
  return onInputs(name, description, links, (inputs) => ({
    settings: { ...inputs.settings, ...change(inputs.settings, inputs) },
  }));
}

/** A correct law, changed afterwards. */
export function afterLaw(
  name: string,
  description: string,
  links: readonly string[],
  change: (law: Float64Array, inputs: LawInputs) => Float64Array | null,
): LawFault {
  return { name, description, links, plant: (inputs) => change(processedLaw(inputs), inputs) };
}
