import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextStream, type TokenSpelling } from '../../../src/decode/text-stream.ts';
import { OptionError } from '../../../src/errors.ts';
import { loadTokenizer } from '../../../src/formats/node/by-path.ts';
import type { Tokenizer } from '../../../src/formats/tokenizer.ts';

const GOLDENS = 'fixtures/goldens/tokenizer';
const NAMES = ['byte-level', 'metaspace', 'metaspace-unsplit', 'prepend'];
const tokenizerOf = (name: string): Tokenizer => loadTokenizer(`${GOLDENS}/${name}`)!;
const idOf = (tokenizer: Tokenizer, text: string): number => {
  for (let id = 0; id < tokenizer.vocabularySize; id++) if (tokenizer.tokenText(id) === text) return id;
  throw new Error(`no token ${text}`);
};

/** A tokenizer whose tokens are characters. */
const letters: TokenSpelling = { decode: (ids) => String.fromCharCode(...ids), tokenText: () => null };
const codes = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));

/** All pieces of a whole text. */
function pieces(tokenizer: TokenSpelling, prompt: number[], tokens: number[], stopStrings: string[] = []): string[] {
  const stream = new TextStream(tokenizer, prompt, stopStrings);
  for (const token of tokens) stream.push(token);
  stream.end();
  return stream.pieces;
}

describe('TextStream decodes in the context of the prompt', () => {
  for (const name of ['metaspace', 'prepend']) {
    it(`${name}: the first generated word keeps its space after a prompt, and has none without one`, () => {
      const tokenizer = tokenizerOf(name);
      const plain = (text: string) => tokenizer.encode(text, { addSpecialTokens: false });
      const word = plain('the');
      expect(tokenizer.decode(word)).toBe('the');
      expect(pieces(tokenizer, plain('see'), word).join('')).toBe(' the');
      expect(pieces(tokenizer, [], word).join('')).toBe('the');
      const stream = new TextStream(tokenizer, plain('see'), [' the']);
      for (const token of word) stream.push(token);
      expect(stream.stopped).toBe(true);
    });
  }

  it('joins to the text by tokenizers (Rust), and after a prompt to what the tokens add to it', () => {
    let cuts = 0;
    for (const name of NAMES) {
      const tokenizer = tokenizerOf(name);
      const { encode } = JSON.parse(readFileSync(`${GOLDENS}/${name}/cases.json`, 'utf8')) as {
        encode: { ids: number[]; decoded: string }[];
      };
      for (const { ids, decoded } of encode) {
        expect(pieces(tokenizer, [], ids).join('')).toBe(decoded);
        for (let cut = 1; cut <= ids.length; cut++) {
          const [prompt, tokens] = [ids.slice(0, cut), ids.slice(cut)];
          const whole = tokenizer.decode(tokens, { skipSpecialTokens: true, after: prompt });
          expect(pieces(tokenizer, prompt, tokens).join(''), `${name} ${ids} at ${cut}`).toBe(whole);
          cuts += 1;
        }
      }
    }
    expect(cuts).toBeGreaterThan(500);
  });

  it('and so does any sequence of tokens, half characters and special tokens included', () => {
    for (const name of NAMES) {
      const tokenizer = tokenizerOf(name);
      const { vocabularySize } = tokenizer;
      // Bytes and special tokens come first in these vocabularies: half of the tokens are drawn from there.
      const token = fc.oneof(fc.nat({ max: 261 }), fc.nat({ max: vocabularySize - 1 }));
      const sequence = fc.array(token, { maxLength: 24 });
      fc.assert(
        fc.property(sequence, sequence, (prompt, tokens) => {
          const whole = tokenizer.decode(tokens, { skipSpecialTokens: true, after: prompt });
          expect(pieces(tokenizer, prompt, tokens).join('')).toBe(whole);
        }),
        { numRuns: 300 },
      );
    }
  });
});

describe('TextStream holds back', () => {
  it('a character until its last byte has come, and an incomplete one until the end', () => {
    const tokenizer = tokenizerOf('byte-level');
    const ids = tokenizer.encode('🙂!', { addSpecialTokens: false });
    expect(ids.length).toBeGreaterThan(3);
    const parts = pieces(tokenizer, [], ids);
    expect(parts.filter((piece) => piece !== '')).toEqual(['🙂', '!']);
    expect(pieces(tokenizer, [], ids.slice(0, 2))).toEqual(['', '\uFFFD']);
  });

  it('a run of byte tokens until it ends: a wrong byte takes all of it back', () => {
    const tokenizer = tokenizerOf('metaspace');
    const [first, second, wrong, word] = ['<0xC3>', '<0xA9>', '<0xFF>', '▁the'].map((text) =>
      idOf(tokenizer, text),
    ) as [number, number, number, number];
    expect(pieces(tokenizer, [word], [first, second, word])).toEqual(['', '', 'é the']);
    expect(pieces(tokenizer, [word], [first, second, wrong, word])).toEqual(['', '', '', '\uFFFD\uFFFD\uFFFD the']);
    // A stop string made of such bytes ends the text at once.
    const stream = new TextStream(tokenizer, [word], ['é']);
    for (const token of [first, second]) stream.push(token);
    expect(stream.stopped).toBe(true);
  });

  it('what may be the beginning of a stop string, and not longer', () => {
    const stream = new TextStream(letters, [], ['abc', 'bd']);
    expect([...'xababcx'].map((letter) => stream.push(letter.charCodeAt(0)))).toEqual(['x', '', '', 'ab', '', '', '']);
    expect(stream.stopped).toBe(true);
    expect(stream.end()).toBe('');
    expect(stream.pieces.join('')).toBe('xab');
  });

  it('the earliest of several stop strings counts, and what was held back leaves at the end', () => {
    expect(pieces(letters, [], codes('one two three'), ['three', 'two']).join('')).toBe('one ');
    expect(pieces(letters, [], codes('one two'), ['x']).join('')).toBe('one two');
    expect(pieces(letters, [], codes('stop'), ['stop']).join('')).toBe('');
    expect(pieces(letters, [], codes('sto'), ['stop'])).toEqual(['', '', 'sto']);
  });

  it('refuses an empty stop string', () => {
    expect(() => new TextStream(letters, [], ['a', ''])).toThrow(OptionError);
  });
});

describe('special tokens as stop strings', () => {
  const tokenizer = tokenizerOf('metaspace');
  const [eos, the] = [idOf(tokenizer, '</s>'), idOf(tokenizer, '▁the')];

  it('match although the text leaves them out', () => {
    const stream = new TextStream(tokenizer, [the], ['</s>']);
    expect([the, eos, the].map((token) => stream.push(token))).toEqual([' the', '', '']);
    expect(stream.stopped).toBe(true);
    expect(pieces(tokenizer, [the], [the, eos, the], ['x</s>'])).toEqual([' the', '', ' the']);
  });

  it('match together with the text around them, but not in part', () => {
    expect(pieces(tokenizer, [the], [the, eos, the], ['e</s> t'])).toEqual([' th', '', '']);
    expect(pieces(tokenizer, [the], [the, eos, the], ['/s'])).toEqual([' the', '', ' the']);
    expect(pieces(tokenizer, [the], [the, eos, the], ['e</s'])).toEqual([' th', '', 'e the']);
  });

  it('do not hide a stop string that is in the text without them', () => {
    expect(pieces(tokenizer, [the], [the, eos, the], ['e t'])).toEqual([' th', '', '']);
  });
});
