import type Fraction from 'fraction.js';
import type { Chance } from '../../chance/chance.ts';
import type { Problem } from '../problem.ts';
import { TWO_LEFT } from './examples.ts';
import type { Fault } from './fault.ts';

/** Drafts and corrections are drawn by Gumbel-max, that is by a race, with the noise of their position. */
function onSharedClocks(chance: Chance<Fraction>): Chance<Fraction> {
  return {
    ...chance,
    draw: (slot, weights) =>
      slot.purpose === 'target' ? chance.draw(slot, weights) : chance.race({ ...slot, purpose: 'draft' }, weights),
  };
}

/** Draft and correction share their Gumbel noise. */
export const sharedNoise: Fault = {
  name: 'shared-noise',
  description: 'The correction is drawn with the same Gumbel noise as the draft that was rejected at its position.',
  rules: ['rejection', 'block'],
  references: [
    { where: 'vllm-project/vllm#47386', title: 'draft and recovery share (seed, position) noise' },
    { where: 'vllm-project/vllm#54282', title: 'decouple the draft’s Gumbel noise from the target’s' },
  ],
  reveals: TWO_LEFT,
  signature: { problem: TWO_LEFT, emitted: ['13/30', '4/15', '1/5', '1/10'] },
  objection: ({ drawn, parents }: Problem) =>
    drawn === 'top' || parents.some((parent, node) => parent !== node - 1) ? 'a chain that is drawn' : null,
  plant: (scheme) => ({
    ...scheme,
    propose: (chance) => scheme.propose(onSharedClocks(chance)),
    decide: (round, arithmetic, chance) => scheme.decide(round, arithmetic, onSharedClocks(chance)),
  }),
};
