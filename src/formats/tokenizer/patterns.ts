/**
 * The patterns of `Split` and `Replace`: a plain text or a regular expression.
 * @packageDocumentation
 */
import { FormatError } from '../../errors.ts';
import { type Finder, finder, literalFinder } from '../../patterns/search.ts';
import { isObject, kindOf } from '../json.ts';
import { isText, type Part } from './part.ts';

/**
 * The finder for a part's `pattern`.
 * @throws {@link FormatError} when it is malformed; {@link UnsupportedError} for a pattern that is not implemented.
 */
export function readPattern(part: Part): Finder {
  const pattern = part.raw('pattern');
  const label = part.labelOf('pattern');
  const keys = isObject(pattern) ? Object.keys(pattern) : [];
  const kind = keys.length === 1 ? keys[0] : undefined;
  const text = isObject(pattern) && kind !== undefined ? pattern[kind] : undefined;
  if ((kind !== 'String' && kind !== 'Regex') || !isText(text)) {
    throw new FormatError(label, 'an object with a String or a Regex', kindOf(pattern));
  }
  return kind === 'String' ? literalFinder(text) : finder(label, text);
}
