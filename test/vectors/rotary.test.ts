/** The committed tables of rotary embeddings, made again from the parameters in the files. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { caughtRotaryFaults, ROTARY_FAULTS } from '../../src/oracle/vectors/rotary/rotary-faults.ts';
import { rotaryTable } from '../../src/oracle/vectors/rotary/rotary-table.ts';
import { ROTARY_CAP, rotaryFileShape, writtenTable } from '../../src/oracle/vectors/rotary/rotary-vectors.ts';

const FOLDER = 'fixtures/vectors/rotary';
const files = readdirSync(FOLDER).map((name) =>
  rotaryFileShape.parse(JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8'))),
);
const cases = files.flatMap(({ groups }) => groups.flatMap(({ tests }) => tests));

it('there is a file for each type', () => {
  const types = ['default', 'linear', 'llama3', 'longrope', 'partial', 'yarn'];
  expect(files.map(({ algorithm }) => algorithm).sort()).toEqual(types);
});

describe.each(files)('tables of $algorithm', ({ groups }) => {
  it('are what the parameters give, and are caught by the faults that they name', () => {
    const tests = groups.flatMap((group) => group.tests);
    expect(tests.length).toBeGreaterThan(0);
    for (const { id, inputs, outputs, compare, flags } of tests) {
      const table = rotaryTable(inputs);
      expect([id, writtenTable(table)]).toEqual([id, outputs]);
      const flagged = flags.filter((flag) => ROTARY_FAULTS.some(({ name }) => name === flag));
      expect([id, ...flagged]).toEqual([id, ...caughtRotaryFaults(inputs, table, compare)]);
    }
  });
});

it.each(ROTARY_FAULTS.map(({ name }) => name))('%s is caught by several cases', (name) => {
  expect(cases.filter(({ flags }) => flags.includes(name)).length).toBeGreaterThanOrEqual(2);
});

it('a tolerance over its cap is refused', () => {
  const text = JSON.stringify(files[0]).replace(/"cos":{"atol":[^,]*/, `"cos":{"atol":${ROTARY_CAP.atol * 1.01}`);
  expect(rotaryFileShape.safeParse(JSON.parse(text)).error?.issues[0]?.path.slice(-2)).toEqual(['cos', 'atol']);
});
