import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { SAMPLING_OPTIONS, samplingOptionsOf, withSamplingOptions } from '../../../src/cli/sampling-options.ts';
import { OptionError } from '../../../src/errors.ts';
import { checkSettings } from '../../../src/sampling/settings.ts';

function parse(...line: string[]) {
  const command = new Command().exitOverride();
  for (const group of ['Length', 'Sampling', 'Penalties and bans'] as const) withSamplingOptions(command, group);
  command.parse(line, { from: 'user' });
  return samplingOptionsOf(command.opts());
}

describe('options of the command line', () => {
  it('set every setting of sampling, each once', () => {
    const settings = [...Object.keys(checkSettings({}, 1)), 'stopStrings'];
    expect(SAMPLING_OPTIONS.map(({ option }) => option).sort()).toEqual(settings.sort());
  });

  it('are absent when they are not given', () => expect(parse()).toEqual({}));

  it('numbers', () => {
    expect(parse('--temperature', '0.7', '--top-k', '5', '--no-repeat-ngram-size', '3', '--top-h', '0.4')).toEqual({
      ...{ temperature: 0.7, topK: 5, noRepeatNgramSize: 3, topH: 0.4 },
    });
    expect(() => parse('--top-k', '5.5')).toThrow(OptionError);
    expect(() => parse('--epsilon-cutoff', '')).toThrow('--epsilon-cutoff: expected a decimal number, got ""');
  });

  it('tokens, and lists of them by repetition', () => {
    expect(
      parse('--ban', '1,2', '--eos', '3', '--bad-words', '4,5', '--bad-words', '6', '--stop', 'a', '--stop', 'b'),
    ).toEqual({
      ...{ bannedTokens: [1, 2], eosTokens: [3], badWords: [[4, 5], [6]], stopStrings: ['a', 'b'] },
    });
    expect(() => parse('--bad-words', '4;5')).toThrow(/^--bad-words: expected integers separated by commas/);
  });

  it('biases', () => {
    expect(parse('--sequence-bias', '1,2=-1.5', '--sequence-bias', '3=2')).toEqual({
      sequenceBias: [
        [[1, 2], -1.5],
        [[3], 2],
      ],
    });
    expect(parse('--logit-bias', '1=0.5', '--logit-bias', '0=-2')).toEqual({
      logitBias: new Map([
        [1, 0.5],
        [0, -2],
      ]),
    });
    for (const text of ['1', '1=', '=1', '1=2=3', '1=x']) {
      expect(() => parse('--sequence-bias', text), text).toThrow(OptionError);
      expect(() => parse('--logit-bias', text), text).toThrow(OptionError);
    }
    expect(() => parse('--logit-bias', '1,2=3')).toThrow(/^--logit-bias: expected one token id/);
    expect(() => parse('--logit-bias', '1=3', '--logit-bias', '1=3')).toThrow(
      /one bias per token, got two for token 1$/,
    );
  });

  it('the decay is two numbers; a flag has none', () => {
    expect(parse('--exponential-decay-length-penalty', '4,1.2', '--remove-invalid-values')).toEqual({
      ...{ exponentialDecayLengthPenalty: [4, 1.2], removeInvalidValues: true },
    });
    for (const text of ['4', '4,', '4,1,2', '4.5,1']) {
      expect(() => parse('--exponential-decay-length-penalty', text), text).toThrow(OptionError);
    }
  });
});
