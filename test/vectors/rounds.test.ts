/** The committed rounds, read and played as an engine would: from the numbers in the files alone. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FAULTS } from '../../src/law/faults/faults.ts';
import { emittedWithFault, faultsOf } from '../../src/oracle/vectors/rounds/faulty-round.ts';
import { playRound } from '../../src/oracle/vectors/rounds/played-round.ts';
import { readInputs, roundFileShape } from '../../src/oracle/vectors/rounds/round-vectors.ts';
import { RULES, ruleNamed } from '../../src/verify/rules.ts';

const FOLDER = 'fixtures/vectors/rounds';
const files = readdirSync(FOLDER).map((name) =>
  roundFileShape.parse(JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8'))),
);
const casesOf = (file: (typeof files)[number]) =>
  file.groups.flatMap(({ vocabulary, tests, class: kind }) => tests.map((test) => ({ test, vocabulary, kind })));

it('there is a file for each rule', () => {
  expect(files.map(({ algorithm }) => algorithm).sort()).toEqual([...RULES.keys()].sort());
});

describe.each(files)('rounds of $algorithm', (file) => {
  const cases = casesOf(file);

  it('emit what the file says, and decide as near to their boundaries', () => {
    expect(cases.length).toBeGreaterThan(40);
    for (const { test, vocabulary } of cases) {
      const played = playRound(ruleNamed(file.algorithm), readInputs(test.id, vocabulary, test.inputs));
      expect({ id: test.id, accepted: played.accepted, emitted: played.emitted }).toEqual({
        id: test.id,
        ...test.outputs,
      });
      expect(played.exact).toBe(true);
      expect(played.margin).toBe(test.margin ?? Number.POSITIVE_INFINITY);
    }
  });

  it('hold laws that sum to one, drafted tokens that could be drawn, and uniforms below one', () => {
    for (const { test, vocabulary } of cases) {
      const { target, draft, tokens, uniforms } = readInputs(test.id, vocabulary, test.inputs);
      for (const law of [...target, ...draft]) expect(Array.from(law).reduce((a, b) => a + b)).toBe(1);
      for (const [node, token] of tokens.entries()) expect(draft[node]![token]).toBeGreaterThan(0);
      const { accept, residual, target: draws, race = [] } = uniforms;
      const drawn = [accept, residual, draws, race].flat().flatMap((row) => Array.from(row));
      expect(drawn.filter((uniform) => !(uniform >= 0 && uniform < 1))).toEqual([]);
    }
  });

  it('are not near a tie unless they say so', () => {
    for (const { test, kind } of cases) {
      if (kind === 'float32') expect(test.margin ?? 1).toBeGreaterThan(1e-4);
      expect(test.result).toBe(test.flags.includes('NearTie') ? 'acceptable' : 'valid');
    }
  });
});

describe('known faults', () => {
  it('emit other tokens where the flags say so, and nowhere else', () => {
    for (const file of files) {
      const rule = ruleNamed(file.algorithm);
      for (const { test, vocabulary } of casesOf(file)) {
        const inputs = readInputs(test.id, vocabulary, test.inputs);
        const caught = faultsOf(rule).filter((fault) => {
          const emitted = emittedWithFault(rule, fault, inputs);
          return emitted !== null && emitted.join() !== test.outputs.emitted.join();
        });
        const flagged = test.flags.filter((flag) => FAULTS.has(flag));
        expect([test.id, ...flagged]).toEqual([test.id, ...caught.map(({ name }) => name)]);
      }
    }
  });

  const catching = (fault: string): number =>
    files.flatMap(casesOf).filter(({ test }) => test.flags.includes(fault)).length;
  /**
   * With the tokens, their laws and all uniforms given, these cannot be told from a correct engine: what is wrong is how
   * the tokens were drawn, or where the uniforms come from.
   */
  const HIDDEN = ['greedy-draft', 'raw-draft-law', 'rounded-draft-law', 'shared-noise'];

  it.each([...FAULTS.keys()].filter((name) => !HIDDEN.includes(name)))('%s is caught by several cases', (name) => {
    expect(catching(name)).toBeGreaterThanOrEqual(3);
  });

  it.each(HIDDEN)('%s cannot be seen in one round whose draft law is given', (name) => {
    expect(catching(name)).toBe(0);
  });
});
