/**
 * Where the tokenizer library differs from the Rust library that defines the formats, and how each difference is
 * undone:
 *
 * - `ByteFallback` decoder: a run of byte tokens that is not UTF-8 becomes one U+FFFD per byte of the run, and a byte
 * order mark stays.
 * - `Metaspace` decoder: every replacement character of the first token is dropped, not only a leading one.
 * - `Metaspace` pre-tokenizer: with `split`, a new word begins at each replacement character.
 * - Added tokens that are `single_word` are plain text when a letter or digit touches them.
 * @packageDocumentation
 */
import { isObject, type JsonObject } from '../json.ts';
import { type LibraryDecoder, type LibraryTokenizer, library } from './library.ts';

/** Changes the parts of a tokenizer that differ, and returns it. */
export function repaired(tokenizer: LibraryTokenizer, object: JsonObject): LibraryTokenizer {
  repairDecoder(tokenizer.decoder);
  repairPreTokenizer(tokenizer.pre_tokenizer, object.pre_tokenizer);
  repairSplitters(tokenizer);
  return tokenizer;
}

function repairDecoder(decoder: LibraryDecoder | null): void {
  if (decoder instanceof library.SequenceDecoder) for (const part of decoder.decoders) repairDecoder(part);
  if (decoder instanceof library.ByteFallbackDecoder) decoder.decode_chain = decodeByteRuns;
  if (decoder instanceof library.MetaspaceDecoder) {
    const { replacement } = decoder;
    decoder.decode_chain = (tokens: string[]) =>
      tokens.map((token, i) => token.replaceAll(replacement, i === 0 ? '' : ' '));
  }
}

/** @source huggingface/tokenizers `tokenizers/src/decoders/byte_fallback.rs` */
function decodeByteRuns(tokens: string[]): string[] {
  const result: string[] = [];
  let run: number[] = [];
  const flush = (): void => {
    if (run.length > 0) result.push(...textOfRun(run));
    run = [];
  };
  for (const token of tokens) {
    const byte = /^<0x([0-9A-Fa-f]{2})>$/.exec(token);
    if (byte !== null) {
      run.push(Number.parseInt(byte[1]!, 16));
      continue;
    }
    flush();
    result.push(token);
  }
  flush();
  return result;
}

function textOfRun(run: readonly number[]): string[] {
  try {
    return [new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(run))];
  } catch {
    return run.map(() => '\ufffd');
  }
}

/** @source huggingface/tokenizers `tokenizers/src/pre_tokenizers/metaspace.rs` */
function repairPreTokenizer(part: unknown, object: unknown): void {
  if (!isObject(object)) return;
  if (part instanceof library.SequencePreTokenizer && Array.isArray(object.pretokenizers)) {
    const inner: unknown[] = object.pretokenizers;
    part.tokenizers.forEach((tokenizer, i) => {
      repairPreTokenizer(tokenizer, inner[i]);
    });
  }
  if (!(part instanceof library.MetaspacePreTokenizer) || object.split === false) return;
  const whole = part.pre_tokenize_text.bind(part);
  const { replacement } = part;
  part.pre_tokenize_text = (text, options) => whole(text, options).flatMap((word) => wordsOf(word, replacement));
}

/** `▁a▁▁b` to `▁a`, `▁`, `▁b`. */
function wordsOf(text: string, replacement: string): string[] {
  const words = text.split(replacement);
  return words.map((word, i) => (i === 0 ? word : replacement + word)).filter((word) => word !== '');
}

/**
 * Joins a `single_word` token that touches a word character with the plain text around it.
 * @source huggingface/tokenizers `tokenizers/src/tokenizer/added_vocabulary.rs` (`find_matches`)
 */
function repairSplitters(tokenizer: LibraryTokenizer): void {
  const added = tokenizer.added_tokens_map;
  if (![...added.values()].some((token) => token.single_word)) return;
  for (const splitter of [tokenizer.splitter_unnormalized, tokenizer.splitter_normalized]) {
    const split = splitter.split.bind(splitter);
    splitter.split = (text) => {
      const sections = split(text);
      const isPlain = sections.map((section, i) => {
        const token = added.get(section);
        if (token === undefined || !token.single_word) return token === undefined;
        return (
          /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]$/u.test(sections[i - 1] ?? '') ||
          /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]/u.test(sections[i + 1] ?? '')
        );
      });
      return sections.reduce<string[]>((joined, section, i) => {
        if (i > 0 && isPlain[i] && isPlain[i - 1]) joined.push(joined.pop()! + section);
        else joined.push(section);
        return joined;
      }, []);
    };
  }
}
