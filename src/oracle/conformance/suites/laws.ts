/**
 * The suite of laws: sampled texts, plain and speculative, against the law of plain decoding.
 * @packageDocumentation
 */
import { z } from 'zod';
import { type AskedDrafter, type AskedSampling, GREEDY } from '../operations/generate.ts';
import { SAMPLING_FAULTS } from '../text-faults.ts';
import { LawCase, type LawPlan } from './law-case.ts';
import { type ConformSuite, type Fixtures, faultInWords } from './suite.ts';

const PARTS = ['plain', 'draft-model', 'heads', 'lookup'] as const;

/** Texts of each case: enough to see a total variation of about a tenth in the law of the first token. */
const REPETITIONS = 1500;
const TOKENS = 4;
/** Of all cases together. */
const FALSE_ALARM = 1e-6;

const SAMPLED: AskedSampling = { ...GREEDY, temperature: 1 };
const SETTINGS: readonly (readonly [string, AskedSampling])[] = [
  ['temperature-1', SAMPLED],
  ['temperature-0.6', { ...SAMPLED, temperature: 0.6 }],
  ['top-k', { ...SAMPLED, topK: 2 }],
  ['top-p', { ...SAMPLED, topP: 0.75 }],
  ['min-p', { ...SAMPLED, minP: 0.5 }],
  ['penalties', { ...SAMPLED, repetitionPenalty: 1.2, frequencyPenalty: 1.5, presencePenalty: 0.25 }],
];

/** The suite of sampled texts. */
export const LAWS: ConformSuite = {
  name: 'laws',
  about: 'sampled texts against the law of plain decoding, with a bound on false alarms; a part for each drafter',
  faults: [...SAMPLING_FAULTS.values()].map(faultInWords),
  parts: PARTS,
  cases: (fixtures, parts) => {
    const plans = lawPlans(fixtures);
    const falseAlarm = FALSE_ALARM / plans.length;
    return plans
      .filter(({ part }) => parts.includes(part))
      .map((plan) => new LawCase(fixtures, { ...plan, falseAlarm }));
  },
};

type Plan = Omit<LawPlan, 'falseAlarm'>;

const indexShape = z.object({ problems: z.array(z.object({ folder: z.string() })) });

function lawPlans(fixtures: Fixtures): Plan[] {
  const { problems } = indexShape.parse(JSON.parse(fixtures.text('problems/index.json')));
  return problems.flatMap(({ folder }) => {
    const at = `problems/${folder}`;
    const heads = fixtures
      .folder(at)
      .list()
      .filter((name) => name === 'turbo' || name === 'medusa');
    const draft: AskedDrafter = { kind: 'draft-model', model: `${at}/draft`, tokens: 2 };
    return [
      plan(folder, 'draft-model', 'temperature-1', SAMPLED, draft),
      ...heads.map((name) =>
        plan(folder, 'heads', name, SAMPLED, { kind: 'heads', folder: `${at}/${name}`, tokens: 1 }),
      ),
      ...(folder === WIDE ? SETTINGS.flatMap(([name, sampling]) => settingPlans(folder, name, sampling, draft)) : []),
    ];
  });
}

/** The problem with the most tokens, for filters. */
const WIDE = 'shared-noise';

function settingPlans(folder: string, name: string, sampling: AskedSampling, draft: AskedDrafter): Plan[] {
  return [
    plan(folder, 'plain', name, sampling, null),
    plan(folder, 'lookup', name, sampling, { kind: 'lookup', tokens: 2, ngram: 1 }),
    ...(name === 'temperature-1' ? [] : [plan(folder, 'draft-model', name, sampling, draft)]),
  ];
}

function plan(
  folder: string,
  part: (typeof PARTS)[number],
  name: string,
  sampling: AskedSampling,
  drafter: AskedDrafter | null,
): Plan {
  // Heads draft from the state before the last token, and need the prompt that they were made for.
  const prompt = drafter?.kind === 'heads' ? [14] : [14, 13];
  const maxTokens = TOKENS + (drafter?.kind === 'heads' ? 1 : 0);
  const text = { prompt, adapter: null, sampling, drafter, maxTokens, endTokens: [], seed: 0 };
  const model = `problems/${folder}/target`;
  return { part, id: `laws-${part}-${folder}-${name}`, flags: [folder], model, text, repetitions: REPETITIONS };
}
