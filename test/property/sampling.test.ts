/** Laws of the sampling law: what holds for any logits, any settings and any text. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepMinP } from '../../src/sampling/min-p.ts';
import { createSampler, type TextContext } from '../../src/sampling/sampler.ts';
import { checkSettings, type SamplingInput } from '../../src/sampling/settings.ts';
import { argmax, softmax } from '../../src/sampling/softmax.ts';
import { keepTopK } from '../../src/sampling/top-k.ts';
import { keepTopP } from '../../src/sampling/top-p.ts';

const MOST = 24;
const REMOVED = Number.NEGATIVE_INFINITY;

/** Quarters make ties likely; minus infinity is what was removed before. */
const logit = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -20, max: 20 }).map((quarters) => quarters / 4) },
  { weight: 4, arbitrary: fc.double({ min: -30, max: 30, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant(REMOVED) },
  { weight: 1, arbitrary: fc.constantFrom(-1e4, 0, -0) },
);
const logitsOf = (rest: fc.Arbitrary<number>): fc.Arbitrary<Float64Array> =>
  fc
    .tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.array(rest, { maxLength: MOST - 1 }), fc.nat(MOST))
    .map(([first, others, turn]) => {
      const all = [...others.slice(turn), first, ...others.slice(0, turn)];
      return Float64Array.from(all);
    });
const anyLogits = logitsOf(logit);

const shares = fc.oneof(fc.constantFrom(0, 0.25, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true }));
const filters = fc.record({
  temperature: fc.constantFrom(0.01, 0.7, 1, 3),
  topK: fc.nat(MOST + 2),
  topP: shares,
  minP: shares,
});
const penalties = fc.record({
  repetitionPenalty: fc.constantFrom(0.8, 1, 1.3),
  frequencyPenalty: fc.constantFrom(-0.5, 0, 0.5),
  presencePenalty: fc.constantFrom(-0.5, 0, 0.5),
  minNewTokens: fc.nat(4),
});
const context: fc.Arbitrary<TextContext> = fc
  .tuple(fc.array(fc.nat(MOST - 1), { maxLength: 6 }), fc.array(fc.nat(MOST - 1), { maxLength: 6 }))
  .map(([prompt, generated]) => ({ tokens: [...prompt, ...generated], promptLength: prompt.length }));

/** Bans and EOS that leave the most likely token alone, so that some token is left. */
function settingsFor(logits: Float64Array, input: SamplingInput, named: readonly number[]): SamplingInput {
  const spared = argmax(logits);
  const tokens = named.filter((token) => token < logits.length && token !== spared);
  const [eos, ...banned] = tokens;
  return { ...input, bannedTokens: banned, ...(eos !== undefined && { eosTokens: [eos] }) };
}

function lawOf(input: SamplingInput, logits: Float64Array, text: TextContext): Float64Array {
  return createSampler(checkSettings(input, logits.length), logits.length).law(logits, text);
}

const named = fc.array(fc.nat(MOST - 1), { maxLength: 4 });
const sum = (numbers: Float64Array): number => numbers.reduce((total, x) => total + x, 0);

describe('the law', () => {
  it('sums to one within V eps, and has no mass where a token was removed or banned', () => {
    fc.assert(
      fc.property(anyLogits, filters, penalties, named, context, (logits, shape, weights, tokens, text) => {
        const input = settingsFor(logits, { ...shape, ...weights }, tokens);
        const law = lawOf(input, logits, text);
        expect(law.length).toBe(logits.length);
        expect(Math.abs(sum(law) - 1)).toBeLessThanOrEqual(logits.length * Number.EPSILON);
        const early = text.tokens.length - text.promptLength < weights.minNewTokens;
        const without = [...(input.bannedTokens ?? []), ...(early ? (input.eosTokens ?? []) : [])];
        law.forEach((mass, i) => {
          if (logits[i] === REMOVED || without.includes(i)) expect(mass).toBe(0);
          else expect(mass).toBeGreaterThanOrEqual(0);
        });
      }),
    );
  });

  it('is a pure function: nothing that it is given changes, and asked twice it answers the same bits', () => {
    fc.assert(
      fc.property(anyLogits, filters, penalties, named, context, (logits, shape, weights, tokens, text) => {
        const settings = checkSettings(settingsFor(logits, { ...shape, ...weights }, tokens), logits.length);
        const before = structuredClone({ logits, settings, text });
        const sampler = createSampler(settings, logits.length);
        const first = sampler.law(logits, text);
        sampler.law(logits, { tokens: [...text.tokens, 0, 0], promptLength: 0 });
        expect(sampler.law(logits, text)).toStrictEqual(first);
        expect({ logits, settings, text }).toStrictEqual(before);
      }),
    );
  });

  it('knows no order of ids: renamed tokens have the renamed law, up to rounding', () => {
    const distinct = fc
      .uniqueArray(fc.integer({ min: -4000, max: 4000 }), { minLength: 1, maxLength: MOST })
      .chain((units) =>
        fc.tuple(fc.constant(units), fc.shuffledSubarray([...units.keys()], { minLength: units.length })),
      );
    fc.assert(
      fc.property(distinct, filters, ([units, order], shape) => {
        const logits = Float64Array.from(units, (unit) => unit / 256);
        const renamed = Float64Array.from(order, (id) => logits[id]!);
        const none = { tokens: [], promptLength: 0 };
        // Exact hits of a rounded border are decided by the last bit; min-p takes its law in the order of ids.
        const expected = lawOf({ ...shape, minP: 0 }, logits, none);
        const actual = lawOf({ ...shape, minP: 0 }, renamed, none);
        order.forEach((id, i) => {
          expect(actual[i] === 0).toBe(expected[id] === 0);
          expect(Math.abs(actual[i]! - expected[id]!)).toBeLessThanOrEqual(MOST * Number.EPSILON * expected[id]!);
        });
      }),
    );
  });

  it('at temperature 0 it is the point mass on a token that is most likely at temperature 1', () => {
    fc.assert(
      fc.property(anyLogits, penalties, named, context, (logits, weights, tokens, text) => {
        const input = settingsFor(logits, weights, tokens);
        const greedy = lawOf({ ...input, temperature: 0 }, logits, text);
        expect([...greedy].sort((a, b) => b - a)).toEqual([1, ...Array(logits.length - 1).fill(0)]);
        const law = lawOf({ ...input, temperature: 1 }, logits, text);
        // Not the first of them: exp may make equal what was not.
        expect(law[greedy.indexOf(1)]).toBe(Math.max(...law));
      }),
    );
  });
});

