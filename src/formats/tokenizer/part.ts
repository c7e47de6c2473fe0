/**
 * Strict reading of the parts of a `tokenizer.json`: normalizer, pre-tokenizer, model, post-processor, decoder.
 * @packageDocumentation
 */
import { FormatError, UnsupportedError } from '../../errors.ts';
import { isObject, type JsonObject, kindOf } from '../json.ts';

/** One part. It refuses whatever the Rust library would refuse to read, and any setting that neither of them knows. */
export class Part {
  readonly object: JsonObject;
  readonly #seen = new Set<string>(['type']);

  /** @throws {@link FormatError} when the value is not an object. */
  constructor(
    readonly label: string,
    value: unknown,
  ) {
    if (!isObject(value)) throw new FormatError(label, 'an object', kindOf(value));
    this.object = value;
  }

  /** The kind of part. @throws {@link FormatError} when it is not given. */
  get type(): string {
    return this.string('type');
  }

  /** The label of a setting in error messages. */
  labelOf(key: string): string {
    return `${this.label}: ${key}`;
  }

  /** The value as it is; undefined when there is none. */
  raw(key: string): unknown {
    this.#seen.add(key);
    return Object.hasOwn(this.object, key) ? this.object[key] : undefined;
  }

  /** @throws {@link FormatError} when it is not a string. */
  string(key: string): string {
    return this.#checked<string>(key, undefined, 'a string', isText);
  }

  /** A string, or null when it is null or absent. @throws {@link FormatError} when it is something else. */
  optionalString(key: string): string | null {
    return this.raw(key) == null ? null : this.string(key);
  }

  /** @throws {@link FormatError} when it is not one character. */
  character(key: string): string {
    return this.#checked<string>(key, undefined, 'one character', (value) => isText(value) && [...value].length === 1);
  }

  /** The fallback applies to an absent value, not to null. @throws {@link FormatError} when it is not a boolean. */
  boolean(key: string, fallback?: boolean): boolean {
    return this.#checked(key, fallback, 'true or false', (value) => typeof value === 'boolean');
  }

  /** A boolean, or false when it is null or absent. @throws {@link FormatError} when it is something else. */
  optionalBoolean(key: string): boolean {
    return this.raw(key) == null ? false : this.boolean(key);
  }

  /** @throws {@link FormatError} when it is not an integer of at least 0. */
  natural(key: string, fallback?: number): number {
    return this.#checked(key, fallback, 'an integer of at least 0', isNatural);
  }

  /** @throws {@link FormatError} when it is not one of the choices. */
  choice<T extends string>(key: string, choices: readonly T[], fallback?: T): T {
    return this.#checked(key, fallback, choices.join(' or '), (value) => choices.includes(value as T));
  }

  /** The parts in a list. @throws {@link FormatError} when it is not a list of objects. */
  parts(key: string): Part[] {
    const list = this.#checked<unknown[]>(key, undefined, 'a list', Array.isArray);
    return list.map((value, i) => new Part(`${this.labelOf(key)}[${i}]`, value));
  }

  /** @throws {@link UnsupportedError} for a setting that was not read, unless it is null or false. */
  refuseUnknown(): this {
    for (const [key, value] of Object.entries(this.object)) {
      if (this.#seen.has(key) || value === null || value === false) continue;
      throw new UnsupportedError(this.labelOf(key), 'a known setting', `an unknown one (${kindOf(value)})`);
    }
    return this;
  }

  #checked<T>(key: string, fallback: T | undefined, expected: string, fits: (value: unknown) => boolean): T {
    const value = this.raw(key);
    if (value === undefined && fallback !== undefined) return fallback;
    if (value === undefined || !fits(value)) throw new FormatError(this.labelOf(key), expected, kindOf(value));
    return value as T;
  }
}

/** Whether a value is a string. */
export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Whether a value is an integer of at least 0. */
export function isNatural(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
