import { OptionError, UnsupportedError } from '../../errors.ts';

/** Which tokens a realized model has: those of the problem first, with the same ids, and three at the end. */
export interface TokenLayout {
  readonly vocabularySize: number;
  /** Tokens of the problem: ids below this. */
  readonly problem: number;
  /** Follows the first token with probability one; the problem's texts begin after it. */
  readonly start: number;
  /** The first token of the prompt. */
  readonly first: number;
  /** Ends a text. Its probability is zero. */
  readonly end: number;
}

/** Vocabularies that engines are known to load; the smallest that has room is the default. */
export const USUAL_VOCABULARIES = [16, 320] as const;

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
/** Tokens beside those of the problem. */
const SPECIAL = 3;
const MOST_TOKENS = 65_536;

/**
 * Lays out the vocabulary of a problem.
 * @throws {@link UnsupportedError} when the problem has more tokens than there are letters and digits;
 * {@link OptionError} when it does not fit into the vocabulary.
 * @example
 * import assert from 'node:assert/strict';
 * import { tokenLayout } from 'turbo-lora/oracle';
 * assert.deepEqual(tokenLayout(3), { vocabularySize: 16, problem: 3, start: 13, first: 14, end: 15 });
 */
export function tokenLayout(problem: number, vocabularySize?: number): TokenLayout {
  if (problem > LETTERS.length) {
    throw new UnsupportedError('vocabulary of the problem', `at most ${LETTERS.length} tokens`, `${problem}`);
  }
  const least = problem + SPECIAL;
  const size = vocabularySize ?? USUAL_VOCABULARIES.find((usual) => usual >= least)!;
  if (!Number.isInteger(size) || size < least || size > MOST_TOKENS) {
    const expected = `an integer in [${least}, ${MOST_TOKENS}], for ${problem} tokens and ${SPECIAL} more`;
    throw new OptionError('vocabulary', expected, `${size}`);
  }
  return { vocabularySize: size, problem, start: size - 3, first: size - 2, end: size - 1 };
}

/** The piece of a token: one letter or digit for each of the problem, so that their texts are read as these tokens. */
export function pieceOf({ problem, start, first, end }: TokenLayout, token: number): string {
  if (token < problem) return LETTERS[token]!;
  if (token === start) return '<start>';
  if (token === first) return '<s>';
  return token === end ? '</s>' : `<unused${token}>`;
}
