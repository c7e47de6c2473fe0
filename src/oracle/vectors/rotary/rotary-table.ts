import { readRope, readTurnedDimensions } from '../../../formats/families/rope.ts';
import { Fields } from '../../../formats/fields.ts';
import { rotaryOf, rotationAt } from '../../../model/rope.ts';

/** The parameters of a rotary embedding, as in a `config.json` of transformers 5. */
export interface RopeParameters {
  readonly rope_type: 'default' | 'linear' | 'llama3' | 'yarn' | 'longrope';
  readonly rope_theta: number;
  readonly partial_rotary_factor?: number | undefined;
  readonly factor?: number | undefined;
  readonly low_freq_factor?: number | undefined;
  readonly high_freq_factor?: number | undefined;
  readonly original_max_position_embeddings?: number | undefined;
  readonly beta_fast?: number | undefined;
  readonly beta_slow?: number | undefined;
  readonly attention_factor?: number | undefined;
  readonly mscale?: number | undefined;
  readonly mscale_all_dim?: number | undefined;
  readonly truncate?: boolean | undefined;
  readonly short_factor?: readonly number[] | undefined;
  readonly long_factor?: readonly number[] | undefined;
}

/** What a table is made from. */
export interface RotaryInputs {
  readonly head_dim: number;
  readonly max_position_embeddings: number;
  readonly rope_parameters: RopeParameters;
  readonly positions: readonly number[];
}

/** Frequencies, cosines and sines. */
export interface RotaryTable {
  /** Radians per token. @shape [R / 2] */
  readonly inverseFrequencies: Float64Array;
  /** Factor on cosine and sine, which have it already. */
  readonly attentionFactor: number;
  /** @shape [P, R / 2] */
  readonly cos: readonly Float64Array[];
  /** @shape [P, R / 2] */
  readonly sin: readonly Float64Array[];
}

/**
 * The table of a rotary embedding.
 * @throws {@link FormatError} for parameters that are missing or out of range; {@link NonFiniteError} when a frequency
 * overflows.
 */
export function rotaryTable({ positions, ...inputs }: RotaryInputs): RotaryTable {
  const { head_dim, max_position_embeddings, rope_parameters } = inputs;
  const given = Object.entries(rope_parameters).filter(([, value]) => value !== undefined);
  const { original_max_position_embeddings: original } = rope_parameters;
  const config = new Fields('config', {
    rope_parameters: Object.fromEntries(given),
    ...(original !== undefined && { original_max_position_embeddings: original }),
  });
  const traits = { partial: true, types: ['default', 'linear', 'llama3', 'yarn', 'longrope'] } as const;
  const rope = readRope(config, max_position_embeddings, traits);
  const rotary = rotaryOf(rope, readTurnedDimensions(config, head_dim, traits));
  const { cos, sin } = rotationAt(rotary, positions);
  const half = rotary.perToken.length;
  const rows = (table: ArrayLike<number>): Float64Array[] =>
    positions.map((_, row) => Float64Array.from({ length: half }, (_, i) => table[row * half + i]!));
  return {
    inverseFrequencies: rotary.perToken,
    attentionFactor: rotary.amplitude,
    cos: rows(cos),
    sin: rows(sin),
  };
}
