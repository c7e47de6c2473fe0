/** What holds for the law under any settings of all processors together, after any text. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSampler, type TextContext } from '../../src/sampling/sampler.ts';
import { isNextOf } from '../../src/sampling/sequence-match.ts';
import { checkSettings, type SamplingInput } from '../../src/sampling/settings.ts';
import { anySettings } from '../support/sampling-settings.ts';

const V = 11;
const token = fc.nat(V - 1);
const logits = fc
  .array(
    fc.oneof(
      fc.integer({ min: -12, max: 12 }).map((quarters) => quarters / 4),
      fc.double({ min: -9, max: 9, noNaN: true }),
    ),
    {
      minLength: V,
      maxLength: V,
    },
  )
  .map((values) => Float64Array.from(values));
const texts: fc.Arbitrary<TextContext> = fc
  .tuple(fc.array(token, { minLength: 1, maxLength: 6 }), fc.array(token, { maxLength: 8 }))
  .map(([prompt, generated]) => ({ tokens: [...prompt, ...generated], promptLength: prompt.length }));
const inputs: fc.Arbitrary<SamplingInput> = fc
  .record({
    settings: anySettings(V),
    temperature: fc.constantFrom(0, 0.7, 1, 2),
    eosTokens: fc.array(token, { maxLength: 2 }),
    maxNewTokens: fc.integer({ min: 1, max: 8 }),
  })
  .map(({ settings, ...others }) => ({ ...settings, ...others }));

it('is a law, and asked again, after other texts, the same bits; nothing that it is given changes', () => {
  fc.assert(
    fc.property(inputs, logits, texts, texts, (input, row, text, other) => {
      const settings = checkSettings(input, V);
      const sampler = createSampler(settings, V);
      const before = structuredClone({ row, text, settings });
      const law = sampler.law(row, text);
      expect(Math.abs(law.reduce((sum, mass) => sum + mass, 0) - 1)).toBeLessThanOrEqual(V * Number.EPSILON);
      for (const mass of law) expect(mass).toBeGreaterThanOrEqual(0);
      sampler.law(row, other); // drafted, then rejected
      expect(sampler.law(row, text)).toEqual(law);
      expect({ row, text, settings }).toEqual(before);
    }),
    { numRuns: 300 },
  );
});

it('has no mass where a token is banned, and all of it on forced tokens', () => {
  fc.assert(
    fc.property(inputs, logits, texts, (input, row, text) => {
      const settings = checkSettings(input, V);
      const law = createSampler(settings, V).law(row, text);
      const generated = text.tokens.length - text.promptLength;
      const { forcedEosTokens, maxNewTokens, bannedTokens, badWords, eosTokens, removeInvalidValues } = settings;
      for (const banned of bannedTokens) expect(law[banned]).toBe(0);
      if (forcedEosTokens.length > 0 && generated === maxNewTokens - 1) {
        const forced = forcedEosTokens.reduce(
          (mass, token, i, all) => (all.indexOf(token) === i ? mass + law[token]! : mass),
          0,
        );
        expect(forced).toBeCloseTo(1, 12);
      } else if (!removeInvalidValues && text.tokens.length > 1) {
        for (const word of badWords) {
          const passed = word.length === 1 && eosTokens.includes(word[0]!);
          if (!passed && isNextOf(word, text.tokens)) expect(law[word.at(-1)!]).toBe(0);
        }
      }
    }),
    { numRuns: 300 },
  );
});
