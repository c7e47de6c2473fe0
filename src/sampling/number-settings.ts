/**
 * Sampling settings that are a single number: the neutral value of each, and which values it accepts.
 * @packageDocumentation
 */
import { OptionError } from '../errors.ts';

/** Settings that are numbers. */
export interface NumberSettings {
  /** Divides the logits; 0 (the default) is greedy, and then settings that shape the distribution have no effect. */
  readonly temperature: number;
  /**
   * Keep the most likely tokens that carry this share of the entropy (among the 100 most likely); 0 is off. Shapes the
   * distribution.
   */
  readonly topH: number;
  /** Keep the k largest logits; 0 is off. Shapes the distribution. */
  readonly topK: number;
  /**
   * Keep the smallest set of most likely tokens with at least this mass; 1 is off, 0 keeps one token. Shapes the
   * distribution.
   */
  readonly topP: number;
  /** Keep tokens with at least this share of the largest probability; 0 is off. Shapes the distribution. */
  readonly minP: number;
  /**
   * Keep the most typical tokens (surprisal nearest to the entropy) with at least this mass; 1 is off. Shapes the
   * distribution.
   */
  readonly typicalP: number;
  /** Keep tokens with at least this probability; 0 is off. Shapes the distribution. */
  readonly epsilonCutoff: number;
  /** Keep tokens with at least `min(eta, sqrt(eta) exp(-entropy))`; 0 is off. Shapes the distribution. */
  readonly etaCutoff: number;
  /** Divides positive and multiplies negative logits of tokens in the text; 1 is off. */
  readonly repetitionPenalty: number;
  /** Multiplies positive and divides negative logits of tokens in the prompt; 1 is off. */
  readonly encoderRepetitionPenalty: number;
  /** Subtracted per generated occurrence; 0 is off, a negative one rewards. */
  readonly frequencyPenalty: number;
  /** Subtracted once per generated token; 0 is off. */
  readonly presencePenalty: number;
  /** No n-gram of this size occurs twice in the text; 0 is off. */
  readonly noRepeatNgramSize: number;
  /** No generated token completes an n-gram of this size that is in the prompt; 0 is off. */
  readonly encoderNoRepeatNgramSize: number;
  /**
   * No token of `eosTokens` while prompt and text have fewer tokens than this; no effect if `minNewTokens` is given.
   */
  readonly minLength: number;
  /** No token of `eosTokens` before this many generated ones; no effect without `eosTokens`. */
  readonly minNewTokens: number;
  /** Most tokens to generate; the last of them is where `forcedEosTokens` apply. Infinity means no limit. */
  readonly maxNewTokens: number;
}

/** What one number may be. */
export interface NumberRange {
  /** What error messages call it. */
  readonly label: string;
  /** The neutral value. */
  readonly off: number;
  /** The range in words. */
  readonly expected: string;
  /** Whether a number is in the range; NaN never is. */
  readonly fits: (value: number) => boolean;
}

const share = (label: string, off: number): NumberRange => ({
  ...{ label, off, expected: 'a number in [0, 1]' },
  fits: (x) => x >= 0 && x <= 1,
});
const cutoff = (label: string): NumberRange => ({
  ...{ label, off: 0, expected: 'a number of at least 0 and below 1' },
  fits: (x) => x >= 0 && x < 1,
});
const count = (label: string): NumberRange => ({
  ...{ label, off: 0, expected: 'an integer of at least 0' },
  fits: (x) => Number.isSafeInteger(x) && x >= 0,
});
const factor = (label: string): NumberRange => ({
  ...{ label, off: 1, expected: 'a finite number above 0' },
  fits: (x) => x > 0 && x < Infinity,
});
const finite = (label: string): NumberRange => ({
  ...{ label, off: 0, expected: 'a finite number' },
  fits: Number.isFinite,
});

/** The range of each number. */
export const NUMBER_RANGES: Readonly<Record<keyof NumberSettings, NumberRange>> = {
  temperature: {
    ...{ label: 'temperature', off: 0, expected: 'a finite number of at least 0' },
    fits: (x) => x >= 0 && x < Infinity,
  },
  topH: share('top-h', 0),
  topK: count('top-k'),
  topP: share('top-p', 1),
  minP: share('min-p', 0),
  typicalP: {
    ...{ label: 'typical-p', off: 1, expected: 'a number above 0 and at most 1' },
    fits: (x) => x > 0 && x <= 1,
  },
  epsilonCutoff: cutoff('epsilon cutoff'),
  etaCutoff: cutoff('eta cutoff'),
  repetitionPenalty: factor('repetition penalty'),
  encoderRepetitionPenalty: factor('encoder repetition penalty'),
  frequencyPenalty: finite('frequency penalty'),
  presencePenalty: finite('presence penalty'),
  noRepeatNgramSize: count('no-repeat n-gram size'),
  encoderNoRepeatNgramSize: count('encoder no-repeat n-gram size'),
  minLength: count('min length'),
  minNewTokens: count('min new tokens'),
  maxNewTokens: {
    ...{ label: 'max new tokens', off: Infinity, expected: 'an integer of at least 1' },
    fits: (x) => (Number.isSafeInteger(x) && x >= 1) || x === Infinity,
  },
};

/** Settings that only shape the distribution that a token is drawn from: no effect at temperature 0. */
export const SHAPING = ['topH', 'topK', 'topP', 'minP', 'typicalP', 'epsilonCutoff', 'etaCutoff'] as const;

/**
 * Completes and checks numbers; an absent or undefined number is off.
 * @throws {@link OptionError} for a value outside its range, or one that is not a number.
 */
export function checkNumbers(input: Partial<NumberSettings>): NumberSettings {
  const settings: Partial<Record<keyof NumberSettings, number>> = {};
  for (const key of Object.keys(NUMBER_RANGES) as (keyof NumberSettings)[]) {
    const { label, off, expected, fits } = NUMBER_RANGES[key];
    const value = input[key] === undefined ? off : input[key];
    // The type is checked too: null and '1' pass as numbers in every comparison.
    if (typeof value !== 'number' || !fits(value)) throw new OptionError(label, expected, String(value));
    settings[key] = value;
  }
  return settings as NumberSettings;
}
