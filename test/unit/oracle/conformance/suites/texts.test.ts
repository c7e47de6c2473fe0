/** The suite of texts on engines that are right, wrong in known ways, and wrong in any other. */
import { describe, expect, it } from 'vitest';
import type { ConformCase } from '../../../../../src/oracle/conformance/conform-case.ts';
import type { Engine } from '../../../../../src/oracle/conformance/engine.ts';
import type { AskedText, GenerateQuestion } from '../../../../../src/oracle/conformance/operations/generate.ts';
import { partVerdicts } from '../../../../../src/oracle/conformance/part-verdict.ts';
import { casesOf } from '../../../../../src/oracle/conformance/suites/suites.ts';
import { TEXT_PARTS } from '../../../../../src/oracle/conformance/suites/text-plans.ts';
import { type AskedBatches, TEXT_FAULTS } from '../../../../../src/oracle/conformance/text-faults.ts';
import { changed as changedTexts, judged, kinds } from '../../../../support/judged-cases.ts';
import { committed, ownEngine } from '../../../../support/own-engines.ts';

const all = casesOf(committed, ['texts']);
const about = (name: string) => (test: ConformCase) => test.flags[0] === name;

/** This package, with each of its texts changed. */
const changed = (
  asked: (question: GenerateQuestion) => GenerateQuestion,
  answered: (text: readonly number[], request: AskedText) => unknown = (text) => text,
): Engine => changedTexts(asked, (texts, request) => texts.map((text) => answered(text, request)));
const same = (question: GenerateQuestion) => question;

describe('a correct engine', () => {
  it('passes every part: this package', { timeout: 120_000 }, async () => {
    const some = all.filter((test, i) => i % 3 === 0 || test.part === 'batches');
    expect(new Set(some.map(({ part }) => part))).toEqual(new Set(TEXT_PARTS));
    expect(kinds(await judged(ownEngine(), some))).toEqual(['pass']);
  });

  it('of an unknown number format nothing is decided', async () => {
    expect(kinds(await judged(ownEngine(), all.slice(0, 3), 'int4'))).toEqual(['undecided']);
  });
});

describe('a known fault of how requests are understood is caught, and named first', () => {
  it.each([...TEXT_FAULTS.values()])('$name', async ({ name, understood }) => {
    const before: AskedText[][] = [];
    const engine = changed((question) => {
      const batches: AskedBatches = [...before, question.requests];
      if (name === 'adapter-stays') before.push([...question.requests]);
      return { ...question, requests: understood(batches, [])[0]!.at(-1)! };
    });
    const golden = /adapter/.test(name) ? 'lora-batch' : 'llama-attention-bias';
    const cases = all.filter(about(name === 'adapter-ignored-when-drafting' ? 'lora-rslora' : golden));
    const verdicts = partVerdicts(await judged(engine, cases)).filter(({ failed }) => failed > 0);
    expect(verdicts.length).toBeGreaterThan(0);
    // Where a part asks the same of two faults, both explain it.
    for (const { explanations } of verdicts) expect(explanations.map((each) => each.name)).toContain(name);
  });

  it('as is one of the model', async () => {
    for (const [fault, golden] of [
      ['rslora-ignored', 'lora-rslora'],
      ['window-one-wider', 'mistral-window'],
      ['rope-scaling-ignored', 'llama-rope-linear'],
    ] as const) {
      const [verdict] = partVerdicts(await judged(ownEngine(fault), all.filter(about(golden))));
      expect(verdict!.failed).toBeGreaterThan(0);
      expect(verdict!.explanations[0]).toEqual({ kind: 'fault', name: fault });
    }
  });
});

describe('an unknown fault is caught, and nothing is named', () => {
  const drafting = (change: (text: readonly number[], request: AskedText) => unknown) =>
    ((text, request) => (request.drafter === null ? text : change(text, request))) as typeof change;
  const WRONG: readonly [string, (text: readonly number[], request: AskedText) => unknown][] = [
    ['the last token missing', drafting((text) => text.slice(0, -1))],
    ['a token twice', drafting((text) => text.flatMap((token, i) => (i === 2 ? [token, token] : [token])))],
    ['tokens after the end', drafting((text, { endTokens }) => (endTokens.length > 0 ? [...text, 1] : text))],
    ['one token too many', drafting((text, { maxTokens }) => (text.length === maxTokens ? [...text, 0] : text))],
    ['another token in the middle', drafting((text) => text.map((token, i) => (i === 3 ? (token + 1) % 48 : token)))],
    ['prompts of 1 + k tokens', drafting((text, { prompt }) => (prompt.length === 4 ? text.toReversed() : text))],
    ['a token outside the vocabulary', drafting((text) => [...text.slice(0, 1), 48, ...text.slice(2)])],
    ['a huge token', drafting((text) => [...text.slice(0, -1), 2 ** 40])],
    ['nothing', drafting(() => [])],
    ['ten thousand tokens', drafting((text) => Array.from({ length: 10_000 }, (_, i) => text[i] ?? 0))],
  ];

  it.each(WRONG)('%s', async (_, change) => {
    const cases = await judged(
      changed(same, change),
      all.filter((test) => about('qwen2-bias')(test) && test.part === 'lookup'),
    );
    expect(kinds(cases)).toContain('fail');
    const [verdict] = partVerdicts(cases);
    expect(verdict!.explanations).toEqual([]);
  });

  it('and a failure says where: request, position, what was expected, and how far off it is', async () => {
    const engine = changed(same, (text, { adapter }) =>
      adapter === null ? text : text.map((token, i) => (i === 5 ? 0 : token)),
    );
    const [case_] = await judged(
      engine,
      all.filter(({ id }) => id === 'texts-batches-none-a-b'),
    );
    expect(case_!.outcome).toMatchObject({
      kind: 'fail',
      expected: expect.stringMatching(/^batch 1, request 2, after 5 new tokens: \d+$/),
      got: expect.stringMatching(/^0, [\d.e+]+ times the noise less likely$/),
      noise: expect.any(Number),
    });
  });

  it('answers of another form', async () => {
    const forms: [string, Engine][] = [
      [
        'fail',
        { ...changed(same), ask: async ({ id }) => ({ kind: 'answer', answer: { id, outputs: { texts: [] } } }) },
      ],
      [
        'fail',
        { ...changed(same), ask: async ({ id }) => ({ kind: 'answer', answer: { id, outputs: { texts: [[]] } } }) },
      ],
      ['broken', changed(same, (text) => text.map(() => Number.NaN))],
      ['broken', changed(same, (text) => text.map((token) => token + 0.5))],
      ['broken', changed(same, () => 'a text')],
      ['broken', changed(same, (text) => text.map((token) => -1 - token))],
    ];
    for (const [kind, engine] of forms) expect(kinds(await judged(engine, all.slice(0, 2)))).toEqual([kind]);
  });
});
