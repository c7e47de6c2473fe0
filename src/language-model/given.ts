/**
 * Options as plain JavaScript may hand them over: which are given, and whether each is of the kind that it should be.
 * @packageDocumentation
 */
import { OptionError } from '../errors.ts';
import { kindOf } from '../formats/json.ts';

/** What a value must be, in words and as a test. */
export interface Shape {
  readonly expected: string;
  fits(value: unknown): boolean;
}

/** Options of which each may be left out, or null or undefined, which is the same. */
export type MaybeGiven<T> = { readonly [K in keyof T]?: T[K] | null | undefined };

/** A shape that is checked where the value is used. */
export const LATER: Shape = { expected: 'any value', fits: () => true };

/** Whether a value has members. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** The shape of a list of numbers or of strings. */
export function listOf(kind: 'number' | 'string', expected: string): Shape {
  return { expected, fits: (value) => Array.isArray(value) && value.every((item) => typeof item === kind) };
}

/** A value of any kind, in words for an error message. */
export function inWords(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  return typeof value === 'bigint' || typeof value === 'symbol' ? String(value) : kindOf(value);
}

/**
 * The entries of an object that are neither null nor undefined, each checked for its kind; lists are copied.
 * @throws {@link OptionError} for a key that is not among the shapes, or a value of another kind than it takes.
 */
export function given(
  label: string,
  options: object,
  shapes: Readonly<Record<string, Shape>>,
): Record<string, unknown> {
  if (!isObject(options) || Array.isArray(options)) throw new OptionError(`${label}s`, 'an object', inWords(options));
  const entries: [string, unknown][] = [];
  for (const [key, value] of Object.entries(options) as [string, unknown][]) {
    const shape = Object.hasOwn(shapes, key) ? shapes[key] : undefined;
    if (shape === undefined) throw new OptionError(label, `one of ${Object.keys(shapes).join(', ')}`, key);
    if (value === null || value === undefined) continue;
    if (!shape.fits(value)) throw new OptionError(key, shape.expected, inWords(value));
    entries.push([key, Array.isArray(value) ? [...value] : value]);
  }
  return Object.fromEntries(entries);
}
