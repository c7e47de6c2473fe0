/**
 * Tokens and their ids.
 * @packageDocumentation
 */
import { FormatError, UnsupportedError } from '../../errors.ts';
import { quoted } from '../../quoted.ts';
import { isObject, kindOf } from '../json.ts';
import { isNatural, isText, type Part } from './part.ts';

/** No vocabulary comes near this; a larger id could make arrays indexed by id exhaust the memory. */
const LARGEST_ID = 2 ** 24;

/** The vocabulary of a model, without added tokens. */
export class Vocabulary {
  readonly #ids: ReadonlyMap<string, number>;
  readonly #tokens = new Map<number, string>();
  /** Number of tokens, which need not be one more than the largest id. */
  readonly size: number;

  constructor(tokens: readonly (readonly [token: string, id: number])[], size: number) {
    this.#ids = new Map(tokens);
    for (const [token, id] of tokens) this.#tokens.set(id, token);
    this.size = size;
  }

  /** The id of a token. */
  idOf(token: string): number | undefined {
    return this.#ids.get(token);
  }

  /** The token of an id. */
  tokenOf(id: number): string | undefined {
    return this.#tokens.get(id);
  }

  /** All ids. */
  ids(): Iterable<number> {
    return this.#tokens.keys();
  }
}

/**
 * Reads a `vocab` that maps tokens to ids.
 * @throws {@link FormatError} when it is malformed or an id occurs twice; {@link UnsupportedError} for an id of 2^24 or
 * more.
 */
export function readVocabulary(part: Part): Vocabulary {
  const value = part.raw('vocab');
  if (!isObject(value)) throw new FormatError(part.labelOf('vocab'), 'an object', kindOf(value));
  const owners = new Map<number, string>();
  const tokens = Object.entries(value).map(([token, id]): [string, number] => {
    const label = `${part.labelOf('vocab')}: token ${quoted(token)}`;
    if (!isNatural(id)) throw new FormatError(label, 'an id of at least 0', kindOf(id));
    if (id >= LARGEST_ID) throw new UnsupportedError(label, `an id below ${LARGEST_ID}`, `${id}`);
    if (owners.has(id)) throw new FormatError(label, 'a unique id', `${id}, which another token has`);
    owners.set(id, token);
    return [token, id];
  });
  return new Vocabulary(tokens, tokens.length);
}

/** A token with the logarithm of its probability; its id is its position in the list. */
export interface ScoredPiece {
  readonly text: string;
  readonly score: number;
}

/** Reads a `vocab` that is a list of tokens and scores. @throws {@link FormatError} when it is malformed. */
export function readPieces(part: Part): ScoredPiece[] {
  const value = part.raw('vocab');
  if (!Array.isArray(value)) throw new FormatError(part.labelOf('vocab'), 'a list', kindOf(value));
  return value.map((entry: unknown, id) => {
    if (Array.isArray(entry) && entry.length === 2 && isText(entry[0]) && typeof entry[1] === 'number') {
      return { text: entry[0], score: entry[1] };
    }
    throw new FormatError(`${part.labelOf('vocab')}: token ${id}`, 'a piece and its score', kindOf(entry));
  });
}
