/**
 * The one place where JSON files are read: bounded in size, strictly UTF-8, without duplicate keys.
 * @packageDocumentation
 */
import { FormatError } from '../errors.ts';
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
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** Whether a value is an object (and not null or a list). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads a JSON file that holds an object.
 * @throws {@link MissingFileError} when it is not there; {@link FormatError} when it is larger than 100 MB, not UTF-8, starts with a
 * byte order mark, is not JSON, nests deeper than 64 or holds no object, or when an object has a key twice.
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
 */
function refuseDuplicates(label: string, text: string): void {
  const open: (Set<string> | null)[] = []; // the keys of each open object; null for a list
  let last = '';
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/g)) {
    if (token === '{' || token === '[') {
      open.push(token === '{' ? new Set() : null);
      if (open.length > DEEPEST) throw new FormatError(label, `JSON nested at most ${DEEPEST} deep`, 'deeper');
    } else if (token === '}' || token === ']') {
      open.pop();
    } else if (token === ':') {
      const key = last.includes('\\') ? (JSON.parse(last) as string) : last.slice(1, -1);
      const keys = open.at(-1)!;
      if (keys!.has(key)) throw new FormatError(label, 'each key once', `${JSON.stringify(key)} twice`);
      keys!.add(key);
    } else {
      last = token;
    }
  }
}
