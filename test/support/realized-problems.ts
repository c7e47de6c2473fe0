/** Realized problems, and their folders in memory. */
import type { Folder } from '../../src/formats/folder/folder.ts';
import { memoryFolder } from '../../src/formats/folder/memory.ts';
import type { ProblemInput } from '../../src/law/problem-input.ts';
import type { RealizedProblem } from '../../src/oracle/checkpoints/realize.ts';

/** Draft laws that heads can have: they do not depend on what was drafted. */
export const FOR_HEADS: ProblemInput = {
  vocabulary: 3,
  target: { default: ['2/5', '3/10', '3/10'], after: { 0: ['1/10', '1/10', '4/5'] } },
  draft: {
    after: {
      '': ['7/10', '1/10', '1/5'],
      0: ['1/3', '1/3', '1/3'],
      1: ['1/3', '1/3', '1/3'],
      2: ['1/3', '1/3', '1/3'],
    },
  },
  shape: { chain: 2 },
};

/** One of its folders. */
export const folderOf = ({ files }: RealizedProblem, folder: string): Folder =>
  memoryFolder(
    folder,
    [...files].flatMap(([path, bytes]) =>
      path.startsWith(`${folder}/`) ? [[path.slice(folder.length + 1), bytes] as const] : [],
    ),
  );
