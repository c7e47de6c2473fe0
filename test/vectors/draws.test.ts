/** The committed draws, read and drawn as an engine would: from the numbers in the files alone. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { caughtDrawFaults, INVERSE_CDF_FAULTS, RACE_FAULTS } from '../../src/oracle/vectors/draws/draw-faults.ts';
import { drawFileShape, readDrawInputs } from '../../src/oracle/vectors/draws/draw-vectors.ts';
import { drawnToken } from '../../src/oracle/vectors/draws/drawn-token.ts';
import { drawMethodOf } from '../../src/oracle/vectors/draws/suite.ts';

const FOLDER = 'fixtures/vectors/draws';
const files = readdirSync(FOLDER).map((name) =>
  drawFileShape.parse(JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8'))),
);
const FAULTS = { 'inverse-cdf': INVERSE_CDF_FAULTS, race: RACE_FAULTS };

it('there is a file for each way to draw', () => {
  expect(files.map(({ algorithm }) => algorithm).sort()).toEqual(Object.keys(FAULTS));
});

describe.each(files)('draws by $algorithm', ({ algorithm, groups }) => {
  const faults = FAULTS[algorithm as keyof typeof FAULTS];
  const cases = groups.flatMap(({ vocabulary, tests, class: kind }) =>
    tests.map((test) => ({ test, vocabulary, kind })),
  );

  it('select what the file says, and are caught by the faults that they name', () => {
    expect(cases.length).toBeGreaterThan(40);
    for (const { test, vocabulary } of cases) {
      const inputs = readDrawInputs(test.id, vocabulary, test.inputs);
      const drawn = drawnToken(drawMethodOf(algorithm), inputs);
      expect([test.id, drawn.token, drawn.exact]).toEqual([test.id, test.outputs.token, true]);
      expect(drawn.margin).toBe(test.margin ?? Number.POSITIVE_INFINITY);
      expect(inputs.law[drawn.token]).toBeGreaterThan(0);
      expect(inputs.uniforms.every((uniform) => uniform >= 0 && uniform < 1)).toBe(true);
      const flagged = test.flags.filter((flag) => faults.some(({ name }) => name === flag));
      expect([test.id, ...flagged]).toEqual([test.id, ...caughtDrawFaults(faults, inputs, drawn.token)]);
    }
  });

  it.each(faults.map(({ name }) => name))('%s is caught by several cases', (name) => {
    expect(cases.filter(({ test }) => test.flags.includes(name)).length).toBeGreaterThanOrEqual(3);
  });
});
