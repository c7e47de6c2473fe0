import { describe, expect, it } from 'vitest';
import { ConflictError, OptionError, TokenError } from '../../../src/errors.ts';
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
    ['minLength', 'min length', 'an integer of at least 0', [-1, 0.5, NAN, INF, null, '1']],
    ['maxNewTokens', 'max new tokens', 'an integer of at least 1', [0, -1, 1.5, NAN, -INF, null, '1']],
    ['topH', 'top-h', share, [-0.1, 1 + Number.EPSILON, NAN, INF, null, '1']],
    ['typicalP', 'typical-p', 'a number above 0 and at most 1', [0, -1, 1 + Number.EPSILON, NAN, INF, null, '1']],
    ['epsilonCutoff', 'epsilon cutoff', 'a number of at least 0 and below 1', [-Number.MIN_VALUE, 1, NAN, null, '0']],
    ['etaCutoff', 'eta cutoff', 'a number of at least 0 and below 1', [-Number.MIN_VALUE, 1, NAN, null, '0']],
    ['encoderRepetitionPenalty', 'encoder repetition penalty', 'a finite number above 0', [0, -1, NAN, INF, null, '1']],
    ['noRepeatNgramSize', 'no-repeat n-gram size', 'an integer of at least 0', [-1, 0.5, NAN, INF, null, '1']],
    ['encoderNoRepeatNgramSize', 'encoder no-repeat n-gram size', 'an integer of at least 0', [-1, 0.5, NAN, null]],
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
    ...[{ topH: 0 }, { topH: 1 }, { typicalP: Number.MIN_VALUE }, { typicalP: 1 }, { epsilonCutoff: 0 }],
    ...[{ epsilonCutoff: 1 - 2 ** -53 }, { etaCutoff: 0 }, { etaCutoff: 1 - 2 ** -53 }, { noRepeatNgramSize: 0 }],
    ...[{ encoderRepetitionPenalty: Number.MIN_VALUE }, { encoderNoRepeatNgramSize: 0 }, { minLength: 0 }],
    ...[{ maxNewTokens: 1 }, { maxNewTokens: INF }, { exponentialDecayLengthPenalty: [0, Number.MIN_VALUE] as const }],
    ...[{ removeInvalidValues: false }, { removeInvalidValues: true }],
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
    expect(checkSettings({ logitBias: { 12: 1 } }, 13).logitBias).toEqual(new Map([[12, 1]]));
    const { logitBias, bannedTokens } = checkSettings({ logitBias: { 0: 1, 3: -1 }, bannedTokens: [0, V - 1] }, V);
    expect(logitBias.get(0)).toBe(1);
    expect(logitBias.get(3)).toBe(-1);
    expect(bannedTokens).toEqual([0, 3]);
  });
});

describe('what is not of the kind that it should be is an option error', () => {
  const wrong = (input: object, label: string, expected: string, got: string) => {
    const message = new OptionError(label, expected, got);
    expect(() => checkSettings(input, V), JSON.stringify(input)).toThrow(message);
    expect(() => checkSettings(input, V), JSON.stringify(input)).toThrow(OptionError);
  };

  it('a list of tokens', () => {
    const lists = {
      ...{ bannedTokens: 'banned tokens', beginSuppressTokens: 'begin-suppress tokens', eosTokens: 'EOS tokens' },
      ...{ forcedBosTokens: 'forced BOS tokens', forcedEosTokens: 'forced EOS tokens' },
    };
    for (const [key, label] of Object.entries(lists)) {
      wrong({ [key]: null }, label, 'a list', 'null');
      wrong({ [key]: '12' }, label, 'a list', '12');
      wrong({ [key]: 1 }, label, 'a list', '1');
      wrong({ [key]: new Set([1]) }, label, 'a list', 'an object');
      expect(() => checkSettings({ [key]: ['1'] }, V)).toThrow(TokenError);
      expect(() => checkSettings({ [key]: [V] }, V)).toThrow(
        new TokenError(label.slice(0, -1), 'an id in [0, 4)', '4'),
      );
    }
  });

  it('biases of tokens: a list would be read as biases of the tokens 0, 1, 2', () => {
    const expected = 'a map or a record from token ids to numbers';
    wrong({ logitBias: [1, 2] }, 'logit bias', expected, 'a list of 2');
    wrong({ logitBias: null }, 'logit bias', expected, 'null');
    wrong({ logitBias: 3 }, 'logit bias', expected, '3');
    wrong({ logitBias: { 1: '2' } }, 'bias of token 1', 'a number below infinity', '2');
    wrong({ logitBias: { 1: null } }, 'bias of token 1', 'a number below infinity', 'null');
    expect(() => checkSettings({ logitBias: { '0x1': 1 } } as object, V)).toThrow(TokenError);
  });

  it('sequences', () => {
    wrong({ badWords: null }, 'bad words', 'a list', 'null');
    wrong({ badWords: [1] }, 'bad words', 'a list', '1');
    wrong({ badWords: [[]] }, 'bad word', 'at least one token', 'none');
    wrong({ sequenceBias: {} }, 'sequence bias', 'a list', 'an object');
    wrong({ sequenceBias: [[[1]]] }, 'sequence bias', 'pairs of tokens and a bias', 'a list of 1');
    wrong({ sequenceBias: [[[1], 1, 1]] }, 'sequence bias', 'pairs of tokens and a bias', 'a list of 3');
    wrong({ sequenceBias: [5] }, 'sequence bias', 'pairs of tokens and a bias', '5');
    wrong({ sequenceBias: [[[], 1]] }, 'biased sequence', 'at least one token', 'none');
    wrong({ sequenceBias: [[[1, 2], INF]] }, 'bias of sequence 1,2', 'a number below infinity', 'Infinity');
    expect(() => checkSettings({ badWords: [[0, V]] }, V)).toThrow(new TokenError('bad word', 'an id in [0, 4)', '4'));
    expect(() => checkSettings({ sequenceBias: [[[V], 1]] }, V)).toThrow(TokenError);
  });

  it('the decay and the flag', () => {
    const [label, expected] = [
      'exponential decay length penalty',
      'an integer of at least 0 and a finite number above 0',
    ];
    for (const decay of [null, 5, [1], [1, 2, 3], [-1, 2], [0.5, 2], [1, 0], [1, -1], [1, INF], [1, '2'], ['1', 2]]) {
      wrong({ exponentialDecayLengthPenalty: decay }, label, expected, `${decay}`);
    }
    for (const flag of [null, 1, 'true']) {
      wrong({ removeInvalidValues: flag }, 'remove invalid values', 'true or false', `${flag}`);
    }
  });
});

