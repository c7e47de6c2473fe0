import { folderAt } from '../../../src/formats/folder/node.ts';
import { AddedTokens } from '../../../src/formats/tokenizer/added-tokens.ts';
import { readBpe } from '../../../src/formats/tokenizer/bpe.ts';
import { readDecoder } from '../../../src/formats/tokenizer/decoders.ts';
import { checkTextLength } from '../../../src/formats/tokenizer/limits.ts';
import { readMerges } from '../../../src/formats/tokenizer/merges.ts';
import { readMetaspace } from '../../../src/formats/tokenizer/metaspace.ts';
import { readModel } from '../../../src/formats/tokenizer/model.ts';
import { readNormalizer } from '../../../src/formats/tokenizer/normalizers.ts';
import { Part } from '../../../src/formats/tokenizer/part.ts';
import { readPattern } from '../../../src/formats/tokenizer/patterns.ts';
import { Pipeline } from '../../../src/formats/tokenizer/pipeline.ts';
import { readPostProcessor } from '../../../src/formats/tokenizer/post-processor.ts';
import { readPreTokenizer } from '../../../src/formats/tokenizer/pre-tokenizers.ts';
import { readUnigram } from '../../../src/formats/tokenizer/unigram.ts';
import { readPieces, readVocabulary, Vocabulary } from '../../../src/formats/tokenizer/vocabulary.ts';
import { readWordPiece } from '../../../src/formats/tokenizer/word-piece.ts';
import { loadTokenizer } from '../../../src/formats/tokenizer.ts';
import { Budget } from '../../../src/patterns/budget.ts';
import type { Calls } from './calls.ts';
import { folderWith } from './folders.ts';

const part = (object: Record<string, unknown> = {}): Part => new Part('part', object);
const budget = (): Budget => new Budget('work', 1000);
const none = new Vocabulary([], 0);
const pieces = { type: 'WordPiece', continuing_subword_prefix: '##', max_input_chars_per_word: 9 };
/** A vocabulary whose token for what it cannot spell is not in it. */
const withoutUnknown = { ...pieces, unk_token: 'gone', vocab: { a: 0 } };
const added = (content: string) => ({
  ...{ id: 0, content, single_word: false, lstrip: false, rstrip: false, normalized: true, special: false },
});
/** A file with an added token on which its own normalizer takes ages. */
const slow = {
  model: withoutUnknown,
  normalizer: { type: 'Replace', pattern: { Regex: '(a+)+$' }, content: '' },
  added_tokens: [added(`${'a'.repeat(60)}!`)],
};
const load = (object: object) => loadTokenizer(folderAt(folderWith({ 'tokenizer.json': JSON.stringify(object) })))!;

