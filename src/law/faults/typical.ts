import { typicalWith } from '../../verify/typical.ts';
import type { Fault } from './fault.ts';

/** Typical acceptance with its two settings swapped. */
export const typicalSwapped: Fault = {
  name: 'typical-swapped',
  description: 'Typical acceptance with its defaults swapped: epsilon 0.3 and delta 0.09 instead of 0.09 and 0.3.',
  rules: ['typical'],
  references: [{ where: 'FasterDecoding/Medusa', title: 'medusa/model/utils.py: defaults of the helper functions' }],
  reveals: { vocabulary: 3, target: ['1/2', '9/20', '1/20'], draft: ['1/3', '1/3', '1/3'] },
  plant: (scheme) => ({ ...scheme, decide: typicalWith({ epsilon: 0.3, delta: 0.09 }).decide }),
};
