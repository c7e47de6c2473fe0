/**
 * How strings from files and users are shown in messages. Such a string may be megabytes long, or hold characters that
 * a terminal obeys; this file prevents both.
 * @packageDocumentation
 */

/** Controls, formats (direction marks among them), lone surrogates, private characters, line and paragraph ends. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Every unprintable character as JSON escapes it: `\n`, `\u001b`. */
function escaped(text: string): string {
  return text.replace(UNPRINTABLE, (character) => SHORT[character] ?? [...codeUnits(character)].join(''));
}

function* codeUnits(character: string): Generator<string> {
  for (let i = 0; i < character.length; i++) yield `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
}

/**
 * A string as a quoted JavaScript literal, escaped and, when longer than `most` characters, cut; then its length
 * follows.
 * @example
 * import assert from 'node:assert/strict';
 * import { quoted } from 'turbo-lora/formats';
 * assert.equal(quoted('two\nlines, "quoted"'), '"two\\nlines, \\"quoted\\""');
 * assert.equal(quoted('x'.repeat(1000), 4), '"xxxx…" (1000 characters)');
 */
export function quoted(text: string, most = 80): string {
  const kept = text.length > most ? text.slice(0, most) : text;
  const literal = `"${escaped(kept.replace(/["\\]/g, '\\$&'))}`;
  return kept === text ? `${literal}"` : `${literal}…" (${text.length} characters)`;
}

/**
 * A message, or a part of one, that can be printed as it is: unprintable characters are escaped, and a text longer than
 * `most` characters loses its middle, so that a path keeps both its root and its file. Printable text stays as it is.
 */
export function printable(text: string, most = 1000): string {
  if (text.length <= most) return escaped(text);
  const half = Math.floor(most / 2);
  return `${escaped(text.slice(0, half))} … ${escaped(text.slice(-half))}`;
}
