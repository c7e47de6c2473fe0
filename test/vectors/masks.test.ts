/** The committed masks against the definition: a token sees its ancestors and itself, within the window. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { caughtMaskFaults, MASK_FAULTS } from '../../src/oracle/vectors/masks/mask-faults.ts';
import { maskFileShape } from '../../src/oracle/vectors/masks/mask-vectors.ts';
import type { MaskInputs, MaskOutputs } from '../../src/oracle/vectors/masks/visible-slots.ts';

const FOLDER = 'fixtures/vectors/masks';
const files = readdirSync(FOLDER).map((name) =>
  maskFileShape.parse(JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8'))),
);
const cases = files.flatMap(({ groups }) => groups.flatMap(({ tests }) => tests));

/** The slots on the path to a new token, in order. */
function pathTo({ cached, parents }: MaskInputs, node: number): number[] {
  if (node < 0) return Array.from({ length: cached }, (_, slot) => slot);
  return [...pathTo({ cached, parents, window: null }, parents[node]!), cached + node];
}

function byDefinition(inputs: MaskInputs): MaskOutputs {
  const paths = inputs.parents.map((_, node) => pathTo(inputs, node));
  const { window } = inputs;
  const sees = (path: number[]): number[] => {
    const position = path.length - 1;
    if (window === null) return path;
    if (window.kind === 'sliding') return path.slice(-window.size);
    return path.slice(Math.floor(position / window.size) * window.size);
  };
  return { positions: paths.map((path) => path.length - 1), visible: paths.map(sees) };
}

describe.each(files)('masks of $algorithm', ({ groups }) => {
  it('are those of the definition, and are caught by the faults that they name', () => {
    const tests = groups.flatMap((group) => group.tests);
    expect(tests.length).toBeGreaterThan(90);
    for (const { id, inputs, outputs, flags } of tests) {
      expect([id, outputs]).toEqual([id, byDefinition(inputs)]);
      const flagged = flags.filter((flag) => MASK_FAULTS.some(({ name }) => name === flag));
      expect([id, ...flagged]).toEqual([id, ...caughtMaskFaults(inputs, outputs)]);
    }
  });
});

it.each(MASK_FAULTS.map(({ name }) => name))('%s is caught by several cases', (name) => {
  expect(cases.filter(({ flags }) => flags.includes(name)).length).toBeGreaterThanOrEqual(3);
});
