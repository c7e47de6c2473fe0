/**
 * Post-processors of a `tokenizer.json`: the special tokens around a text.
 * @source huggingface/tokenizers `tokenizers/src/processors`
 * @packageDocumentation
 */
import { FormatError, UnsupportedError } from '../../errors.ts';
import { isObject, kindOf } from '../json.ts';
import { isNatural, isText, Part } from './part.ts';

/** Adds special tokens, unless told not to. */
export type PostProcessor = (ids: readonly number[], addSpecialTokens: boolean) => number[];

/** A special token's ids, or the position of the text. */
type TemplatePiece = readonly number[] | 'text';

/**
 * Reads a post-processor; null adds nothing.
 * @throws {@link FormatError} when it is malformed; {@link UnsupportedError} naming the kind that is not implemented,
 * or for a sequence in which more than one part adds tokens.
 */
export function readPostProcessor(label: string, value: unknown): PostProcessor {
  if (value === null || value === undefined) return (ids) => [...ids];
  const adding = leaves(new Part(label, value)).flatMap((part) => templateOf(part) ?? []);
  if (adding.length > 1) {
    throw new UnsupportedError(label, 'one part that adds tokens', `${adding.length}`);
  }
  const pieces = adding[0]?.pieces ?? ['text' as const];
  return (ids, addSpecialTokens) => pieces.flatMap((piece) => (piece === 'text' ? ids : addSpecialTokens ? piece : []));
}

/** Parts that are not sequences, in order. */
function leaves(part: Part): Part[] {
  return part.type === 'Sequence' ? part.parts('processors').flatMap(leaves) : [part];
}

/** What a part puts around the text; null if it adds nothing. */
function templateOf(part: Part): { readonly pieces: readonly TemplatePiece[] } | null {
  switch (part.type) {
    case 'TemplateProcessing':
      return { pieces: readTemplate(part) };
    case 'BertProcessing':
    case 'RobertaProcessing':
      return { pieces: [[tokenAndId(part, 'cls')], 'text', [tokenAndId(part, 'sep')]] };
    case 'ByteLevel':
      // This affects only the offsets of tokens in the text.
      part.boolean('add_prefix_space');
      part.boolean('trim_offsets');
      return null;
    default:
      throw new UnsupportedError(
        part.labelOf('type'),
        'TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel or Sequence',
        part.type,
      );
  }
}

function tokenAndId(part: Part, key: string): number {
  const pair = part.raw(key);
  if (Array.isArray(pair) && pair.length === 2 && isText(pair[0]) && isNatural(pair[1])) return pair[1];
  throw new FormatError(part.labelOf(key), 'a token and its id', kindOf(pair));
}

function readTemplate(part: Part): TemplatePiece[] {
  const special = specialTokens(part);
  // Pairs of texts are not encoded here, but a file without a template for them is malformed.
  readPieces(part, 'pair', special);
  return readPieces(part, 'single', special).map((piece) => {
    if (piece === 'B') throw new FormatError(part.labelOf('single'), 'the sequence A', 'B');
    return piece === 'A' ? 'text' : piece;
  });
}

function specialTokens(part: Part): ReadonlyMap<string, readonly number[]> {
  const value = part.raw('special_tokens');
  if (!isObject(value)) throw new FormatError(part.labelOf('special_tokens'), 'an object', kindOf(value));
  return new Map(
    Object.entries(value).map(([name, token]): [string, readonly number[]] => {
      const ids = isObject(token) ? token.ids : undefined;
      const fits =
        isObject(token) &&
        isText(token.id) &&
        Array.isArray(ids) &&
        ids.every(isNatural) &&
        Array.isArray(token.tokens);
      if (!fits) throw new FormatError(part.labelOf(`special_tokens: ${name}`), 'id, ids and tokens', kindOf(token));
      return [name, ids as number[]];
    }),
  );
}

function readPieces(
  part: Part,
  key: string,
  special: ReadonlyMap<string, readonly number[]>,
): (readonly number[] | 'A' | 'B')[] {
  return part.parts(key).map((piece) => {
    const sequence = piece.raw('Sequence');
    const inner = new Part(piece.label, sequence ?? piece.raw('SpecialToken'));
    inner.natural('type_id');
    if (sequence !== undefined) return inner.choice<'A' | 'B'>('id', ['A', 'B']);
    const ids = special.get(inner.string('id'));
    if (ids === undefined)
      throw new FormatError(inner.labelOf('id'), 'a token listed in special_tokens', inner.string('id'));
    return ids;
  });
}