type Filter = (logits: Float64Array, setting: number) => void;

function filtered(filter: Filter, logits: Float64Array, setting: number): Float64Array {
  const result = logits.slice();
  filter(result, setting);
  return result;
}
const isKept = (logit: number): boolean => logit !== REMOVED;
const count = (logits: Float64Array): number => logits.filter(isKept).length;

describe('filters', () => {
  const some: [string, Filter, fc.Arbitrary<number>][] = [
    ['top-k', keepTopK, fc.integer({ min: 1, max: MOST })],
    ['top-p', keepTopP, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })],
    ['min-p', keepMinP, fc.double({ min: 0, max: 1, noNaN: true })],
  ];
  for (const [name, filter, setting] of some) {
    it(`${name} keeps the most likely token, changes no kept logit, and keeps nothing below what it removes`, () => {
      fc.assert(
        fc.property(anyLogits, setting, (logits, value) => {
          const result = filtered(filter, logits, value);
          expect(isKept(result[argmax(logits)]!)).toBe(true);
          const least = Math.min(...result.filter(isKept));
          result.forEach((logit, i) => {
            if (isKept(logit)) expect(logit).toBe(logits[i]);
            else expect(logits[i]).toBeLessThanOrEqual(least);
          });
        }),
      );
    });
  }

  it('top-k and min-p applied twice are applied once; top-p applied again only removes', () => {
    fc.assert(
      fc.property(anyLogits, fc.integer({ min: 1, max: MOST }), shares, (logits, k, share) => {
        const top = filtered(keepTopK, logits, k);
        expect(filtered(keepTopK, top, k)).toEqual(top);
        const likely = filtered(keepTopP, logits, share);
        const again = filtered(keepTopP, likely, share);
        again.forEach((mass, i) => {
          if (isKept(mass)) expect(likely[i]).toBe(mass);
        });
      }),
    );
    // Logits of whole numbers keep clear of these borders, so that rounding cannot move a token across one.
    fc.assert(
      fc.property(logitsOf(fc.integer({ min: -9, max: 9 })), fc.constantFrom(0, 0.01, 0.3, 1), (logits, share) => {
        const likely = filtered(keepMinP, logits, share);
        expect(filtered(keepMinP, likely, share)).toEqual(likely);
      }),
    );
  });

  it('top-k keeps at least k of what is there, and more only for ties at the border', () => {
    fc.assert(
      fc.property(anyLogits, fc.integer({ min: 1, max: MOST }), (logits, k) => {
        const result = filtered(keepTopK, logits, k);
        expect(count(result)).toBeGreaterThanOrEqual(Math.min(k, count(logits)));
        const border = Math.min(...result.filter(isKept));
        expect(result.filter((logit) => logit > border).length).toBeLessThan(k);
      }),
    );
  });

  it('top-p: the kept mass reaches p, and without the least of the kept it does not exceed p', () => {
    fc.assert(
      fc.property(anyLogits, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (logits, p) => {
        const result = filtered(keepTopP, logits, p);
        const law = softmax(logits);
        const masses = law.filter((_, i) => isKept(result[i]!)).sort();
        const rounding = logits.length * Number.EPSILON;
        expect(sum(masses)).toBeGreaterThanOrEqual(p - rounding);
        expect(sum(masses.subarray(1))).toBeLessThanOrEqual(p + rounding);
      }),
    );
  });

  it('top-p: of equal tokens a kept one has a lower id than a removed one', () => {
    fc.assert(
      fc.property(logitsOf(fc.constantFrom(0, -0, 1, 2)), shares, (logits, p) => {
        const result = filtered(keepTopP, logits, Math.min(p, 1 - Number.EPSILON));
        logits.forEach((logit, i) => {
          if (isKept(result[i]!)) return;
          for (let j = i + 1; j < logits.length; j++) if (logits[j] === logit) expect(isKept(result[j]!)).toBe(false);
        });
      }),
    );
  });
});
