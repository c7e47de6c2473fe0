import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FormatError, TokenError, UnsupportedError } from '../../../src/errors.ts';
import { loadTokenizer } from '../../../src/formats/node/by-path.ts';
import { subfolder, temporaryFolder, writeJson } from '../../support/format-folders.ts';

interface Golden {
  comment: string;
  vocab_size: number;
  encode: {
    text: string;
    ids: number[];
    ids_without_specials: number[];
    decoded: string;
    decoded_with_specials: string;
  }[];
  decode: { ids: number[]; decoded: string; decoded_with_specials: string }[];
}

// External: the Rust library, tokenizers 0.23.3 (fixtures/generators/goldens).
describe.each(['byte-level', 'metaspace', 'metaspace-unsplit', 'prepend'])('golden %s', (name) => {
  const folder = new URL(`../../../fixtures/goldens/tokenizer/${name}`, import.meta.url).pathname;
  const golden = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as Golden;
  const tokenizer = loadTokenizer(folder)!;

  it('has the size of the Rust one', () => {
    expect(tokenizer.vocabularySize).toBe(golden.vocab_size);
    expect(golden.encode.length).toBeGreaterThan(20);
    expect(golden.decode.length).toBeGreaterThan(5);
  });

  it('encodes', () => {
    for (const { text, ids, ids_without_specials: plain } of golden.encode) {
      expect(tokenizer.encode(text), text).toEqual(ids);
      expect(tokenizer.encode(text, { addSpecialTokens: false }), text).toEqual(plain);
    }
  });

  it('decodes', () => {
    for (const { ids, decoded, decoded_with_specials: all } of [...golden.encode, ...golden.decode]) {
      expect(tokenizer.decode(ids, { skipSpecialTokens: true }), `${ids}`).toBe(decoded);
      expect(tokenizer.decode(ids), `${ids}`).toBe(all);
    }
  });
});

const root = temporaryFolder();
let count = 0;
const metaspace = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true };

/** An added token, special by default. */
function added(content: string, changes: object = {}) {
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  return { id: 5, content, ...flags, ...changes };
}

/** A small BPE over a, b and ▁, with merges a b and ▁ ▁. */
const small = {
  normalizer: null,
  pre_tokenizer: null as unknown,
  post_processor: null,
  decoder: null as unknown,
  added_tokens: [added('<s>')] as unknown,
  model: {
    type: 'BPE',
    vocab: { a: 0, b: 1, '▁': 2, ab: 3, '▁▁': 4, '<s>': 5, x: 9 } as unknown,
    merges: [
      ['a', 'b'],
      ['▁', '▁'],
    ] as unknown,
  } as Record<string, unknown>,
};

function make(changes: object = {}, config?: object) {
  const folder = subfolder(root, `${count++}`);
  writeJson(folder, 'tokenizer.json', { ...small, ...changes });
  if (config !== undefined) writeJson(folder, 'tokenizer_config.json', config);
  return loadTokenizer(folder)!;
}

