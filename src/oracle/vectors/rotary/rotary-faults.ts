/**
 * Faults of rotary embeddings.
 * @packageDocumentation
 */
import { TurboLoraError } from '../../../errors.ts';
import { firstOutside } from '../tolerance.ts';
import type { VectorFault } from '../vector-fault.ts';
import { type RopeParameters, type RotaryInputs, type RotaryTable, rotaryTable } from './rotary-table.ts';
import type { RotaryCompare } from './rotary-vectors.ts';

/** A fault of a rotary embedding. */
export type RotaryFault = VectorFault<RotaryInputs, RotaryTable>;

/** The correct table of other inputs. */
function onInputs(
  name: string,
  description: string,
  links: readonly string[],
  change: (inputs: RotaryInputs) => RotaryInputs | null,
): RotaryFault {
  const plant = (inputs: RotaryInputs): RotaryTable | null => {
    const changed = change(inputs);
    return changed === null ? null : rotaryTable(changed);
  };
  return { name, description, links, plant };
}

/** The correct table of other parameters. */
function onParameters(
  name: string,
  description: string,
  links: readonly string[],
  change: (parameters: RopeParameters) => Partial<RopeParameters> | null,
): RotaryFault {
  return onInputs(name, description, links, (inputs) => {
    const changed = change(inputs.rope_parameters);
    return changed === null ? null : { ...inputs, rope_parameters: { ...inputs.rope_parameters, ...changed } };
  });
}

/** Faults of rotary embeddings. */
export const ROTARY_FAULTS: readonly RotaryFault[] = [
  onInputs('scaling-ignored', 'The scaling for long contexts is ignored.', ['Blaizzy/mlx-vlm#1710'], (inputs) => {
    const { rope_theta, partial_rotary_factor } = inputs.rope_parameters;
    return { ...inputs, rope_parameters: { rope_type: 'default', rope_theta, partial_rotary_factor } };
  }),
  onParameters(
    'factor-eight',
    'The factor of llama3 is hard-coded as 8.',
    ['meta-llama/llama-models#241'],
    ({ rope_type }) => (rope_type === 'llama3' ? { factor: 8 } : null),
  ),
  onParameters(
    'llama3-other-factors',
    'The low and the high frequency factor of llama3 are others than those of the checkpoint.',
    ['TransformerLensOrg/TransformerLens#910'],
    ({ rope_type, high_freq_factor = 0 }) =>
      rope_type === 'llama3' ? { high_freq_factor: high_freq_factor * 2 } : null,
  ),
  onParameters('theta-default', 'The base is 10000, whatever the checkpoint says.', [], () => ({ rope_theta: 10000 })),
  onParameters(
    'part-ignored',
    'The whole head is turned, where only a part should be.',
    [],
    ({ partial_rotary_factor }) => (partial_rotary_factor === undefined ? null : { partial_rotary_factor: 1 }),
  ),
  onParameters(
    'attention-factor-ignored',
    'Cosines and sines are not multiplied by the attention factor.',
    [],
    ({ rope_type }) => (rope_type === 'yarn' || rope_type === 'longrope' ? { attention_factor: 1 } : null),
  ),
  onInputs('all-divided', 'All frequencies are divided by the factor, as if the type were linear.', [], (inputs) => {
    const { rope_type, rope_theta, partial_rotary_factor, factor } = inputs.rope_parameters;
    if (rope_type !== 'yarn' && rope_type !== 'llama3') return null;
    return { ...inputs, rope_parameters: { rope_type: 'linear', rope_theta, partial_rotary_factor, factor } };
  }),
  onParameters(
    'long-factors-early',
    'The long factors are used within the original context.',
    [],
    ({ rope_type, long_factor }) => (rope_type === 'longrope' ? { short_factor: long_factor } : null),
  ),
  onInputs('position-zero', 'Every decoded token is at position 0.', ['Blaizzy/mlx-vlm#1983'], (inputs) => ({
    ...inputs,
    positions: inputs.positions.map(() => 0),
  })),
  onInputs('position-one-late', 'Positions are one too large.', ['sgl-project/sglang#25015'], (inputs) => ({
    ...inputs,
    positions: inputs.positions.map((position) => position + 1),
  })),
];

/** Whether a table is the expected one, as its case compares it. */
export function sameTable(got: RotaryTable, expected: RotaryTable, compare: RotaryCompare): boolean {
  const rows = (a: readonly Float64Array[], b: readonly Float64Array[], tolerance: RotaryCompare['cos']): boolean =>
    a.every((row, i) => firstOutside(row, b[i]!, tolerance) < 0);
  return (
    firstOutside(got.inverseFrequencies, expected.inverseFrequencies, compare.inverse_frequencies) < 0 &&
    firstOutside([got.attentionFactor], [expected.attentionFactor], compare.attention_factor) < 0 &&
    rows(got.cos, expected.cos, compare.cos) &&
    rows(got.sin, expected.sin, compare.sin)
  );
}

/** Names of the faults whose table differs. */
export function caughtRotaryFaults(inputs: RotaryInputs, right: RotaryTable, compare: RotaryCompare): string[] {
  return ROTARY_FAULTS.filter((fault) => {
    try {
      const faulty = fault.plant(inputs);
      return faulty !== null && !sameTable(faulty, right, compare);
    } catch (error) {
      if (error instanceof TurboLoraError) return false;
      throw error;
    }
  }).map(({ name }) => name);
}