export const tokenizers: Calls = {
  'formats/tokenizer loadTokenizer': {
    FormatError: () => load({}),
    UnsupportedError: () => load({ model: { type: 'Sparkle' } }),
    TokenError: () => load({ model: withoutUnknown }).encode('z'),
    WorkLimitError: () => load(slow),
  },
  'formats/tokenizer/added-tokens AddedTokens.Constructor': {
    FormatError: () => new AddedTokens('added', 3, none, null),
    UnsupportedError: () => new AddedTokens('added', [added('a'.repeat(1001))], none, null),
    WorkLimitError: () => new AddedTokens('added', slow.added_tokens, none, readNormalizer('n', slow.normalizer)),
  },
  'formats/tokenizer/bpe readBpe': {
    FormatError: () => readBpe(part()),
    UnsupportedError: () => readBpe(part({ dropout: 0.5 })),
    TokenError: () => readBpe(part({ vocab: {}, merges: [], unk_token: 'gone' })).encode('z'),
  },
  'formats/tokenizer/decoders readDecoder': {
    FormatError: () => readDecoder('decoder', { type: 'Strip' }),
    UnsupportedError: () => readDecoder('decoder', { type: 'Sparkle' }),
  },
  'formats/tokenizer/limits checkTextLength': { WorkLimitError: () => checkTextLength('text', 2 ** 24) },
  'formats/tokenizer/merges readMerges': {
    FormatError: () => readMerges(part({ merges: 3 }), none, ''),
    UnsupportedError: () => readMerges(part({ merges: ['a b'] }), none, '##'),
  },
  'formats/tokenizer/metaspace readMetaspace': { FormatError: () => readMetaspace(part()) },
  'formats/tokenizer/model readModel': {
    FormatError: () => readModel('model', null),
    UnsupportedError: () => readModel('model', { type: 'Sparkle' }),
    TokenError: () => readModel('model', { type: 'WordLevel', vocab: {}, unk_token: 'gone' }).encode('z', budget()),
  },
  'formats/tokenizer/normalizers readNormalizer': {
    FormatError: () => readNormalizer('normalizer', 3),
    UnsupportedError: () => readNormalizer('normalizer', { type: 'Precompiled' }),
  },
  'formats/tokenizer/part Part.Constructor': { FormatError: () => new Part('part', 3) },
  'formats/tokenizer/part Part.type': { FormatError: () => part().type },
  'formats/tokenizer/part Part.string': { FormatError: () => part({ a: 1 }).string('a') },
  'formats/tokenizer/part Part.optionalString': { FormatError: () => part({ a: 1 }).optionalString('a') },
  'formats/tokenizer/part Part.character': { FormatError: () => part({ a: 'bc' }).character('a') },
  'formats/tokenizer/part Part.boolean': { FormatError: () => part({ a: null }).boolean('a', true) },
  'formats/tokenizer/part Part.optionalBoolean': { FormatError: () => part({ a: 1 }).optionalBoolean('a') },
  'formats/tokenizer/part Part.natural': { FormatError: () => part({ a: -1 }).natural('a') },
  'formats/tokenizer/part Part.choice': { FormatError: () => part({ a: 'b' }).choice('a', ['c']) },
  'formats/tokenizer/part Part.parts': { FormatError: () => part({ a: [3] }).parts('a') },
  'formats/tokenizer/part Part.refuseUnknown': { UnsupportedError: () => part({ a: 1 }).refuseUnknown() },
  'formats/tokenizer/patterns readPattern': {
    FormatError: () => readPattern(part({ pattern: 'a' })),
    UnsupportedError: () => readPattern(part({ pattern: { Regex: '\\G' } })),
  },
  'formats/tokenizer/pipeline Pipeline.Constructor': {
    FormatError: () => new Pipeline('tokenizer', { version: '2.0' }),
    UnsupportedError: () => new Pipeline('tokenizer', { model: { type: 'Sparkle' } }),
    WorkLimitError: () => new Pipeline('tokenizer', slow),
  },
  'formats/tokenizer/post-processor readPostProcessor': {
    FormatError: () => readPostProcessor('post_processor', { type: 'BertProcessing' }),
    UnsupportedError: () => readPostProcessor('post_processor', { type: 'Sparkle' }),
  },
  'formats/tokenizer/pre-tokenizers readPreTokenizer': {
    FormatError: () => readPreTokenizer('pre_tokenizer', { type: 'FixedLength', length: 0 }, false),
    UnsupportedError: () => readPreTokenizer('pre_tokenizer', { type: 'UnicodeScripts' }, false),
  },
  'formats/tokenizer/unigram readUnigram': { FormatError: () => readUnigram(part()) },
  'formats/tokenizer/vocabulary readVocabulary': {
    FormatError: () => readVocabulary(part({ vocab: { a: -1 } })),
    UnsupportedError: () => readVocabulary(part({ vocab: { a: 2 ** 24 } })),
  },
  'formats/tokenizer/vocabulary readPieces': { FormatError: () => readPieces(part({ vocab: [3] })) },
  'formats/tokenizer/word-piece readWordPiece': {
    FormatError: () => readWordPiece(part()),
    TokenError: () => readWordPiece(part(withoutUnknown)).encode('z', budget()),
    UnsupportedError: () => readWordPiece(part({ vocab: { a: 2 ** 24 } })),
  },
};
