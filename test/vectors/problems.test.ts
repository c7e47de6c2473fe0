/** The committed folders are what is made today, and reveal the faults they are for. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type Fraction from 'fraction.js';
import { expect, it } from 'vitest';
import { problemFiles, problemsRoot, revealingProblems } from '../../fixtures/generators/problems/generate.ts';
import { outcomeLaw } from '../../src/law/enumeration.ts';
import { FAULTS, faultNeeds, faultyScheme } from '../../src/law/faults/faults.ts';
import { EXACT } from '../../src/law/numbers.ts';
import { problemFrom } from '../../src/law/problem-input.ts';
import { type Scheme, schemeFor } from '../../src/law/scheme.ts';
import { rational } from '../../src/numerics/arithmetic.ts';
import { nearestNumber } from '../../src/numerics/nearest-number.ts';
import { realizationShape } from '../../src/oracle/checkpoints/realization.ts';
import { RULES } from '../../src/verify/rules.ts';

it('has the files that are made, byte for byte, and a README', () => {
  const made = new Map(problemFiles());
  const there = readdirSync(problemsRoot, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(problemsRoot, join(entry.parentPath, entry.name)).replaceAll(sep, '/'));
  expect(there.sort()).toEqual([...made.keys(), 'README.md'].sort());
  const changed = [...made].filter(([path, bytes]) => !readFileSync(join(problemsRoot, path)).equals(bytes));
  expect(changed.map(([path]) => path)).toEqual([]);
});

it('says of each what its schema allows, and nothing else', () => {
  for (const { folder } of revealingProblems().committed) {
    const text = readFileSync(join(problemsRoot, folder, 'realization.json'), 'utf8');
    expect(realizationShape.safeParse(JSON.parse(text)).error, folder).toBeUndefined();
  }
});

it('covers every fault but one, whose problem is too large', () => {
  const { committed, tooLarge } = revealingProblems();
  expect(tooLarge.flatMap(({ faults }) => faults)).toEqual(['rounded-draft-law']);
  expect(committed.flatMap(({ faults }) => faults)).toHaveLength(FAULTS.size - 1);
});

const REVEALED = revealingProblems().committed.flatMap(({ folder, faults }) =>
  faults.map((name) => [name, folder] as const),
);

/** How often an outcome of a round tells two schemes apart. */
function variation(a: Scheme<Fraction>, b: Scheme<Fraction>): number {
  const [one, other] = [outcomeLaw(a, rational), outcomeLaw(b, rational)];
  const zero = rational.zero;
  const differences = [...new Set([...one.keys(), ...other.keys()])].map((key) =>
    (one.get(key)?.probability ?? zero).sub(other.get(key)?.probability ?? zero).abs(),
  );
  return nearestNumber(differences.reduce((sum, difference) => sum.add(difference), zero)) / 2;
}

it.each(REVEALED)('the exact laws of a folder reveal %s', (name, folder) => {
  const text = readFileSync(join(problemsRoot, folder, 'draft.problem.json'), 'utf8');
  const problem = problemFrom(JSON.parse(text));
  const fault = FAULTS.get(name)!;
  const rule = [...RULES.values()].find((one) => faultNeeds(fault, one, problem) === null)!;
  const found = variation(schemeFor(problem, rule, EXACT), faultyScheme(problem, rule, fault));
  // Far more than the precision of the weights would explain.
  expect(found).toBeGreaterThan(fault.faint === undefined ? 0.01 : 2 ** -26);
});
