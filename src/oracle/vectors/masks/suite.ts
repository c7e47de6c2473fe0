/**
 * The suite of masks: causal ones, windows, and trees of drafted tokens, with and without cached text.
 * @packageDocumentation
 */
import type { Window } from '../../../model/layout.ts';
import { notesOn } from '../vector-fault.ts';
import { VECTOR_FORMAT } from '../vector-file.ts';
import { caughtMaskFaults, MASK_FAULTS } from './mask-faults.ts';
import type { MaskFile } from './mask-vectors.ts';
import { type MaskInputs, visibleSlots } from './visible-slots.ts';

const FLAGS = {
  Tree: 'The new tokens branch.',
  Cached: 'There is cached text before the new tokens.',
  AtWindow: 'A token of the path is just out of sight.',
  SingleToken: 'One new token, as in plain decoding.',
} as const;

const SHAPES: Readonly<Record<string, readonly (readonly number[])[]>> = {
  chains: [[-1], [-1, 0], [-1, 0, 1, 2], [-1, 0, 1, 2, 3, 4, 5]],
  trees: [
    [-1, -1, -1],
    [-1, -1, 0, 0, 1, 1],
    [-1, -1, 0, 0, 2],
    [-1, 0, -1, 1, 2],
    [-1, 0, 0, 1, 1, 2, 3, 6],
  ],
};
const CACHED = [0, 1, 5, 8];
const WINDOWS: readonly (Window | null)[] = [
  null,
  { kind: 'sliding', size: 1 },
  { kind: 'sliding', size: 3 },
  { kind: 'sliding', size: 6 },
  { kind: 'sliding', size: 100 },
  { kind: 'chunk', size: 4 },
];

/** The files of the suite by name. They are the same for every seed: all combinations are in them. */
export function maskFiles(): Map<string, () => MaskFile> {
  return new Map(Object.keys(SHAPES).map((name) => [`masks/${name}.json`, () => maskFile(name)]));
}

function maskFile(name: string): MaskFile {
  const tests = WINDOWS.flatMap((window) =>
    CACHED.flatMap((cached) => SHAPES[name]!.map((parents) => ({ cached, parents, window }))),
  ).map((inputs, i) => {
    const outputs = visibleSlots(inputs);
    return {
      id: `mask-${name}-${i + 1}`,
      comment: `${inputs.parents.length} new tokens after ${inputs.cached}`,
      flags: [...flagsOf(inputs), ...caughtMaskFaults(inputs, outputs)],
      spec: ['SPEC-MASK-PATH'],
      inputs,
      outputs,
      compare: 'exact' as const,
      result: 'valid' as const,
      margin: null,
    };
  });
  const used = new Set(tests.flatMap(({ flags }) => flags));
  return {
    algorithm: name,
    formatVersion: VECTOR_FORMAT,
    header: ['Positions of new tokens, and the slots of the cache that each of them sees.'],
    notes: notesOn(used, FLAGS, MASK_FAULTS),
    groups: [{ source: 'all combinations', class: 'all', vocabulary: null, tests }],
  };
}

function flagsOf(inputs: MaskInputs): string[] {
  const { cached, parents, window } = inputs;
  const { positions, visible } = visibleSlots(inputs);
  const isTree = parents.some((parent, node) => parent !== node - 1);
  const isCut = window !== null && positions.some((position, node) => visible[node]!.length === position);
  return [
    ...(isTree ? ['Tree'] : []),
    ...(cached > 0 ? ['Cached'] : []),
    ...(isCut ? ['AtWindow'] : []),
    ...(parents.length === 1 ? ['SingleToken'] : []),
  ];
}
