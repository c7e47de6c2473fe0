/**
 * Decoders of a `tokenizer.json`: from the spelling of tokens to text.
 * @source huggingface/tokenizers `tokenizers/src/decoders`
 * @packageDocumentation
 */
import { UnsupportedError } from '../../errors.ts';
import type { Budget } from '../../patterns/budget.ts';
import { fromByteAlphabet } from './byte-alphabet.ts';
import { checkTextLength } from './limits.ts';
import { readMetaspace } from './metaspace.ts';
import { Part } from './part.ts';
import { readPattern } from './patterns.ts';

/** Changes the parts of a text, which are joined at the end. Throws {@link WorkLimitError} when the budget is spent. */
export type Decoder = (tokens: readonly string[], budget: Budget) => readonly string[];

const READERS: Readonly<Record<string, (part: Part) => Decoder>> = {
  Sequence: (part) => {
    const steps = part.parts('decoders').map(readOne);
    return (tokens, budget) => steps.reduce((changed, step) => step(changed, budget), tokens);
  },
  BPEDecoder: (part) => {
    const suffix = part.string('suffix');
    return (tokens) => tokens.map((token, i) => replaced(token, suffix, i === tokens.length - 1 ? '' : ' '));
  },
  ByteLevel: (part) => {
    part.boolean('add_prefix_space');
    part.boolean('trim_offsets');
    part.boolean('use_regex', true);
    return decodeBytes;
  },
  WordPiece: (part) => {
    const prefix = part.string('prefix');
    const cleans = part.boolean('cleanup');
    return (tokens) => tokens.map((token, i) => wordPiece(token, i, prefix, cleans));
  },
  Metaspace: metaspace,
  CTC: readCtc,
  Replace: (part) => {
    const find = readPattern(part);
    const content = part.string('content');
    return (tokens, budget) =>
      tokens.map((token) => {
        if (token === '') return '';
        const spans = find(token, budget);
        checkTextLength(part.label, token.length + spans.length * content.length);
        const kept = spans.map(([start], i) => token.slice(i === 0 ? 0 : spans[i - 1]![1], start));
        return [...kept, token.slice(spans.at(-1)?.[1] ?? 0)].join(content);
      });
  },
  Fuse: () => (tokens) => [tokens.join('')],
  Strip: (part) => {
    const content = part.character('content');
    const [start, stop] = [part.natural('start'), part.natural('stop')];
    return (tokens) => tokens.map((token) => stripped(token, content, start, stop));
  },
  ByteFallback: () => decodeByteTokens,
};

/**
 * Reads a decoder; null joins tokens by spaces.
 * @throws {@link FormatError} when it is malformed; {@link UnsupportedError} naming the kind or setting that is not
 * implemented.
 */
export function readDecoder(label: string, value: unknown): Decoder {
  if (value === null || value === undefined) return (tokens) => [tokens.join(' ')];
  return readOne(new Part(label, value));
}

function readOne(part: Part): Decoder {
  const read = Object.hasOwn(READERS, part.type) ? READERS[part.type]! : null;
  if (read === null) throw new UnsupportedError(part.labelOf('type'), Object.keys(READERS).join(', '), part.type);
  const decoder = read(part);
  part.refuseUnknown();
  return decoder;
}

/** All occurrences of a text; an empty one occurs around every character, as in Rust. */
function replaced(text: string, from: string, to: string): string {
  if (from !== '') return text.split(from).join(to);
  return to + Array.from(text, (character) => character + to).join('');
}

function textOfBytes(bytes: readonly number[], fatal: boolean): string {
  return new TextDecoder('utf-8', { fatal, ignoreBOM: true }).decode(Uint8Array.from(bytes));
}

const encoder = new TextEncoder();

/** A token that is not in the byte alphabet is used as it is. */
function decodeBytes(tokens: readonly string[]): string[] {
  const bytes: number[] = [];
  for (const token of tokens) for (const byte of fromByteAlphabet(token) ?? encoder.encode(token)) bytes.push(byte);
  return [textOfBytes(bytes, false)];
}

/** Tokens such as `<0xE2>` become bytes; a run of them that is not UTF-8 becomes one U+FFFD per byte. */
function decodeByteTokens(tokens: readonly string[]): string[] {
  const result: string[] = [];
  let run: number[] = [];
  const flush = (): void => {
    if (run.length > 0) result.push(...textsOfRun(run));
    run = [];
  };
  for (const token of tokens) {
    const byte = /^<0x(\+[0-9A-Fa-f]|[0-9A-Fa-f]{2})>$/.exec(token);
    if (byte !== null) run.push(Number.parseInt(byte[1]!, 16));
    else {
      flush();
      result.push(token);
    }
  }
  flush();
  return result;
}

function textsOfRun(run: readonly number[]): string[] {
  try {
    return [textOfBytes(run, true)];
  } catch {
    return run.map(() => '\ufffd');
  }
}

function metaspace(part: Part): Decoder {
  const { replacement, scheme } = readMetaspace(part);
  // The prefix can be dropped only where one was added. The whole first token is searched, not only its beginning.
  return (tokens) => tokens.map((token, i) => token.replaceAll(replacement, i === 0 && scheme !== 'never' ? '' : ' '));
}

function readCtc(part: Part): Decoder {
  const pad = part.string('pad_token');
  const delimiter = part.string('word_delimiter_token');
  const cleans = part.boolean('cleanup');
  return (tokens) =>
    tokens.flatMap((token, i) => {
      if (i > 0 && token === tokens[i - 1]) return [];
      const bare = replaced(token, pad, '');
      const text = cleans ? replaced(cleanedUp(bare), delimiter, ' ') : bare;
      return text === '' ? [] : [text];
    });
}

/** Spaces that a tokenizer puts before punctuation and contractions. */
const SPACED: readonly (readonly [from: string, to: string])[] = [
  [' .', '.'],
  [' ?', '?'],
  [' !', '!'],
  [' ,', ','],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [' do not', " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
];

function cleanedUp(text: string): string {
  return SPACED.reduce((cleaned, [from, to]) => cleaned.replaceAll(from, to), text);
}

/**
 * Removes spaces before punctuation, as transformers does when a tokenizer's configuration asks for it.
 * @source huggingface/transformers `tokenization_utils_base.py` (`clean_up_tokenization`)
 */
export function cleanUpSpaces(text: string): string {
  return SPACED.filter(([from]) => from !== ' do not').reduce(
    (cleaned, [from, to]) => cleaned.replaceAll(from, to),
    text,
  );
}

function wordPiece(token: string, index: number, prefix: string, cleans: boolean): string {
  let text = token;
  if (index > 0) text = token.startsWith(prefix) ? token.slice(prefix.length) : ` ${token}`;
  return cleans ? cleanedUp(text) : text;
}

function stripped(token: string, content: string, start: number, stop: number): string {
  const characters = Array.from(token);
  let from = 0;
  while (from < Math.min(start, characters.length) && characters[from] === content) from += 1;
  let to = characters.length;
  while (characters.length - to < stop && to > from && characters[to - 1] === content) to -= 1;
  return characters.slice(from, to).join('');
}
