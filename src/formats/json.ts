/**
 * The only reader of JSON files: limited in size, strictly UTF-8, without duplicate keys.
 * @packageDocumentation
 */
import { FormatError } from '../errors.ts';
import { quoted } from '../quoted.ts';
import { bytesOf, type Folder, labelIn } from './folder/folder.ts';
import { parseJsonValue } from './json-text.ts';

/** A JSON object as parsed. Read it with `Object.hasOwn` or {@link Fields}: a key may be called `__proto__`. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Bytes. No JSON file of an honest checkpoint is larger: the largest tokenizers have about 35 MB. */
export const LARGEST_JSON = 100_000_000;

/** The kind of a JSON value, in words for an error message. */
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
 * @throws {@link MissingFileError} when it does not exist; {@link FormatError} when it is larger than 100 MB, is not
 * UTF-8, starts with a byte order mark, is not JSON, nests deeper than 64, holds more than 6 million values, a lone
 * surrogate or something other than an object, or when an object has a duplicate key.
 */
export function readJson(folder: Folder, name: string): JsonObject {
  return parseJson(labelIn(folder, name), bytesOf(folder, name, LARGEST_JSON));
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
