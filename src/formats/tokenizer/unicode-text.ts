/**
 * Operations on whole texts as the Rust library does them: with its own Unicode tables, one code point at a time.
 * @packageDocumentation
 */
import type { CharacterSet } from '../../patterns/character-set.ts';
import { newToNormalization, whiteSpace } from '../../patterns/unicode.ts';

/** Unicode normalization that leaves characters unchanged if they are too new for the library. */
export function normalForm(text: string, form: 'NFC' | 'NFD' | 'NFKC' | 'NFKD'): string {
  const tooNew = newToNormalization();
  let result = '';
  let from = 0;
  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at)!;
    const end = at + (code > 0xffff ? 2 : 1);
    if (tooNew.has(code)) {
      result += text.slice(from, at).normalize(form) + text.slice(at, end);
      from = end;
    }
    at = end;
  }
  return result + text.slice(from).normalize(form);
}

/** Lower case of each character in isolation: the library has no special case for a final capital sigma. */
export function lowerCase(text: string): string {
  return text.replaceAll('Σ', 'σ').toLowerCase();
}

/** The text without the characters of a set. */
export function without(text: string, set: CharacterSet): string {
  let result = '';
  for (const character of text) if (!set.has(character.codePointAt(0)!)) result += character;
  return result;
}

/** Removes white space at the ends. */
export function strip(text: string, left: boolean, right: boolean): string {
  const spaces = whiteSpace();
  let [start, end] = [0, text.length];
  // All white space is in the basic plane.
  while (left && start < end && spaces.has(text.charCodeAt(start))) start += 1;
  while (right && end > start && spaces.has(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
