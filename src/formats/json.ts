/**
 * The one place where JSON files are read: bounded in size, strictly UTF-8, without duplicate keys.
 * @packageDocumentation
 */
import { FormatError } from '../errors.ts';
import { quoted } from '../quoted.ts';
import { closeFile, openFile, readInto } from './files.ts';

/** A JSON object as parsed. Read it with `Object.hasOwn` or {@link Fields}: a key may be called `__proto__`. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** No JSON file of an honest checkpoint is larger: the largest tokenizers have about 35 MB. */
const LARGEST = 100_000_000;
/** Deeper nesting is no configuration, and recursion over it could exhaust the stack. */
const DEEPEST = 64;

/** What a JSON value is, in words for an error message. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return quoted(value);
  return JSON.stringify(value) ?? 'nothing';
}

/** Whether a value is an object (and not null or a list). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads a JSON file that holds an object.
 * @throws {@link MissingFileError} when it is not there; {@link FormatError} when it is larger than 100 MB, not UTF-8,
 * starts with a byte order mark, is not JSON, nests deeper than 64 or holds no object, or when an object has a key
 * twice.
 */
export function readJson(path: string): JsonObject {
  const file = openFile(path);
  try {
    if (file.size > LARGEST) throw new FormatError(path, `at most ${LARGEST} bytes`, `${file.size}`);
    const bytes = new Uint8Array(file.size);
    readInto(file, 0, bytes);
    return parseJson(path, bytes);
  } finally {
    closeFile(file);
  }
}

/**
 * Parses UTF-8 bytes that hold a JSON object.
 * @throws {@link FormatError} as {@link readJson} does.
 */
export function parseJson(label: string, bytes: Uint8Array): JsonObject {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new FormatError(label, 'UTF-8', 'bytes that are not', { cause: error });
  }
  if (text.startsWith('\ufeff')) throw new FormatError(label, 'JSON', 'a byte order mark before it');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new FormatError(label, 'JSON', (error as Error).message, { cause: error });
  }
  if (!isObject(value)) throw new FormatError(label, 'a JSON object', kindOf(value));
  refuseDuplicates(label, text);
  return value;
}

/**
 * `JSON.parse` keeps the last of two equal keys where other readers keep the first, so a file with both means two
 * things. The text is valid JSON here, which makes this scan reliable: strings, brackets and colons are all it needs.
 * It is no regular expression because those exhaust the stack on long strings.
 */
function refuseDuplicates(label: string, text: string): void {
  const open: Set<string>[] = []; // the keys of each open object; nothing is ever added for a list
  let [from, to] = [0, 0]; // the last string, without its quotes
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      from = at + 1;
      to = endOfString(text, from);
      at = to;
    } else if (character === '{' || character === '[') {
      open.push(new Set());
      if (open.length > DEEPEST) throw new FormatError(label, `JSON nested at most ${DEEPEST} deep`, 'deeper');
    } else if (character === '}' || character === ']') {
      open.pop();
    } else if (character === ':') {
      const raw = text.slice(from, to);
      const key = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
      if (open.at(-1)!.has(key)) throw new FormatError(label, 'each key once', `${quoted(key)} twice`);
      open.at(-1)!.add(key);
    }
  }
}

/** The place of the quote that ends the string. */
function endOfString(text: string, from: number): number {
  let at = from;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
