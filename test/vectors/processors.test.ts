/** The committed laws, read and made as an engine would: from the numbers in the files alone. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rowOf } from '../../src/oracle/vectors/hex-tensor.ts';
import { caughtLawFaults } from '../../src/oracle/vectors/processors/chosen-laws.ts';
import { LAW_FAULTS } from '../../src/oracle/vectors/processors/faults/index.ts';
import { processedLaw } from '../../src/oracle/vectors/processors/law-inputs.ts';
import { LAW_TOPICS } from '../../src/oracle/vectors/processors/law-topics.ts';
import { LAW_CAP, type LawFile, lawFileShape, readLawInputs } from '../../src/oracle/vectors/processors/law-vectors.ts';

const FOLDER = 'fixtures/vectors/processors';
const files = readdirSync(FOLDER).map((name) =>
  lawFileShape.parse(JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8'))),
);
const casesOf = (file: LawFile) =>
  file.groups.flatMap(({ vocabulary, tests }) => tests.map((test) => ({ test, vocabulary })));

it('there is a file for each topic', () => {
  expect(files.map(({ algorithm }) => algorithm).sort()).toEqual(LAW_TOPICS.map(({ name }) => name).sort());
});

describe.each(files)('laws of $algorithm', (file) => {
  it('are what the sampler gives, sum to one, and are caught by the faults that they name', () => {
    expect(casesOf(file).length).toBeGreaterThan(25);
    for (const { test, vocabulary } of casesOf(file)) {
      const inputs = readLawInputs(test.id, vocabulary, test.inputs);
      const expected = rowOf(test.id, test.outputs.law, vocabulary);
      expect(processedLaw(inputs), test.id).toEqual(expected);
      expect(Math.abs(expected.reduce((a, b) => a + b) - 1)).toBeLessThan(1e-14);
      const flagged = test.flags.filter((flag) => LAW_FAULTS.has(flag));
      expect([test.id, ...flagged]).toEqual([test.id, ...caughtLawFaults(inputs, expected, test.compare)]);
    }
  });
});

it.each([...LAW_FAULTS.keys()])('%s is caught by several cases', (name) => {
  const catching = files.flatMap(casesOf).filter(({ test }) => test.flags.includes(name));
  expect(catching.length).toBeGreaterThanOrEqual(3);
});

it('a tolerance over its cap is refused', () => {
  const [file] = files;
  const text = JSON.stringify(file).replace(/"rtol":[^}]*/, `"rtol":${LAW_CAP.rtol * 1.01}`);
  expect(lawFileShape.safeParse(JSON.parse(text)).error?.issues[0]?.path.at(-1)).toBe('rtol');
});
