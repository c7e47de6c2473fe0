import { FormatError, UnsupportedError } from '../../errors.ts';

/** The text of a regular expression and how far it has been read. */
export class PatternText {
  at = 0;
  ignoreCase = false;
  readonly groupNames = new Set<string>();

  constructor(
    readonly label: string,
    readonly text: string,
  ) {}

  /** The next character; undefined at the end. */
  get next(): string | undefined {
    return this.text[this.at];
  }

  /** What follows, up to `length` characters of it. */
  rest(length = 64): string {
    return this.text.slice(this.at, this.at + length);
  }

  /** Moves past `expected` if it comes next. */
  take(expected: string): boolean {
    if (!this.text.startsWith(expected, this.at)) return false;
    this.at += expected.length;
    return true;
  }

  /** The error for a pattern that Python would refuse too. */
  invalid(got: string): FormatError {
    return new FormatError(this.label, 'a Python regular expression', `${got} at ${this.at} in ${this.text}`);
  }

  /** The error for a construct that is not implemented. */
  unsupported(got: string): UnsupportedError {
    return new UnsupportedError(this.label, 'an implemented regular expression', `${got} in ${this.text}`);
  }
}
