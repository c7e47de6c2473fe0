/** The committed log-probabilities, read and made as an engine would: from the numbers in the files alone. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { emittedLogprobs } from '../../src/oracle/vectors/logprobs/emitted-logprobs.ts';
import { caughtLogprobFaults, LOGPROB_FAULTS } from '../../src/oracle/vectors/logprobs/logprob-faults.ts';
import {
  LOGPROB_CAP,
  logprobFileShape,
  readLogprobInputs,
  writtenLogprobs,
} from '../../src/oracle/vectors/logprobs/logprob-vectors.ts';

const FOLDER = 'fixtures/vectors/logprobs';
const files = readdirSync(FOLDER).map((name) =>
  logprobFileShape.parse(JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8'))),
);
const cases = files.flatMap(({ groups }) =>
  groups.flatMap(({ vocabulary, tests }) => tests.map((test) => ({ test, vocabulary }))),
);

describe.each(files)('log-probabilities, $algorithm', (file) => {
  it('are what the rows give, and are caught by the faults that they name', () => {
    const own = cases.filter(({ test }) => test.inputs.of === file.algorithm);
    expect(own.length).toBeGreaterThan(20);
    for (const { test, vocabulary } of own) {
      const inputs = readLogprobInputs(test.id, vocabulary, test.inputs);
      const right = emittedLogprobs(inputs);
      expect([test.id, writtenLogprobs(right)]).toEqual([test.id, test.outputs]);
      expect(inputs.emitted.length).toBe(inputs.logits.length);
      expect([...right.chosen].every((value) => value <= 0 && Number.isFinite(value))).toBe(true);
      const flagged = test.flags.filter((flag) => LOGPROB_FAULTS.some(({ name }) => name === flag));
      expect([test.id, ...flagged]).toEqual([test.id, ...caughtLogprobFaults(inputs, right, test.compare)]);
    }
  });
});

it.each(LOGPROB_FAULTS.map(({ name }) => name))('%s is caught by several cases', (name) => {
  expect(cases.filter(({ test }) => test.flags.includes(name)).length).toBeGreaterThanOrEqual(3);
});

it('a tolerance over its cap is refused', () => {
  const text = JSON.stringify(files[0]).replace(/"atol":[^,]*/, `"atol":${LOGPROB_CAP.atol * 1.01}`);
  expect(logprobFileShape.safeParse(JSON.parse(text)).error?.issues[0]?.path.at(-1)).toBe('atol');
});
