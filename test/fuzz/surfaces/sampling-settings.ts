import fc from 'fast-check';
import { createSampler } from '../../../src/sampling/sampler.ts';
import { checkSettings, type SamplingInput } from '../../../src/sampling/settings.ts';
import { hold, mayRefuse, type Surface } from '../surface.ts';

const V = 7;

interface Case {
  readonly settings: Readonly<Record<string, unknown>>;
  /** JSON has no NaN and no infinity: those are strings. */
  readonly logits: readonly (number | string)[];
  readonly text: readonly number[];
}

const junk = fc.oneof(
  fc.double({ noNaN: true, min: -2, max: 2 }),
  fc.constantFrom<unknown>(-1, 1e308, null, '1', true, [], {}),
);
const mostly = <T>(fitting: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 30, arbitrary: fitting as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: junk });
const share = mostly(fc.oneof(fc.double({ noNaN: true, min: 0, max: 1 }), fc.constantFrom(0, 1, 5e-324, 1 - 2 ** -53)));
const positive = mostly(fc.oneof(fc.double({ noNaN: true, min: 0.01, max: 3 }), fc.constantFrom(1, 1e-300, 1e300)));
const count = mostly(fc.nat(9));
const token = mostly(fc.nat(V - 1));
const tokens = fc.array(token, { maxLength: 2 });
const logit = fc.oneof(
  fc.double({ noNaN: true, min: -30, max: 30 }),
  fc.constantFrom<number | string>(0, 0, 1e308, -1e308, '-Infinity', '-Infinity', 'Infinity', 'NaN'),
);

/** Settings of sampling of any kind, on logits of any kind. */
export const samplingSettings: Surface<Case> = {
  name: 'sampling settings',
  cases: fc.record({
    settings: fc.record(
      {
        ...{ temperature: positive, topK: count, topP: share, minP: share, repetitionPenalty: positive },
        ...{ frequencyPenalty: share, presencePenalty: share, minNewTokens: count, bannedTokens: tokens },
        ...{ eosTokens: tokens, logitBias: fc.dictionary(token.map(String), share, { maxKeys: 3 }) },
      },
      { requiredKeys: [] },
    ),
    logits: fc.array(logit, { minLength: V, maxLength: V }),
    text: fc.array(fc.nat(V - 1), { minLength: 1, maxLength: 12 }),
  }),
  run({ settings, logits, text }) {
    return mayRefuse(() => {
      const sampler = createSampler(checkSettings(settings as SamplingInput, V), V);
      const law = sampler.law(Float64Array.from(logits, Number), { tokens: text, promptLength: 1 });
      hold(
        law.every((p) => p >= 0 && p <= 1),
        `a law of ${[...law]}`,
      );
      hold(Math.abs(law.reduce((a, b) => a + b, 0) - 1) < 1e-12, `a law of sum ${law.reduce((a, b) => a + b, 0)}`);
    });
  },
};
