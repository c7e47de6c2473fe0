import { FormatError, UnsupportedError } from '../errors.ts';

/** The text of a regular expression and how far it has been read. */
export class PatternSource {
  at = 0;
  ignoreCase = false;
  readonly groupNames = new Set<string>();

  constructor(
    readonly label: string,
    readonly text: string,
    readonly dialect: string,
  ) {}

  /** The next character; undefined at the end. */
  get next(): string | undefined {
    const code = this.text.codePointAt(this.at);
    return code === undefined ? undefined : String.fromCodePoint(code);
  }

  /** Moves past the next character and returns it; undefined at the end. */
  read(): string | undefined {
    const character = this.next;
    this.at += character?.length ?? 0;
    return character;
  }

  /** The next `length` code units at most. */
  rest(length = 64): string {
    return this.text.slice(this.at, this.at + length);
  }

  /** Moves past `expected` if it comes next. */
  take(expected: string): boolean {
    if (!this.text.startsWith(expected, this.at)) return false;
    this.at += expected.length;
    return true;
  }

  /** The error for a pattern that the dialect's own engine would refuse too. */
  invalid(got: string): FormatError {
    return new FormatError(this.label, `a ${this.dialect} regular expression`, `${got} at ${this.at} in ${this.text}`);
  }

  /** The error for a construct that is not implemented. */
  unsupported(got: string): UnsupportedError {
    return new UnsupportedError(this.label, 'an implemented regular expression', `${got} in ${this.text}`);
  }
}
