/** docs/engines/faults.md names faults that exist, and every fault that can be planted. */
import { expect, it } from 'vitest';
import { ENGINE_FAULTS } from '../../src/oracle/conformance/own-engine/vectors.ts';
import { TREE_FAULTS } from '../zoo/trees.ts';
import { VECTOR_FAULTS } from '../zoo/vectors.ts';
import { textOf } from './sources.ts';

/** Rows of the tables of the page: what is in each cell. */
function rows(): string[][] {
  const lines = textOf('docs/engines/faults.md').split('\n');
  return lines.filter((line) => /^\| .* \|$/.test(line) && !line.startsWith('| ---')).map(cellsOf);
}
const cellsOf = (line: string): string[] => line.slice(2, -2).split(' | ');
const namesIn = (cell: string): string[] => [...cell.matchAll(/`([a-z0-9-]+)`/g)].map(([, name]) => name!);

const known = new Set([
  ...ENGINE_FAULTS,
  ...TREE_FAULTS.map(({ name }) => name),
  ...Object.values(VECTOR_FAULTS).flatMap((each) => each.map(({ name }) => name)),
]);

it('a fault that the page names exists', () => {
  const named = rows().flatMap(([, faults = '']) => namesIn(faults));
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});

it('a fault that can be planted is on the page', () => {
  const named = new Set(rows().flatMap(([, faults = '']) => namesIn(faults)));
  expect([...known].filter((name) => !named.has(name))).toEqual([]);
});

it('a test that the page points to exists', () => {
  const tests = rows().flatMap((cells) => [...cells.join(' ').matchAll(/planted-faults\/([a-z]+): “([^”]+)”/g)]);
  expect(tests.length).toBeGreaterThan(10);
  const missing = tests.filter(([, file, title]) => {
    const text = textOf(`test/meta/planted-faults/${file}.test.ts`);
    return !text.includes(title!);
  });
  expect(missing.map(([whole]) => whole)).toEqual([]);
});
