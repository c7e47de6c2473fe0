/** The law of completions: bit for bit what decoding draws from, under every setting; speculation does not change it. */
import { describe, expect, it } from 'vitest';
import type { Step } from '../../../src/decode/step.ts';
import { OptionError, TokenError } from '../../../src/errors.ts';
import { completionLaw } from '../../../src/language-model/completion-law.ts';
import { embeddedModel, load } from '../../../src/language-model/node.ts';
import type { GenerateOptions } from '../../../src/language-model/options.ts';
import { TextAudit } from '../../../src/law/audit/text-audit.ts';
import { lenienceBy } from '../../../src/verify/lenience.ts';

const SETTINGS: Record<string, GenerateOptions> = {
  'temperature 1': { temperature: 1 },
  'temperature .6': { temperature: 0.6 },
  'top-k': { temperature: 1, topK: 2 },
  'top-p': { temperature: 1, topP: 0.8 },
  'min-p': { temperature: 1, minP: 0.3 },
  penalties: { temperature: 0.9, repetitionPenalty: 1.3, frequencyPenalty: 0.4, presencePenalty: 0.2 },
  'what counts tokens': { temperature: 1, noRepeatNgramSize: 2, minNewTokens: 3, beginSuppressTokens: [0] },
  greedy: { temperature: 0 },
};
const settings = Object.entries(SETTINGS);

describe('the law after each prefix', () => {
  it.each(settings)('has the bits that decoding drew from: %s', async (_, options) => {
    const model = await embeddedModel();
    const { law, maxTokens, endTokens } = completionLaw(model, 'def ', { ...options, maxNewTokens: 8 });
    expect([maxTokens, endTokens]).toEqual([8, model.eosTokens]);
    const prefix: number[] = [];
    let judged = 0;
    const onStep = ({ emitted, laws }: Step): void => {
      expect(Array.from(law.after(prefix)!)).toEqual(Array.from(laws!.target.get(-1)!));
      prefix.push(...emitted);
      judged += 1;
    };
    await model.complete('def ', { ...options, maxNewTokens: 8, draft: 'none', seed: 3, recordLaws: true, onStep });
    expect(judged).toBeGreaterThan(1);
  });

  it('is the same in any order of prefixes', async () => {
    const model = await embeddedModel();
    const [one, other] = [1, 2].map(() => completionLaw(model, 'def ', { temperature: 1 }).law);
    const prefixes = [[], [1], [1, 2], [1, 2, 3], [4], [4, 2, 3], [1, 2]];
    const forwards = prefixes.map((prefix) => Array.from(one!.after(prefix)!));
    const backwards = prefixes.toReversed().map((prefix) => Array.from(other!.after(prefix)!));
    expect(forwards).toEqual(backwards.reverse());
  });

  it('is null after an id outside the vocabulary', async () => {
    const { law } = completionLaw(await embeddedModel(), 'def ', { temperature: 1 });
    for (const token of [-1, 0.5, 1e9]) expect(law.after([token])).toBe(null);
  });
});

describe('speculation with a draft model, judged by its texts', () => {
  const folder = 'fixtures/problems/target-row-late';
  const prompt = [14, 13];
  const shared: GenerateOptions = { maxNewTokens: 5, draftTokens: 2, draftChoice: 'sample' };
  const [target, draft] = [load(`${folder}/target`), load(`${folder}/draft`)];

  async function judged(named: GenerateOptions, played: GenerateOptions, texts: number): Promise<TextAudit> {
    const model = await target;
    const options = { ...shared, draft: await draft, verify: 'rejection' as const };
    const audit = new TextAudit(completionLaw(model, prompt, { ...options, ...named }));
    for (let from = 0; from < texts && !audit.hasAlarm; from += 250) {
      const requests = Array.from({ length: 250 }, (_, i) => ({ ...options, ...played, prompt, seed: from + i }));
      const { completions } = await model.batch(requests, { atOnce: 64 });
      for (const { tokens } of completions) audit.observe(tokens);
    }
    return audit;
  }

  it.each(settings)('raises no alarm: %s', async (_, options) => {
    const audit = await judged(options, options, 500);
    expect([audit.hasAlarm, audit.texts, audit.unjudged]).toEqual([false, 500, 0]);
  });

  const wrong: [string, GenerateOptions, GenerateOptions][] = [
    ['temperature ignored', { temperature: 0.6 }, { temperature: 1 }],
    ['top-k ignored', { temperature: 1, topK: 2 }, { temperature: 1 }],
    ['min-p ignored', { temperature: 1, minP: 0.3 }, { temperature: 1 }],
    ['penalties dropped', SETTINGS.penalties!, { temperature: 0.9 }],
    ['an acceptance four times too lenient', { temperature: 1 }, { temperature: 1, verify: lenienceBy(4) }],
  ];
  it.each(wrong)('is found wrong: %s', async (_, named, played) => {
    expect((await judged(named, played, 4000)).hasAlarm).toBe(true);
  });
});

it('refuses what has no law of tokens, and prompts and options as generating does', async () => {
  const model = await embeddedModel();
  const message = new OptionError('stop strings', 'none, for a law of tokens', 'a');
  expect(() => completionLaw(model, 'def ', { stopStrings: ['a'] })).toThrow(message);
  expect(() => completionLaw(model, [])).toThrow(TokenError);
  expect(() => completionLaw(model, 'def ', { maxNewTokens: 0 })).toThrow(OptionError);
  expect(() => completionLaw(model, 'def ', { temprature: 1 } as GenerateOptions)).toThrow(OptionError);
});
