import { describe, expect, it } from 'vitest';
import { type StopSettings, stopCondition } from '../../../src/decode/stop.ts';
import { TextStream } from '../../../src/decode/text-stream.ts';
import { ContextLimitError, OptionError, TokenError } from '../../../src/errors.ts';

const settings: StopSettings = { promptLength: 2, maxNewTokens: 3, contextLength: 100 };
const LETTERS = 'abcdefgh';
const text = (stopStrings: string[], spell = (token: number) => LETTERS[token]!): Partial<StopSettings> => {
  const decode = (tokens: readonly number[]) => tokens.map(spell).join('');
  return { text: new TextStream({ decode, tokenText: () => null }, [0, 1], stopStrings) };
};
const reasonAfter = (more: Partial<StopSettings>, tokens: readonly number[]) =>
  stopCondition({ ...settings, maxNewTokens: 50, ...more }).after(tokens);

describe('stopCondition', () => {
  it('goes on while nothing says stop', () => {
    expect(reasonAfter({}, [1, 2, 3])).toBe(null);
  });

  it('EOS: any of several, as the last token only', () => {
    const eosTokens = [5, 7];
    expect(reasonAfter({ eosTokens }, [1, 2, 5])).toBe('eos');
    expect(reasonAfter({ eosTokens }, [1, 2, 7])).toBe('eos');
    expect(reasonAfter({ eosTokens }, [1, 2, 5, 3])).toBe(null);
    expect(reasonAfter({ eosTokens }, [5, 7, 3])).toBe(null); // one in the prompt ends nothing
  });

  it('a stop string ends where it is complete, over token borders', () => {
    expect(reasonAfter(text(['bc']), [0, 0, 1])).toBe(null);
    expect(reasonAfter(text(['bc']), [0, 0, 1, 2])).toBe('stop string');
    expect(
      reasonAfter(
        text(['bc'], () => 'xbcx'),
        [0, 0, 4],
      ),
    ).toBe('stop string');
  });

  it('a stop string half in the prompt does not count', () => {
    expect(reasonAfter(text(['bc']), [0, 1, 2])).toBe(null);
  });

  it('any of several stop strings; EOS goes first', () => {
    expect(reasonAfter(text(['zz', 'd']), [0, 0, 3])).toBe('stop string');
    expect(reasonAfter({ ...text(['zz', 'd']), eosTokens: [3] }, [0, 0, 3])).toBe('eos');
  });

  it('max new tokens', () => {
    const stop = stopCondition(settings);
    expect(
      [
        [1, 2, 3],
        [1, 2, 3, 4],
        [1, 2, 3, 4, 5],
      ].map((tokens) => stop.after(tokens)),
    ).toEqual([null, null, 'max new tokens']);
  });

  it('context limit: the text may fill the context but not pass it', () => {
    const stop = stopCondition({ ...settings, maxNewTokens: 9, contextLength: 4 });
    expect(stop.after([1, 2, 3])).toBe(null);
    expect(stop.after([1, 2, 3, 4])).toBe('context limit');
    // Where both limits fall together the user's is named.
    expect(stopCondition({ ...settings, contextLength: 5 }).after([1, 2, 3, 4, 5])).toBe('max new tokens');
  });

  it('EOS on the last allowed token is an EOS', () => {
    expect(stopCondition({ ...settings, eosTokens: [5] }).after([1, 2, 3, 4, 5])).toBe('eos');
  });

  it('room: tokens that can still come', () => {
    expect([2, 3, 5].map(stopCondition(settings).room)).toEqual([3, 2, 0]);
    expect([2, 3].map(stopCondition({ ...settings, contextLength: 4 }).room)).toEqual([2, 1]);
  });

  it.each<[string, Partial<StopSettings>, typeof OptionError | typeof TokenError]>([
    ['an empty prompt', { promptLength: 0 }, TokenError],
    ['no new tokens', { maxNewTokens: 0 }, OptionError],
    ['a fraction of a token', { maxNewTokens: 1.5 }, OptionError],
    ['a prompt that fills the context', { contextLength: 2 }, ContextLimitError],
    ['a prompt longer than the context', { contextLength: 1 }, ContextLimitError],
  ])('refuses %s', (_, more, errorClass) => {
    expect(() => stopCondition({ ...settings, ...more })).toThrow(errorClass);
  });

  it('takes a prompt that leaves room for one token', () => {
    expect(stopCondition({ ...settings, contextLength: 3 }).room(2)).toBe(1);
  });
});

describe('the text of a stop condition', () => {
  it('gets every new token, and ends when the text ends', () => {
    const stream = text(['cd']).text!;
    const stop = stopCondition({ ...settings, text: stream });
    stop.after([0, 1, 4]);
    expect(stream.pieces).toEqual(['e']);
    stop.after([0, 1, 4, 5, 2]); // two tokens at once; the last may begin a stop string, but nothing follows it
    expect(stream.pieces).toEqual(['e', 'f', 'c']);
  });
});
