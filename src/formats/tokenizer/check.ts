/**
 * What a `tokenizer.json` may ask for. The tokenizer library ignores some settings that change the tokens; they are
 * refused here by name.
 * @packageDocumentation
 */
import { FormatError, UnsupportedError } from '../../errors.ts';
import { isObject, type JsonObject, kindOf } from '../json.ts';

/** No vocabulary comes near; a larger id could make arrays by id exhaust the memory. */
const LARGEST_ID = 2 ** 24;

/** Facts about a checked tokenizer. */
export interface CheckedTokenizer {
  /** The object that the library takes: absent parts are null or empty. */
  readonly object: JsonObject;
  readonly type: 'BPE' | 'WordPiece' | 'Unigram';
  /** Ids that have a token. */
  readonly ids: ReadonlySet<number>;
}

/**
 * Checks a parsed `tokenizer.json`.
 *
 * `truncation` and `padding` are ignored, as transformers ignores them unless asked for.
 * @throws {@link FormatError} when parts are missing or malformed; {@link UnsupportedError} naming a setting that the
 * library would ignore: dropout, split behaviours other than Isolated and Removed, the anchor `\G`, `add_prefix_space`
 * of Metaspace, unknown kinds of model.
 */
export function checkTokenizer(label: string, tokenizer: JsonObject): CheckedTokenizer {
  const { model } = tokenizer;
  if (!isObject(model)) throw new FormatError(`${label}: model`, 'an object', kindOf(model));
  const type = model.type ?? (Array.isArray(model.merges) ? 'BPE' : null);
  if (type !== 'BPE' && type !== 'WordPiece' && type !== 'Unigram') {
    throw new UnsupportedError(`${label}: model type`, 'BPE, WordPiece or Unigram', kindOf(type));
  }
  if (model.dropout != null && model.dropout !== 0) {
    throw new UnsupportedError(`${label}: dropout`, 'null', kindOf(model.dropout));
  }
  const ids = new Set<number>();
  if (type === 'Unigram') checkPieces(label, model.vocab, ids);
  else checkVocabulary(label, model.vocab, ids);
  checkAddedTokens(label, tokenizer.added_tokens ?? [], ids);
  for (const part of ['normalizer', 'pre_tokenizer', 'post_processor', 'decoder']) {
    checkPart(`${label}: ${part}`, tokenizer[part] ?? null);
  }
  const absent = { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null, added_tokens: [] };
  return { object: { ...absent, ...tokenizer, model: { ...model, type } }, type, ids };
}

function checkId(label: string, id: unknown): number {
  if (Number.isSafeInteger(id) && (id as number) >= 0 && (id as number) < LARGEST_ID) return id as number;
  throw new FormatError(label, `an id in [0, ${LARGEST_ID})`, kindOf(id));
}

function checkVocabulary(label: string, vocabulary: unknown, ids: Set<number>): void {
  if (!isObject(vocabulary)) throw new FormatError(`${label}: vocab`, 'an object', kindOf(vocabulary));
  for (const [token, value] of Object.entries(vocabulary)) {
    const name = `${label}: token ${JSON.stringify(token)}`;
    const id = checkId(name, value);
    if (ids.has(id)) throw new FormatError(name, 'an id of its own', `${id}, which another token has`);
    ids.add(id);
  }
}

function checkPieces(label: string, pieces: unknown, ids: Set<number>): void {
  if (!Array.isArray(pieces)) throw new FormatError(`${label}: vocab`, 'a list', kindOf(pieces));
  pieces.forEach((piece: unknown, id) => {
    const fits = Array.isArray(piece) && typeof piece[0] === 'string' && typeof piece[1] === 'number';
    if (!fits) throw new FormatError(`${label}: token ${id}`, 'a piece and its score', kindOf(piece));
    ids.add(id);
  });
}

function checkAddedTokens(label: string, tokens: unknown, ids: Set<number>): void {
  if (!Array.isArray(tokens)) throw new FormatError(`${label}: added_tokens`, 'a list', kindOf(tokens));
  for (const token of tokens as unknown[]) {
    const content = isObject(token) ? token.content : undefined;
    if (!isObject(token) || typeof content !== 'string' || content === '') {
      throw new FormatError(`${label}: added_tokens`, 'objects with a content', kindOf(token));
    }
    const name = `${label}: added token ${JSON.stringify(content)}`;
    ids.add(checkId(name, token.id));
  }
}

/** Looks for what the library ignores, in all parts of parts. */
function checkPart(label: string, part: unknown): void {
  if (Array.isArray(part)) for (const item of part) checkPart(label, item);
  if (!isObject(part)) return;
  const behavior = part.type === 'Split' || part.type === 'Punctuation' ? part.behavior : undefined;
  if (behavior !== undefined && behavior !== 'Isolated' && behavior !== 'Removed') {
    throw new UnsupportedError(`${label}: behavior`, 'Isolated or Removed', kindOf(behavior));
  }
  if (part.type === 'Metaspace' && part.add_prefix_space === false && part.prepend_scheme !== 'never') {
    throw new UnsupportedError(`${label}: add_prefix_space`, 'prepend_scheme instead', 'false');
  }
  const pattern = isObject(part.pattern) ? part.pattern.Regex : undefined;
  if (typeof pattern === 'string' && /(?<!\\)(\\\\)*\\G/.test(pattern)) {
    throw new UnsupportedError(`${label}: pattern`, 'a regular expression without \\G', JSON.stringify(pattern));
  }
  for (const value of Object.values(part)) if (typeof value === 'object') checkPart(label, value);
}
