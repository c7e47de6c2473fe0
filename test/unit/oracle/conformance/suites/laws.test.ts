/** The suite of laws on engines that are right, wrong in known ways, and wrong in any other. */
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../../../src/oracle/conformance/conform-case.ts';
import { partVerdicts } from '../../../../../src/oracle/conformance/part-verdict.ts';
import { casesOf } from '../../../../../src/oracle/conformance/suites/suites.ts';
import { SAMPLING_FAULTS } from '../../../../../src/oracle/conformance/text-faults.ts';
import { changed, judged, kinds } from '../../../../support/judged-cases.ts';
import { committed, ownEngine } from '../../../../support/own-engines.ts';

const all = casesOf(committed, ['laws']);
const named = (pattern: RegExp) => all.filter(({ id }) => pattern.test(id));

describe('a correct engine passes', () => {
  it('with each drafter and each setting, and is told what would have been seen', { timeout: 120_000 }, async () => {
    const cases = await judged(
      ownEngine(),
      named(/residual-softmax|lookup-shared-noise-(top-p|penalties)|plain-shared-noise-(temperature-1|min-p)/),
    );
    expect(kinds(cases)).toEqual(['pass']);
    for (const { outcome } of cases) {
      const { power, evidence } = outcome as Extract<Outcome, { kind: 'pass' }>;
      expect(power).toBeGreaterThan(0);
      expect(evidence!.at(-1)!.texts).toBe(1500);
    }
    const plain = cases.find(({ test }) => test.id.endsWith('plain-shared-noise-temperature-1'))!;
    expect((plain.outcome as Extract<Outcome, { kind: 'pass' }>).power).toBeLessThan(0.15);
  });

  it('also when each seed gives other texts than this package', async () => {
    const engine = changed((question) => ({
      ...question,
      requests: question.requests.map((text) => ({ ...text, seed: text.seed + 77 })),
    }));
    expect(kinds(await judged(engine, named(/draft-model-zeroed-target/)))).toEqual(['pass']);
  });
});

describe('a known fault of settings is caught, and among those that fit', () => {
  it.each([...SAMPLING_FAULTS.values()])('$name', { timeout: 120_000 }, async ({ name, understood }) => {
    const engine = changed((question) => ({ ...question, requests: question.requests.map(understood) }));
    const [verdict] = partVerdicts(await judged(engine, named(/laws-plain/)));
    expect(verdict!.failed).toBeGreaterThan(0);
    expect(verdict!.explanations).toContainEqual({ kind: 'fault', name });
  });
});

describe('an unknown fault is caught, and nothing is named', () => {
  it('every draft accepted: the law is that of the draft model', async () => {
    const engine = changed((question) => {
      const [text] = question.requests;
      if (text!.drafter?.kind !== 'draft-model') return question;
      return { ...question, model: text!.drafter.model, requests: [{ ...text!, drafter: null }] };
    });
    const cases = await judged(engine, named(/draft-model-(residual-softmax|shared-noise)-temperature-1/));
    expect(kinds(cases)).toEqual(['fail']);
    expect(partVerdicts(cases)[0]!.explanations).toEqual([]);
    expect(cases[0]!.outcome).toMatchObject({
      expected: expect.stringMatching(/^token \d+ (first|after [\d ]+): 0\.\d+$/),
      got: expect.stringMatching(/total variation of 0\.\d+; the alarm was raised twice, after \d+ texts$/),
    });
  });

  const WRONG: readonly [string, (texts: readonly (readonly number[])[]) => unknown][] = [
    ['one text again and again', (texts) => texts.map(() => texts[0]!)],
    ['an impossible token', (texts) => texts.map((text, i) => (i === 3 ? [...text.slice(0, -1), 15] : text))],
    ['texts that end too early', (texts) => texts.map((text) => text.slice(0, -1))],
    ['texts that go on', (texts) => texts.map((text) => [...text, 0])],
    ['too few texts', (texts) => texts.slice(1)],
    ['no texts', () => []],
  ];
  it.each(WRONG)('%s', async (_, answered) => {
    const cases = await judged(
      changed((question) => question, answered),
      named(/heads-residual-softmax-turbo/),
    );
    expect(kinds(cases)).toEqual(['fail']);
    expect(partVerdicts(cases)[0]!.explanations).toEqual([]);
  });

  it('a fresh sample has to raise the alarm again', async () => {
    let samples = 0;
    const engine = changed(
      (question) => question,
      (texts) => (samples++ === 0 ? texts.map(() => texts[0]!) : texts),
    );
    expect(kinds(await judged(engine, named(/heads-residual-softmax-turbo/)))).toEqual(['undecided']);
  });

  it('texts of another form, and unknown number formats', async () => {
    const [test] = all;
    expect(
      kinds(
        await judged(
          changed(
            (question) => question,
            () => [[0.5]],
          ),
          [test!],
        ),
      ),
    ).toEqual(['broken']);
    expect(kinds(await judged(ownEngine(), [test!], 'int8'))).toEqual(['undecided']);
  });
});
