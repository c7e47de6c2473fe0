/**
 * Unigram: the tokens whose scores have the largest sum.
 *
 *     best(0) = 0,   best(j) = max over tokens t that end at j of best(j - |t|) + score(t)
 *
 * Characters without a token count as unknown, with the lowest score minus 10; adjacent unknown characters become one
 * token.
 * @source huggingface/tokenizers `tokenizers/src/models/unigram/model.rs` (`encode_optimized`)
 * @packageDocumentation
 */
import { FormatError, TokenError } from '../../errors.ts';
import type { Budget } from '../../patterns/budget.ts';
import { byteTokens } from './byte-tokens.ts';
import type { Part } from './part.ts';
import { PrefixTable } from './prefix-table.ts';
import { readPieces, Vocabulary } from './vocabulary.ts';

const UNKNOWN_PENALTY = 10;

interface Unigram {
  readonly vocabulary: Vocabulary;
  encode(word: string, budget: Budget): number[];
}

/** Reads the model. @throws {@link FormatError} when it is malformed. */
export function readUnigram(part: Part): Unigram {
  const pieces = readPieces(part);
  const unknown = part.raw('unk_id') == null ? null : part.natural('unk_id');
  const fallsBack = part.boolean('byte_fallback', false);
  if (unknown !== null && unknown >= pieces.length) {
    throw new FormatError(part.labelOf('unk_id'), `an id below ${pieces.length}`, `${unknown}`);
  }
  const vocabulary = new Vocabulary(
    pieces.map(({ text }, id) => [text, id]),
    pieces.length,
  );
  const scored: ScoredTokens = {
    vocabulary,
    table: new PrefixTable(pieces.map(({ text }) => text)),
    scores: pieces.map(({ score }) => score),
    unknown,
    unknownScore:
      pieces.reduce((least, { score }) => Math.min(least, score), Number.POSITIVE_INFINITY) - UNKNOWN_PENALTY,
    noUnknown: () => new TokenError(part.label, 'tokens for the whole text, or an unk_id', 'neither'),
  };

  const idsOf = (text: string): readonly number[] => {
    const id = vocabulary.idOf(text);
    if (id !== undefined) return [id];
    const bytes = fallsBack ? byteTokens(vocabulary, text) : null;
    if (bytes !== null) return bytes;
    if (unknown === null) throw scored.noUnknown();
    return [unknown];
  };

  return {
    vocabulary,
    encode: (word, budget) => textsOnPath(word, bestPath(scored, word, budget)).flatMap(idsOf),
  };
}

/** The tokens of a model with their scores. */
interface ScoredTokens {
  readonly vocabulary: Vocabulary;
  readonly table: PrefixTable;
  readonly scores: readonly number[];
  readonly unknown: number | null;
  /** Of a character that has no token. */
  readonly unknownScore: number;
  readonly noUnknown: () => TokenError;
}

const NONE = 0x7fffffff;

/** Where the token that ends at each position of the best path begins, negative for an unknown character. */
function bestPath(
  { vocabulary, table, scores, unknown, unknownScore, noUnknown }: ScoredTokens,
  word: string,
  budget: Budget,
): Int32Array {
  const best = new Float64Array(word.length + 1);
  const starts = new Int32Array(word.length + 1).fill(NONE);
  const offer = (start: number, end: number, score: number, isUnknown: boolean): void => {
    const sum = score + best[start]!;
    if (starts[end] !== NONE && !(sum > best[end]!)) return;
    best[end] = sum;
    starts[end] = isUnknown ? ~start : start;
  };
  for (let start = 0; start < word.length; ) {
    const next = start + (word.codePointAt(start)! > 0xffff ? 2 : 1);
    let hasOwn = false;
    for (const length of table.lengthsAt(word, start, budget)) {
      const id = vocabulary.idOf(word.slice(start, start + length))!;
      offer(start, start + length, scores[id]!, id === unknown);
      hasOwn ||= start + length === next;
    }
    if (!hasOwn) {
      const isBetter = starts[next] === NONE || unknownScore + best[start]! > best[next]!;
      if (isBetter && unknown === null) throw noUnknown();
      offer(start, next, unknownScore, true);
    }
    start = next;
  }
  return starts;
}

/** The texts between the positions of a path, with adjacent unknown characters joined. */
function textsOnPath(word: string, starts: Int32Array): string[] {
  const texts: string[] = [];
  let unknownUntil: number | null = null;
  for (let end = word.length; end > 0; ) {
    const isUnknown = starts[end]! < 0;
    const start = isUnknown ? ~starts[end]! : starts[end]!;
    if (isUnknown) unknownUntil ??= end;
    else {
      if (unknownUntil !== null) texts.push(word.slice(end, unknownUntil));
      unknownUntil = null;
      texts.push(word.slice(start, end));
    }
    end = start;
  }
  if (unknownUntil !== null) texts.push(word.slice(0, unknownUntil));
  return texts.reverse();
}