it('of two biases of one sequence the last counts', () => {
  const sequenceBias = [
    [[1, 2], 1],
    [[1], 5],
    [[1, 2], 3],
  ] as const;
  expect(checkSettings({ sequenceBias }, V).sequenceBias).toEqual([
    [[1, 2], 3],
    [[1], 5],
  ]);
});

it('minNewTokens takes the place of minLength, at 0 too', () => {
  expect(checkSettings({ minLength: 7 }, V).minLength).toBe(7);
  expect(checkSettings({ minLength: 7, minNewTokens: 2 }, V)).toMatchObject({ minLength: 0, minNewTokens: 2 });
  expect(checkSettings({ minLength: 7, minNewTokens: 0 }, V)).toMatchObject({ minLength: 0, minNewTokens: 0 });
});

describe('forced tokens', () => {
  it('of which all are banned are a conflict', () => {
    for (const [key, label] of [
      ['forcedBosTokens', 'forced BOS tokens'],
      ['forcedEosTokens', 'forced EOS tokens'],
    ] as const) {
      const ask = () => checkSettings({ [key]: [0, 2], bannedTokens: [2, 1, 0] }, V);
      expect(ask).toThrow(ConflictError);
      expect(ask).toThrow(`${label}: expected one that is not banned, got 0, 2`);
      expect(() => checkSettings({ [key]: [0, 3], bannedTokens: [2, 1, 0] }, V)).not.toThrow();
    }
  });
});

describe('bans must leave a token', () => {
  const none: [string, SamplingInput][] = [
    ['all banned', { bannedTokens: [0, 1, 2, 3] }],
    ['bans and biases of minus infinity', { bannedTokens: [0, 1], logitBias: { 2: -INF, 3: -INF } }],
    [
      'bans, words and sequences of one token',
      { bannedTokens: [0], badWords: [[1], [2]], sequenceBias: [[[3], -INF]] },
    ],
    ['bans, and what is suppressed at the beginning', { bannedTokens: [0, 1], beginSuppressTokens: [2, 3] }],
    ['bans, and EOS while the text is too short', { bannedTokens: [0, 1, 2], eosTokens: [3], minNewTokens: 1 }],
  ];
  for (const [name, input] of none) {
    const message = new TokenError('banned tokens', 'at least one token left', 'all tokens banned');
    it(name, () => expect(() => checkSettings(input, V)).toThrow(message));
  }

  it('what bans a token only later or elsewhere is not counted', () => {
    for (const input of [
      { bannedTokens: [0, 1], beginSuppressTokens: [2, 3], forcedBosTokens: [3] },
      { bannedTokens: [0, 1], badWords: [[2], [3, 3]] },
      { bannedTokens: [0, 1], badWords: [[2], [3]], eosTokens: [3] },
      { bannedTokens: [0, 1, 2], sequenceBias: [[[1, 3], -INF]] as const },
      { bannedTokens: [0, 1, 2], sequenceBias: [[[3], -9]] as const },
    ]) {
      expect(() => checkSettings(input, V), JSON.stringify(input)).not.toThrow();
    }
  });

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
  const badWords = [[1, 2]];
  const sequence = [1, 2];
  const settings = checkSettings({ bannedTokens, eosTokens, logitBias, badWords, sequenceBias: [[sequence, 1]] }, V);
  badWords[0]!.push(3);
  sequence.push(3);
  bannedTokens.push(0);
  eosTokens.push(0);
  logitBias.set(3, 1);
  expect(settings).toMatchObject({ bannedTokens: [1], eosTokens: [2], logitBias: new Map([[0, 1]]) });
  expect(settings).toMatchObject({ badWords: [[1, 2]], sequenceBias: [[[1, 2], 1]] });
});
