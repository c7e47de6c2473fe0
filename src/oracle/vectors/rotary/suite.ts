/**
 * The suite of rotary embeddings: one file per type.
 * @packageDocumentation
 */
import { cos, sin } from '../../../numerics/elementary.ts';
import { roundedUp, type Tolerance } from '../tolerance.ts';
import { notesOn } from '../vector-fault.ts';
import { VECTOR_FORMAT } from '../vector-file.ts';
import { caughtRotaryFaults, ROTARY_FAULTS } from './rotary-faults.ts';
import { type RopeParameters, type RotaryInputs, type RotaryTable, rotaryTable } from './rotary-table.ts';
import { type RotaryCompare, type RotaryFile, writtenTable } from './rotary-vectors.ts';

const FLAGS = {
  PositionZero: 'At position 0 nothing is turned: it tells nothing about frequencies.',
  Far: 'Positions beyond 4000, where a wrong frequency shows and float32 angles are coarse.',
  BeyondOriginal: 'Positions beyond the original context.',
  Partial: 'Only the first dimensions of a head are turned.',
} as const;

interface Rope {
  readonly head_dim: number;
  readonly max_position_embeddings: number;
  readonly rope_parameters: RopeParameters;
}

const llama3 = {
  rope_type: 'llama3',
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_max_position_embeddings: 8192,
} as const;
const yarn = { rope_type: 'yarn', original_max_position_embeddings: 4096 } as const;
const shorts = [1, 1.05, 1.1, 1.25, 1.5, 2, 2.5, 3];
const longs = shorts.map((factor) => factor * 4);

/** Embeddings as published models have them, with small heads. */
const ROPES: Readonly<Record<string, readonly Rope[]>> = {
  default: [10000, 500000, 1000000].map((rope_theta) => ({
    head_dim: 16,
    max_position_embeddings: 131072,
    rope_parameters: { rope_type: 'default', rope_theta },
  })),
  partial: [0.25, 0.5, 0.75].map((partial_rotary_factor) => ({
    head_dim: 32,
    max_position_embeddings: 131072,
    rope_parameters: { rope_type: 'default', rope_theta: 10000, partial_rotary_factor },
  })),
  linear: [2, 4, 8].map((factor) => ({
    head_dim: 16,
    max_position_embeddings: 131072,
    rope_parameters: { rope_type: 'linear', rope_theta: 10000, factor },
  })),
  llama3: [8, 32].map((factor) => ({
    head_dim: 32,
    max_position_embeddings: 131072,
    rope_parameters: { ...llama3, rope_theta: 500000, factor },
  })),
  yarn: [
    { factor: 32 },
    { factor: 32, beta_fast: 16, beta_slow: 2 },
    { factor: 32, attention_factor: 1 },
    { factor: 32, mscale: 1, mscale_all_dim: 0.5 },
    { factor: 32, truncate: false },
  ].map((parameters) => ({
    head_dim: 32,
    max_position_embeddings: 131072,
    rope_parameters: { ...yarn, rope_theta: 10000, ...parameters },
  })),
  longrope: [
    {
      head_dim: 16,
      max_position_embeddings: 131072,
      rope_parameters: {
        ...{ rope_type: 'longrope', rope_theta: 10000, original_max_position_embeddings: 32768 },
        ...{ short_factor: shorts, long_factor: longs },
      },
    },
  ],
};

const POSITIONS = [
  [0, 1, 2, 17],
  [4095, 8192, 20000],
  [32767, 32768, 100003, 131071],
];

/** The files of the suite by name. They are the same for every seed. */
export function rotaryFiles(): Map<string, () => RotaryFile> {
  return new Map(Object.keys(ROPES).map((name) => [`rotary/${name}.json`, () => rotaryFile(name)]));
}

function rotaryFile(name: string): RotaryFile {
  const tests = ROPES[name]!.flatMap((rope) => POSITIONS.map((positions) => ({ ...rope, positions })))
    .filter(isReached)
    .map((inputs, i) => rotaryTest(`rotary-${name}-${i + 1}`, inputs));
  const used = new Set(tests.flatMap(({ flags }) => flags));
  return {
    algorithm: name,
    formatVersion: VECTOR_FORMAT,
    header: [
      'Inverse frequencies, cosines and sines of rotary position embedding.',
      'Frequency i turns dimensions i and i + R / 2 of a head, or 2 i and 2 i + 1 where they are interleaved.',
    ],
    notes: notesOn(used, FLAGS, ROTARY_FAULTS),
    groups: [
      {
        source: 'parameters of published models, heads of 16 or 32 dimensions',
        class: 'published',
        vocabulary: null,
        tests,
      },
    ],
  };
}

/** Past its original context longrope has other angles for the whole text, which this package refuses. */
function isReached({
  rope_parameters: { rope_type, original_max_position_embeddings: original },
  positions,
}: RotaryInputs): boolean {
  return rope_type !== 'longrope' || positions.every((position) => position < original!);
}

function rotaryTest(id: string, inputs: RotaryInputs) {
  const table = rotaryTable(inputs);
  const compare = comparisonOf(inputs, table);
  const { rope_parameters: parameters, positions } = inputs;
  const original = parameters.original_max_position_embeddings ?? Number.POSITIVE_INFINITY;
  const flags = [
    ...(positions.includes(0) ? ['PositionZero'] : []),
    ...(positions.some((position) => position > 4000) ? ['Far'] : []),
    ...(positions.some((position) => position >= original) ? ['BeyondOriginal'] : []),
    ...(parameters.partial_rotary_factor === undefined ? [] : ['Partial']),
  ];
  return {
    id,
    comment: `${parameters.rope_type}, positions up to ${positions.at(-1)}`,
    flags: [...flags, ...caughtRotaryFaults(inputs, table, compare)],
    spec: ['SPEC-ROTARY'],
    inputs,
    outputs: writtenTable(table),
    compare,
    result: 'valid' as const,
    margin: null,
  };
}

/** Engines keep frequencies and angles in float32: four times what that changes, up to the next power of ten. */
function comparisonOf({ positions }: RotaryInputs, table: RotaryTable): RotaryCompare {
  const { inverseFrequencies, attentionFactor } = table;
  let widest = 0;
  for (const [row, position] of positions.entries()) {
    for (const [i, frequency] of inverseFrequencies.entries()) {
      const angle = Math.fround(position * Math.fround(frequency));
      widest = Math.max(
        widest,
        Math.abs(cos(angle) * attentionFactor - table.cos[row]![i]!),
        Math.abs(sin(angle) * attentionFactor - table.sin[row]![i]!),
      );
    }
  }
  const relative: Tolerance = { atol: 0, rtol: 1e-6 };
  const close: Tolerance = { atol: roundedUp(4 * widest, 1e-6), rtol: 0 };
  return { inverse_frequencies: relative, attention_factor: relative, cos: close, sin: close };
}
