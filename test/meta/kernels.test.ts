/** The committed kernels are what the template writes. */
import { describe, expect, it } from 'vitest';
import { kernels } from '../../fixtures/generators/kernels.ts';
import { sourceFiles, textOf } from './sources.ts';

const FOLDER = 'src/ops/float64/kernels/';

describe('kernels', () => {
  it.each([...kernels()])('%s is what `npm run kernels` writes', (name, expected) => {
    expect(textOf(FOLDER + name)).toBe(expected);
  });

  it('none is written by hand', () => {
    const committed = sourceFiles().filter((file) => file.startsWith(`${FOLDER}over-`));
    expect(committed.map((file) => file.slice(FOLDER.length))).toEqual([...kernels().keys()].sort());
  });

  it('they differ in how they read a weight, and in nothing else', () => {
    const loops = [...kernels().values()].map((text) =>
      text
        .slice(text.indexOf('function oneByEight'))
        .replace(/\btable\[(w\[[^\]]+\]!)\]!/g, '$1')
        .replace('  table: Float64Array,\n', '')
        .replace('  table: Float64Array,\n', '')
        .replaceAll(/w: \w+Array/g, 'w: Weights'),
    );
    expect(new Set(loops).size).toBe(1);
  });
});
