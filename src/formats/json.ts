/**
 * The one place where JSON files are read: bounded in size, strictly UTF-8, without duplicate keys.
 * @packageDocumentation
 */
import { FormatError } from '../errors.ts';
import { quoted } from '../quoted.ts';
import { closeFile, openFile, readInto } from './files.ts';
import { inputName, readInput } from './input-stream.ts';
import { parseJsonValue } from './json-text.ts';

/** A JSON object as parsed. Read it with `Object.hasOwn` or {@link Fields}: a key may be called `__proto__`. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** No JSON file of an honest checkpoint is larger: the largest tokenizers have about 35 MB. */
const LARGEST = 100_000_000;

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
 * starts with a byte order mark, is not JSON, nests deeper than 64, holds more than 6 million values, a lone
 * surrogate or no object, or when an object has a key twice.
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
 * Reads a JSON object from a file or stream that a user names; `-` is standard input.
 * @throws {@link MissingFileError} and {@link FormatError} as {@link readJson} does, but pipes and devices are read too.
 */
export async function readJsonInput(path: string): Promise<JsonObject> {
  return parseJson(inputName(path), await readInput(path, LARGEST));
}

/**
 * Parses UTF-8 bytes that hold a JSON object.
 * @throws {@link FormatError} as {@link readJson} does.
 */
export function parseJson(label: string, bytes: Uint8Array): JsonObject {
  const value = parseJsonValue(label, bytes);
  if (!isObject(value)) throw new FormatError(label, 'a JSON object', kindOf(value));
  return value;
}
