/** Exit codes of unexpected results: 1, or the bits of `audit`. */
export type UnexpectedCode = 1 | 4 | 5 | 8 | 9 | 12 | 13;

/** Thrown by a command that ran as it should but whose result is not the expected one. */
export class UnexpectedResult extends Error {
  /** @param exitCode what the process exits with. */
  constructor(
    message?: string,
    readonly exitCode: UnexpectedCode = 1,
  ) {
    super(message);
  }
}
