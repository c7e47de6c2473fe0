/** Thrown by a command that ran as it should but whose result is not the expected one. */
export class UnexpectedResult extends Error {}