describe('loadTokenizer', () => {
  it('null without tokenizer.json', () => {
    expect(loadTokenizer(subfolder(root, 'none'))).toBe(null);
  });

  it('sizes, texts and ids without a token', () => {
    const tokenizer = make();
    expect(tokenizer.vocabularySize).toBe(10);
    expect([tokenizer.tokenText(3), tokenizer.tokenText(5), tokenizer.tokenText(6), tokenizer.tokenText(-1)]).toEqual([
      ...['ab', '<s>', null, null],
    ]);
    expect(tokenizer.encode('abba')).toEqual([3, 1, 0]);
    const fused = make({ decoder: { type: 'Fuse' } });
    expect(fused.decode([0, 7, 100, 1.5, 1])).toBe('ab');
    expect(make().decode([0, 7, 1])).toBe('a b');
    expect([fused.decode([]), fused.decode([8])]).toEqual(['', '']);
    expect(fused.decode([5, 0], { skipSpecialTokens: true })).toBe('a');
  });

  it('absent parts count as null, and merges may be strings', () => {
    const folder = subfolder(root, 'bare');
    const model = { vocab: { a: 0, b: 1, ab: 2 }, merges: ['a b'] };
    writeJson(folder, 'tokenizer.json', { model });
    expect(loadTokenizer(folder)!.encode('ab')).toEqual([2]);
  });

  // By hand from metaspace.rs: words begin at each ▁, so that merges cannot cross it.
  it('Metaspace splits when told to', () => {
    expect(make({ pre_tokenizer: metaspace }).encode('a  b')).toEqual([2, 0, 2, 2, 1]);
    expect(make({ pre_tokenizer: { ...metaspace, split: false } }).encode('a  b')).toEqual([2, 0, 4, 1]);
    const sequence = { type: 'Sequence', pretokenizers: [metaspace] };
    expect(make({ pre_tokenizer: sequence }).encode('a  b')).toEqual([2, 0, 2, 2, 1]);
  });

  it('spaces are cleaned up only when told to, and never for BPE', () => {
    const spaced = { ...small.model, vocab: { a: 0, ' .': 1 }, merges: [] };
    const text = make({ model: spaced, decoder: { type: 'Fuse' } }, { clean_up_tokenization_spaces: true });
    expect(text.decode([0, 1])).toBe('a .');
    const pieces = {
      type: 'WordPiece',
      unk_token: 'u',
      vocab: { u: 0, a: 1, '.': 2 },
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
    };
    const word = (config: object) => make({ model: pieces, decoder: null }, config).decode([1, 2]);
    expect(word({})).toBe('a .');
    expect(word({ clean_up_tokenization_spaces: true })).toBe('a.');
  });

  it('a continuation keeps its space and completes the last character', () => {
    const bytes = { '<0xE2>': 10, '<0x82>': 11, '<0xAC>': 12, '<0xF0>': 13, '▁a': 14 };
    const decoders = [
      { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
      { type: 'ByteFallback' },
      { type: 'Fuse' },
      { type: 'Strip', content: ' ', start: 1, stop: 0 },
    ];
    const vocab = { ...(small.model.vocab as object), ...bytes };
    const tokenizer = make({
      model: { ...small.model, vocab },
      decoder: { type: 'Sequence', decoders },
    });
    expect(tokenizer.decode([14, 14])).toBe('a a');
    expect(tokenizer.decode([14], { after: [14] })).toBe(' a');
    expect(tokenizer.decode([14], { after: [] })).toBe('a');
    expect(tokenizer.decode([14], { after: [5], skipSpecialTokens: true })).toBe('a');
    expect(tokenizer.decode([14], { after: [5] })).toBe(' a');
    expect(tokenizer.decode([], { after: [14] })).toBe('');
    expect(tokenizer.decode([12, 0], { after: [0, 10, 11] })).toBe('€a');
    expect(tokenizer.decode([11], { after: [10] })).toBe('\ufffd');
  });

  it('a text that the vocabulary cannot spell', () => {
    const unigram = {
      type: 'Unigram',
      unk_id: 1,
      vocab: [
        ['a', -1],
        ['b', -2],
      ],
    };
    expect(make({ model: unigram }).encode('ab')).toEqual([0, 1]);
    const pieces = {
      type: 'WordPiece',
      unk_token: 'gone',
      vocab: { a: 0 },
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
    };
    const tokenizer = make({ model: pieces, added_tokens: [] });
    expect(() => tokenizer.encode('z')).toThrow(TokenError);
  });

  it.each([
    [{ version: '2.0' }, /version: expected 1\.0, got "2\.0"/],
    [{ model: 3 }, /tokenizer\.json: model: expected an object/],
    [{ model: { ...small.model, vocab: null } }, /vocab: expected an object/],
    [{ model: { ...small.model, vocab: { a: -1 } } }, /token "a": expected an id of at least 0/],
    [{ model: { ...small.model, vocab: { a: 1, b: 1 } } }, /token "b": expected a unique id, got 1/],
    [{ model: { ...small.model, merges: 3 } }, /merges: expected a list, got 3/],
    [{ model: { ...small.model, merges: [3] } }, /merges\[0\]: expected a pair of tokens, got 3/],
    [{ model: { ...small.model, merges: ['a b c'] } }, /merges\[0\]: expected a pair of tokens/],
    [{ model: { ...small.model, merges: [['a', 'x']] } }, /merges\[0\]: expected tokens in the vocabulary, got "ax"/],
    [{ model: { type: 'Unigram', unk_id: 0, vocab: [['a']] } }, /token 0: expected a piece and its score/],
    [{ model: { type: 'Unigram', unk_id: 1, vocab: [['a', 0]] } }, /unk_id: expected an id below 1, got 1/],
    [{ added_tokens: 3 }, /added_tokens: expected a list/],
    [{ added_tokens: [{ id: 1 }] }, /added_tokens\[0\]: content: expected a string, got nothing/],
    [{ added_tokens: [added('x', { id: 0.5 })] }, /added_tokens\[0\]: id: expected an integer/],
    [{ added_tokens: [{ id: 0, content: 'x', special: true }] }, /single_word: expected true or false, got nothing/],
    [{ normalizer: 3 }, /normalizer: expected an object/],
    [{ normalizer: { type: 'Strip', strip_left: true } }, /strip_right: expected true or false, got nothing/],
    [
      { pre_tokenizer: { type: 'Split', pattern: { Regex: 'a' }, behavior: 'Gone', invert: false } },
      /behavior: expected Removed or Isolated .* got "Gone"/,
    ],
    [{ pre_tokenizer: { type: 'Metaspace', replacement: '▁', add_prefix_space: false } }, /add_prefix_space/],
    [
      { pre_tokenizer: { type: 'Split', pattern: { Regex: '(' } } },
      /pattern: expected an? Oniguruma regular expression/,
    ],
    [{ decoder: { type: 'Metaspace', replacement: '▁▁' } }, /replacement: expected one character/],
  ])('what Rust refuses is refused: %#', (changes, message) => {
    expect(() => make(changes)).toThrow(FormatError);
    expect(() => make(changes)).toThrow(message);
  });

  it.each([
    [
      { model: { ...small.model, type: 'Novel' } },
      /model: type: expected BPE, Unigram, WordPiece or WordLevel, got "Novel"/,
    ],
    [{ model: { ...small.model, dropout: 0.1 } }, /dropout: expected null, got 0\.1/],
    [{ model: { ...small.model, vocab: { a: 4e9 } } }, /token "a": expected an id below 16777216/],
    [{ model: { ...small.model, novel: 3 } }, /model: novel: expected a known setting, got an unknown one \(3\)/],
    [{ normalizer: { type: 'Precompiled', precompiled_charsmap: '' } }, /normalizer: type: .* got Precompiled/],
    [{ pre_tokenizer: { type: 'UnicodeScripts' } }, /pre_tokenizer: type: .* got UnicodeScripts/],
    [{ decoder: { type: 'Novel' } }, /decoder: type: .* got Novel/],
    [
      { pre_tokenizer: { type: 'Split', pattern: { Regex: '\\Gx' }, behavior: 'Isolated', invert: false } },
      /pre_tokenizer: pattern: .* got the escape \\G in \\Gx/,
    ],
    [
      { normalizer: { type: 'NFC' }, pre_tokenizer: { ...metaspace, prepend_scheme: 'first' } },
      /prepend_scheme: expected always or never after a change of the text, got first/,
    ],
  ])('what is not implemented is refused by name: %#', (changes, message) => {
    expect(() => make(changes)).toThrow(UnsupportedError);
    expect(() => make(changes)).toThrow(message);
  });

  it('broken files', () => {
    const folder = subfolder(root, 'broken');
    writeFileSync(join(folder, 'tokenizer.json'), '[]');
    expect(() => loadTokenizer(folder)).toThrow(/tokenizer\.json: expected a JSON object/);
    writeJson(folder, 'tokenizer.json', small);
    writeFileSync(join(folder, 'tokenizer_config.json'), 'x');
    expect(() => loadTokenizer(folder)).toThrow(/tokenizer_config\.json: expected JSON/);
  });
});
