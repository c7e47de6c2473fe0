/**
 * From bytes to a JSON value, strictly: UTF-8, with memory limited before anything is built, well-formed strings and
 * unique keys.
 * @packageDocumentation
 */
import { FormatError } from '../errors.ts';
import { quoted } from '../quoted.ts';

/** No configuration nests deeper, and recursion over such a value could exhaust the stack. */
const DEEPEST = 64;
/**
 * The most commas, colons and opening brackets. Each stands for at most one list, object, key or element. V8 takes up
 * to 80 bytes for each, and finding duplicates 40 (measured over lists, objects and keys of every kind), so the values
 * take at most 720 MB. The largest tokenizers have about 2.5 million, headers of checkpoints 12 for each tensor.
 */
const MOST_VALUES = 6_000_000;

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Parses UTF-8 bytes that hold one JSON value.
 * @throws {@link FormatError} when they are not UTF-8, start with a byte order mark, are not JSON, nest deeper than 64,
 * hold more than 6 million values or a lone surrogate, or an object has a duplicate key.
 */
export function parseJsonValue(label: string, bytes: Uint8Array): unknown {
  const text = decodeUtf8(label, bytes);
  checkSize(label, bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new FormatError(label, 'JSON', `other text (${(error as Error).message})`, { cause: error });
  }
  refuseLoneSurrogates(label, text);
  refuseDuplicates(label, text);
  return value;
}

/**
 * The text of UTF-8 bytes.
 * @throws {@link FormatError} when they are not UTF-8, or start with a byte order mark.
 */
export function decodeUtf8(label: string, bytes: Uint8Array): string {
  const text = utf8(bytes);
  if (text === null) {
    const at = firstWrongByte(bytes);
    throw new FormatError(label, 'UTF-8', `0x${bytes[at]!.toString(16).padStart(2, '0')} as byte ${at + 1}`);
  }
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw new FormatError(label, 'text', 'a byte order mark before it');
  }
  return text;
}

/** The text of UTF-8 bytes, or null when they are something else. */
function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Where the first invalid byte sequence begins. */
function firstWrongByte(bytes: Uint8Array): number {
  let [right, wrong] = [0, bytes.length + 1];
  while (wrong - right > 1) {
    const middle = (right + wrong) >>> 1;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      right = middle;
    } catch {
      wrong = middle;
    }
  }
  while (utf8(bytes.subarray(0, right)) === null) right -= 1; // half a character
  return right;
}

/** Limits what parsing would build. The bytes need not be valid JSON; strings are skipped by JSON's rules. */
function checkSize(label: string, bytes: Uint8Array): void {
  let [depth, values] = [0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at += 1;
      while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
    } else if (byte === COMMA || byte === COLON) {
      values += 1;
    } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      values += 1;
      depth += 1;
      if (depth > DEEPEST) throw new FormatError(label, `JSON nested at most ${DEEPEST} deep`, 'deeper');
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      depth -= 1;
    }
  }
  if (values > MOST_VALUES) throw new FormatError(label, `at most ${MOST_VALUES} JSON values and keys`, `${values}`);
}

/**
 * A lone surrogate is not a character: UTF-8 has no bytes for it, other readers refuse it, and a tokenizer would turn
 * it into U+FFFD.
 */
function refuseLoneSurrogates(label: string, text: string): void {
  if (!/\\u[dD][89a-fA-F]/.test(text)) return;
  // Pairs and all other escapes are skipped; an escaped backslash may come before a `u`.
  const escapes = /\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\(u[dD][89a-fA-F][0-9a-fA-F]{2})|\\./g;
  for (const { 1: lone, index } of text.matchAll(escapes)) {
    if (lone === undefined) continue;
    const byte = new TextEncoder().encode(text.slice(0, index)).length + 1;
    throw new FormatError(label, 'characters', `a lone surrogate, \\${lone} at byte ${byte}`);
  }
}

/**
 * `JSON.parse` keeps the last of two equal keys and other readers keep the first, so a file with both is ambiguous. The
 * text is valid JSON here, which makes this scan reliable: it needs only strings, brackets and colons. It does not use
 * regular expressions because those exhaust the stack on long strings.
 */
function refuseDuplicates(label: string, text: string): void {
  const open: (Set<string> | null)[] = []; // the keys of each open object; null for a list
  let [from, to] = [0, 0]; // the last string, without its quotes
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      from = at + 1;
      to = endOfString(text, from);
      at = to;
    } else if (code === OPEN_OBJECT || code === OPEN_LIST) {
      open.push(code === OPEN_OBJECT ? new Set() : null);
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
      open.pop();
    } else if (code === COLON) {
      const raw = text.slice(from, to);
      const key = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
      const keys = open.at(-1)!;
      if (keys.has(key)) throw new FormatError(label, 'each key once', `${quoted(key)} twice`);
      keys.add(key);
    }
  }
}

/** The position of the quote that ends the string. */
function endOfString(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); code !== QUOTE; code = text.charCodeAt(at)) at += code === BACKSLASH ? 2 : 1;
  return at;
}
