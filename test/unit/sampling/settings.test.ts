import { describe, expect, it } from 'vitest';
import { OptionError, TokenError } from '../../../src/errors.ts';
import { checkSettings, type SamplingInput } from '../../../src/sampling/settings.ts';

const V = 4;
const NAN = Number.NaN;
const INF = Number.POSITIVE_INFINITY;

it('without input everything is off and decoding is greedy', () => {
  expect(checkSettings({}, V)).toEqual({
    ...{ temperature: 0, topH: 0, topK: 0, topP: 1, minP: 0, typicalP: 1, epsilonCutoff: 0, etaCutoff: 0 },
    ...{ repetitionPenalty: 1, encoderRepetitionPenalty: 1, frequencyPenalty: 0, presencePenalty: 0 },
    ...{ noRepeatNgramSize: 0, encoderNoRepeatNgramSize: 0, minLength: 0, minNewTokens: 0, maxNewTokens: INF },
    ...{ exponentialDecayLengthPenalty: [0, 1], removeInvalidValues: false },
    ...{ logitBias: new Map(), sequenceBias: [], badWords: [], bannedTokens: [], beginSuppressTokens: [] },
    ...{ forcedBosTokens: [], forcedEosTokens: [], eosTokens: [] },
  });
});

describe('a number outside its range is an option error', () => {
  const share = 'a number in [0, 1]';
  const wrong: [keyof SamplingInput, string, string, unknown[]][] = [
    ['temperature', 'temperature', 'a finite number of at least 0', [-1, -Number.MIN_VALUE, NAN, INF, null, '1']],
    ['topK', 'top-k', 'an integer of at least 0', [-1, 0.5, NAN, INF, null, '1']],
    ['topP', 'top-p', share, [-0.1, 1 + Number.EPSILON, NAN, INF, null, '1']],
    ['minP', 'min-p', share, [-0.1, 1 + Number.EPSILON, NAN, INF, null, '1']],
    ['repetitionPenalty', 'repetition penalty', 'a finite number above 0', [0, -1, NAN, INF, null, '1']],
    ['frequencyPenalty', 'frequency penalty', 'a finite number', [NAN, INF, -INF, null, '1']],
    ['presencePenalty', 'presence penalty', 'a finite number', [NAN, INF, -INF, null, '1']],
    ['minNewTokens', 'min new tokens', 'an integer of at least 0', [-1, 0.5, NAN, INF, null, '1']],
  ];
  for (const [key, label, expected, values] of wrong) {
    for (const value of values) {
      it(`${key} ${typeof value} ${value}`, () => {
        const check = () => checkSettings({ [key]: value }, V);
        expect(check).toThrow(new OptionError(label, expected, `${value}`));
      });
    }
  }

  it('a bias of NaN or plus infinity; minus infinity is a ban', () => {
    for (const bias of [NAN, INF]) {
      const message = new OptionError('bias of token 2', 'a number below infinity', `${bias}`);
      expect(() => checkSettings({ logitBias: { 2: bias } }, V)).toThrow(message);
    }
    expect(checkSettings({ logitBias: { 2: -INF } }, V).logitBias).toEqual(new Map([[2, -INF]]));
  });
});

it('the ends of each range are taken', () => {
  for (const input of [
    ...[{ temperature: 0 }, { temperature: Number.MIN_VALUE }, { temperature: Number.MAX_VALUE }],
    ...[{ topK: 0 }, { topK: 10 * V }, { topP: 0 }, { topP: 1 }, { minP: 0 }, { minP: 1 }],
    ...[{ repetitionPenalty: Number.MIN_VALUE }, { frequencyPenalty: -2 }, { presencePenalty: -2 }],
  ]) {
    expect(checkSettings(input, V)).toMatchObject(input);
  }
});

describe('tokens', () => {
  it('outside the vocabulary are a token error, whatever they are named in', () => {
    for (const token of [-1, V, 0.5, NAN]) {
      expect(() => checkSettings({ bannedTokens: [0, token] }, V)).toThrow(TokenError);
      expect(() => checkSettings({ eosTokens: [token] }, V)).toThrow(TokenError);
      expect(() => checkSettings({ logitBias: new Map([[token, 1]]) }, V)).toThrow(TokenError);
    }
    const outside = (label: string) => new TokenError(label, 'an id in [0, 4)', '4');
    expect(() => checkSettings({ bannedTokens: [V] }, V)).toThrow(outside('banned token'));
    expect(() => checkSettings({ eosTokens: [V] }, V)).toThrow(outside('EOS token'));
    expect(() => checkSettings({ logitBias: { [V]: 1 } }, V)).toThrow(outside('biased token'));
  });

  it('keys of a record must be ids', () => {
    for (const key of ['', ' ', 'the', '1.5']) {
      expect(() => checkSettings({ logitBias: { [key]: 1 } }, V), `key '${key}'`).toThrow(TokenError);
    }
  });

  it('ids 0 and V - 1 are tokens like others', () => {
    const { logitBias, bannedTokens } = checkSettings({ logitBias: { 0: 1, 3: -1 }, bannedTokens: [0, V - 1] }, V);
    expect(logitBias.get(0)).toBe(1);
    expect(logitBias.get(3)).toBe(-1);
    expect(bannedTokens).toEqual([0, 3]);
  });
});

describe('bans must leave a token', () => {
  const none: [string, SamplingInput][] = [
    ['all banned', { bannedTokens: [0, 1, 2, 3] }],
    ['bans and biases of minus infinity', { bannedTokens: [0, 1], logitBias: { 2: -INF, 3: -INF } }],
    ['bans, and EOS while the text is too short', { bannedTokens: [0, 1, 2], eosTokens: [3], minNewTokens: 1 }],
  ];
  for (const [name, input] of none) {
    const message = new TokenError('banned tokens', 'at least one token left', 'all tokens banned');
    it(name, () => expect(() => checkSettings(input, V)).toThrow(message));
  }

  it('a bias that is finite bans nothing', () => {
    expect(() => checkSettings({ bannedTokens: [0, 1], logitBias: { 2: -1e300, 3: 1 } }, V)).not.toThrow();
  });

  it('a token banned twice is one token', () => {
    expect(() => checkSettings({ bannedTokens: [0, 1, 2, 2] }, V)).not.toThrow();
    expect(() => checkSettings({ bannedTokens: [0, 1, 2], eosTokens: [3] }, V)).not.toThrow();
  });
});

it('settings are a copy: what the caller changes afterwards has no effect', () => {
  const bannedTokens = [1];
  const eosTokens = [2];
  const logitBias = new Map([[0, 1]]);
  const settings = checkSettings({ bannedTokens, eosTokens, logitBias }, V);
  bannedTokens.push(0);
  eosTokens.push(0);
  logitBias.set(3, 1);
  expect(settings).toMatchObject({ bannedTokens: [1], eosTokens: [2], logitBias: new Map([[0, 1]]) });
});
