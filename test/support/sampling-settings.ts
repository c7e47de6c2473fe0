/** Random settings of every processor, for a small vocabulary. */
import fc from 'fast-check';
import type { SamplingInput } from '../../src/sampling/settings.ts';

const share = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });

/**
 * Any settings but the temperature and end-of-text tokens. Bans name the tokens 0 to 3 alone and n-grams are longer
 * than two, so that some token is left; forced tokens are others.
 */
export function anySettings(vocabularySize: number): fc.Arbitrary<SamplingInput> {
  const token = fc.nat(vocabularySize - 1);
  const banned = fc.array(fc.nat(3), { maxLength: 3 });
  const forced = fc.array(fc.integer({ min: 4, max: vocabularySize - 1 }), { maxLength: 2 });
  const sequence = (last: fc.Arbitrary<number>) =>
    fc.tuple(fc.array(token, { maxLength: 2 }), last).map(([start, end]) => [...start, end]);
  const all = fc.record(
    {
      topH: share(0.1, 1),
      topK: fc.integer({ min: 1, max: 8 }),
      topP: share(0.3, 1),
      minP: share(0, 0.3),
      typicalP: share(0.2, 1),
      epsilonCutoff: share(0, 0.2),
      etaCutoff: share(0, 0.3),
      repetitionPenalty: share(0.8, 1.6),
      encoderRepetitionPenalty: share(0.8, 1.6),
      frequencyPenalty: share(-0.5, 1),
      presencePenalty: share(-0.5, 1),
      noRepeatNgramSize: fc.constantFrom(0, 3, 4),
      encoderNoRepeatNgramSize: fc.constantFrom(0, 3, 4),
      logitBias: fc.dictionary(token.map(String), share(-3, 3)),
      sequenceBias: fc.array(fc.tuple(sequence(token), share(-4, 4)), { maxLength: 3 }),
      badWords: fc.array(sequence(fc.nat(3)), { maxLength: 3 }),
      bannedTokens: banned,
      beginSuppressTokens: banned,
      forcedBosTokens: forced,
      forcedEosTokens: forced,
      minLength: fc.nat(9),
      minNewTokens: fc.nat(5),
      exponentialDecayLengthPenalty: fc.tuple(fc.nat(4), share(0.7, 1.6)),
      removeInvalidValues: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  // Together they overflow where an end is held back: an error here, a NaN in transformers.
  return all.map(({ removeInvalidValues, ...others }) =>
    others.exponentialDecayLengthPenalty === undefined && removeInvalidValues !== undefined
      ? { ...others, removeInvalidValues }
      : others,
  );
}
