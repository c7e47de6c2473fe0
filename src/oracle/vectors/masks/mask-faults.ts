/**
 * Faults of masks and positions.
 * @packageDocumentation
 */
import type { VectorFault } from '../vector-fault.ts';
import { type MaskInputs, type MaskOutputs, visibleSlots } from './visible-slots.ts';

/** A fault of a mask. */
export type MaskFault = VectorFault<MaskInputs, MaskOutputs>;

/** Another set of slots for each token, with the right positions. */
function seeing(
  name: string,
  description: string,
  links: readonly string[],
  slotsOf: (inputs: MaskInputs, node: number, right: MaskOutputs) => number[],
): MaskFault {
  const plant = (inputs: MaskInputs): MaskOutputs => {
    const right = visibleSlots(inputs);
    return { positions: right.positions, visible: inputs.parents.map((_, node) => slotsOf(inputs, node, right)) };
  };
  return { name, description, links, plant };
}

/** Other positions, with the right slots. */
function standing(
  name: string,
  description: string,
  links: readonly string[],
  positionOf: (right: number, node: number, inputs: MaskInputs) => number,
): MaskFault {
  const plant = (inputs: MaskInputs): MaskOutputs => {
    const right = visibleSlots(inputs);
    return { ...right, positions: right.positions.map((position, node) => positionOf(position, node, inputs)) };
  };
  return { name, description, links, plant };
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

/** The correct mask under a window of another size. */
function underWindow(name: string, description: string, links: readonly string[], add: number): MaskFault {
  return {
    name,
    description,
    links,
    plant({ window, ...inputs }) {
      if (window === null || window.size + add < 1) return null;
      return visibleSlots({ ...inputs, window: { ...window, size: window.size + add } });
    },
  };
}

/** Faults of masks and positions. */
export const MASK_FAULTS: readonly MaskFault[] = [
  seeing(
    'causal-by-slot',
    'A token sees every slot before its own, its siblings and their children included.',
    [],
    ({ cached, window }, node, { positions }) => {
      const all = range(0, cached + node + 1);
      return window?.kind === 'sliding' ? all.filter((slot) => slot > positions[node]! - window.size) : all;
    },
  ),
  seeing(
    'only-itself',
    'A row of the draft sees the cached text and itself, not the drafted tokens before it.',
    ['tenstorrent/tt-xla#5836'],
    ({ cached }, node, { visible }) => visible[node]!.filter((slot) => slot < cached || slot === cached + node),
  ),
  seeing(
    'mask-not-aligned',
    'The mask of the new tokens is aligned with the first slots instead of the last ones.',
    ['NVIDIA-NeMo/Megatron-Bridge#5259'],
    ({ cached }, node, { visible }) => {
      const moved = visible[node]!.filter((slot) => slot >= cached).map((slot) => slot - cached);
      return moved;
    },
  ),
  seeing(
    'window-by-slot',
    'A sliding window is measured from the slot of a token instead of its position.',
    [],
    ({ cached, window }, node, { visible }) =>
      window === null ? [...visible[node]!] : visible[node]!.filter((slot) => slot > cached + node - window.size),
  ),
  underWindow('window-one-more', 'A window of W shows W + 1 tokens.', ['ml-explore/mlx-lm#390'], 1),
  underWindow('window-one-fewer', 'A window of W shows W - 1 tokens.', [], -1),
  {
    name: 'window-ignored',
    description: 'A token sees its whole path, whatever the window.',
    links: [],
    plant: (inputs) => visibleSlots({ ...inputs, window: null }),
  },
  standing(
    'position-by-slot',
    'The position of a drafted token is its slot, not its depth in the tree.',
    ['vllm-project/vllm#54498'],
    (_, node, { cached }) => cached + node,
  ),
  standing(
    'position-one-late',
    'Positions of drafted tokens are one too large.',
    ['sgl-project/sglang#25015'],
    (right) => right + 1,
  ),
  standing('position-zero', 'Every new token is at position 0.', ['Blaizzy/mlx-vlm#1983'], () => 0),
  standing(
    'position-from-zero',
    'Positions of new tokens start at 0, whatever is cached.',
    [],
    (right, _, { cached }) => right - cached,
  ),
];

/** Names of the faults that give other positions or slots. */
export function caughtMaskFaults(inputs: MaskInputs, right: MaskOutputs): string[] {
  const caught = MASK_FAULTS.filter((fault) => {
    const faulty = fault.plant(inputs);
    return faulty !== null && JSON.stringify(faulty) !== JSON.stringify(right);
  });
  return caught.map(({ name }) => name);
}
