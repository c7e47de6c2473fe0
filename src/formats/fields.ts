/**
 * Typed access to the keys of a JSON object that remembers which keys were asked for, so that nothing unknown is
 * ignored: a key that is left over and not switched off is refused by name.
 * @packageDocumentation
 */
import { FormatError, UnsupportedError } from '../errors.ts';
import { isObject, type JsonObject, kindOf } from './json.ts';

/** Limits on a number: at least `least`, or above `above`; at most `most`. */
export interface Bounds {
  readonly least?: number;
  readonly above?: number;
  readonly most?: number;
}

/** Keys of one object in a configuration file. A key that is absent or null yields the fallback. */
export class Fields {
  readonly #seen = new Set<string>();

  /** @param noun what the keys are called in error messages, such as `PEFT option `. */
  constructor(
    readonly label: string,
    readonly object: JsonObject,
    readonly noun = '',
  ) {}

  /** What error messages call a key. */
  labelOf(key: string): string {
    return `${this.label}: ${this.noun}${key}`;
  }

  /** Whether the key is present, even if null. */
  has(key: string): boolean {
    return Object.hasOwn(this.object, key);
  }

  /** The value as it is; undefined when the key is absent. Marks the key as known. */
  raw(key: string): unknown {
    this.#seen.add(key);
    return this.has(key) ? this.object[key] : undefined;
  }

  /** Marks keys as known and harmless. */
  ignore(keys: Iterable<string>): void {
    for (const key of keys) this.#seen.add(key);
  }

  /**
   * A finite number. @throws {@link FormatError} when it is something else or out of range, or absent without a
   * fallback.
   */
  number(key: string, fallback?: number, bounds: Bounds = {}): number {
    return this.#checked(key, fallback, `a number${wordsOf(bounds)}`, (value) => isNumber(value, bounds));
  }

  /** An integer. @throws {@link FormatError} as {@link Fields.number} does. */
  integer(key: string, fallback?: number, bounds: Bounds = {}): number {
    const fits = (value: unknown) => Number.isSafeInteger(value) && isNumber(value, bounds);
    return this.#checked(key, fallback, `an integer${wordsOf(bounds)}`, fits);
  }

  /** @throws {@link FormatError} when it is not a boolean. */
  boolean(key: string, fallback?: boolean): boolean {
    return this.#checked(key, fallback, 'true or false', (value) => typeof value === 'boolean');
  }

  /** @throws {@link FormatError} when it is not a string. */
  string(key: string, fallback?: string): string {
    return this.#checked(key, fallback, 'a string', (value) => typeof value === 'string');
  }

  /**
   * The object under a key, or null when it is absent or null. @throws {@link FormatError} when it is not an object.
   */
  section(key: string): Fields | null {
    const value = this.raw(key);
    if (value === undefined || value === null) return null;
    if (!isObject(value)) throw new FormatError(this.labelOf(key), 'an object', kindOf(value));
    return new Fields(this.labelOf(key), value);
  }

  /**
   * Accepts a key only when it is absent, null or one of the implemented values.
   * @throws {@link UnsupportedError} for every other value.
   */
  only(key: string, ...implemented: readonly unknown[]): void {
    const value = this.raw(key);
    if (value === undefined || value === null) return;
    const text = JSON.stringify(value);
    if (implemented.some((one) => JSON.stringify(one) === text)) return;
    const expected = implemented.length === 0 ? 'null' : implemented.map((one) => JSON.stringify(one)).join(' or ');
    const shown = text.length > 80 ? kindOf(value) : text;
    throw new UnsupportedError(this.labelOf(key), `${expected} (nothing else is implemented)`, shown);
  }

  /**
   * Refuses all keys that were not read. Null and false are accepted: an option that is off changes nothing, and new
   * versions of the libraries that write these files keep adding such options. A key for which null or false does not
   * mean off must be read.
   * @throws {@link UnsupportedError} for the first key that has a value and was neither read nor marked as harmless.
   */
  refuseUnknown(): void {
    for (const key of Object.keys(this.object)) {
      if (this.#seen.has(key) || this.object[key] === null || this.object[key] === false) continue;
      throw new UnsupportedError(this.labelOf(key), 'a known key', `an unknown one (${kindOf(this.object[key])})`);
    }
  }

  #checked<T>(key: string, fallback: T | undefined, expected: string, fits: (value: unknown) => boolean): T {
    const value = this.raw(key);
    if (value === undefined || value === null) {
      if (fallback !== undefined) return fallback;
      throw new FormatError(this.labelOf(key), expected, value === null ? 'null' : 'nothing');
    }
    if (!fits(value)) throw new FormatError(this.labelOf(key), expected, kindOf(value));
    return value as T;
  }
}

function isNumber(value: unknown, { least, above, most }: Bounds): boolean {
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  if (least !== undefined && value < least) return false;
  if (above !== undefined && value <= above) return false;
  return most === undefined || value <= most;
}

function wordsOf({ least, above, most }: Bounds): string {
  const words = [];
  if (least !== undefined) words.push(`of at least ${least}`);
  if (above !== undefined) words.push(`above ${above}`);
  if (most !== undefined) words.push(`of at most ${most}`);
  return words.length === 0 ? '' : ` ${words.join(' and ')}`;
}
