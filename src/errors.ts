/**
 * Every error that this package throws on purpose. Each says three things: what was checked (`label`), what was
 * expected and what was found. Programs tell them apart by class, people by the message.
 * @packageDocumentation
 */
import { printable } from './quoted.ts';

/**
 * Base of all named errors: `label: expected …, got …`, each part {@link printable}.
 * @example
 * import assert from 'node:assert/strict';
 * import { TurboLoraError } from 'turbo-lora';
 * const error = new TurboLoraError('temperature', 'a number of at least 0', '-1');
 * assert.equal(error.message, 'temperature: expected a number of at least 0, got -1');
 */
export class TurboLoraError extends Error {
  readonly label: string;
  readonly expected: string;
  readonly got: string;

  constructor(label: string, expected: string, got: string, options?: ErrorOptions) {
    // Any of the three may quote a file.
    const parts = [label, expected, got].map((part) => printable(part)) as [string, string, string];
    super(`${parts[0]}: expected ${parts[1]}, got ${parts[2]}`, options);
    [this.label, this.expected, this.got] = parts;
    this.name = new.target.name;
  }
}

/** A tensor has the wrong shape, or an index lies outside its shape. */
export class ShapeError extends TurboLoraError {}
/** An option, argument or setting is outside its range. */
export class OptionError extends TurboLoraError {}
/** Two options exclude each other, or one needs another. */
export class ConflictError extends TurboLoraError {}
/** A file or folder is missing. */
export class MissingFileError extends TurboLoraError {}
/** Output cannot be written: no permission, no room, a closed stream. */
export class WriteError extends TurboLoraError {}
/** A file is there but its content breaks the format. */
export class FormatError extends TurboLoraError {}
/** A well-formed file asks for something that is not implemented: architecture, rope type, adapter option, dtype. */
export class UnsupportedError extends TurboLoraError {}
/** Adapter, heads or draft model do not fit the model they are meant for. */
export class MismatchError extends TurboLoraError {}
/** A number is NaN or infinite where only finite ones make sense: a weight, a state, a logit. */
export class NonFiniteError extends TurboLoraError {}
/** A token id is not in the vocabulary, or there are no tokens at all. */
export class TokenError extends TurboLoraError {}
/** The prompt does not leave room for one more token in the context. */
export class ContextLimitError extends TurboLoraError {}
/** A law is not a law: no mass, a negative or non-finite probability, the wrong length. */
export class LawError extends TurboLoraError {}
/** A file, a text or a problem asks for more time or memory than a stated bound allows. */
export class WorkLimitError extends TurboLoraError {}
/**
 * A backend is not available: its package is not installed, the machine lacks the mode, or another one ran than was
 * asked for.
 */
export class BackendError extends TurboLoraError {}
