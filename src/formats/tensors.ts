/**
 * Strict access to the tensors of files: what `Fields` is for the keys of a JSON object. Each tensor is asked for with
 * the shape that it must have, and a tensor that nobody asked for is refused by name.
 * @packageDocumentation
 */
import { type FormatError, type MismatchError, UnsupportedError } from '../errors.ts';
import type { Stored } from '../numerics/stored.ts';
import { isFloatFormat } from './safetensors/dtypes.ts';
import type { TensorEntry } from './safetensors/header.ts';

/** A file of tensors, or several files that count as one. */
export interface TensorSource {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** `file: tensor`, for error messages. */
  labelOf(name: string): string;
  /** Reads the numbers of a tensor. */
  read(name: string): Stored;
}

/** How to report a wrong tensor: the file is broken, or it does not fit the model it is meant for. */
export interface Complaint {
  readonly error: typeof FormatError | typeof MismatchError;
  /** Why the tensor must be so, such as `, to fit the base`; or an empty string. */
  readonly because: string;
}

/** What a source of one kind requires. */
export interface TensorRules {
  /** A missing tensor. */
  readonly missing: Complaint;
  /** A tensor of another shape. */
  readonly misfit: Complaint;
  /** The name in the file, where it may differ from the requested one. */
  readonly nameIn?: (name: string, source: TensorSource) => string;
}

/** The tensors of a source, each read once: whole, or only its header. */
export class Tensors<W> {
  readonly #source: TensorSource;
  readonly #rules: TensorRules;
  readonly #take: (name: string) => W;
  readonly #seen = new Set<string>();

  /** @param take what to make of a correct tensor; see {@link wholeTensors} and {@link tensorHeaders}. */
  constructor(source: TensorSource, rules: TensorRules, take: (name: string) => W) {
    this.#source = source;
    this.#rules = rules;
    this.#take = take;
  }

  has(name: string): boolean {
    return this.#source.tensors.has(this.#nameIn(name));
  }

  /** What error messages call a tensor. */
  labelOf(name: string): string {
    return this.#source.labelOf(this.#nameIn(name));
  }

  /**
   * A tensor of floating-point numbers. Type and shape are checked before any of its bytes is read.
   * @throws {@link FormatError} or {@link MismatchError}, as the rules say, when it is missing or has another shape;
   * {@link UnsupportedError} when its type is not F64, F32, F16 or BF16.
   */
  read(name: string, shape: readonly number[]): W {
    const { missing, misfit } = this.#rules;
    const stored = this.#nameIn(name);
    const label = this.#source.labelOf(stored);
    const entry = this.#source.tensors.get(stored);
    const expected = `[${shape.join(', ')}]`;
    if (entry === undefined) throw new missing.error(label, `a tensor of shape ${expected}${missing.because}`, 'none');
    if (!isFloatFormat(entry.dtype)) throw new UnsupportedError(label, 'weights in F64, F32, F16 or BF16', entry.dtype);
    const actual = `[${entry.shape.join(', ')}]`;
    if (actual !== expected) throw new misfit.error(label, `shape ${expected}${misfit.because}`, actual);
    this.#seen.add(stored);
    return this.#take(stored);
  }

  /**
   * Refuses every tensor that was not read, unless it is known to be harmless.
   * @param refusal makes the error from the tensor's label and name.
   */
  refuseUnknown(refusal: (label: string, name: string) => Error, isHarmless = (_name: string) => false): void {
    for (const name of this.#source.tensors.keys()) {
      if (!this.#seen.has(name) && !isHarmless(name)) throw refusal(this.#source.labelOf(name), name);
    }
  }

  #nameIn(name: string): string {
    return this.#rules.nameIn?.(name, this.#source) ?? name;
  }
}

/** Tensors read with all their numbers. */
export function wholeTensors(source: TensorSource, rules: TensorRules): Tensors<Stored> {
  return new Tensors(source, rules, (name) => source.read(name));
}

/** Tensors of which only the header is read: for checks that take no time at any size. */
export function tensorHeaders(source: TensorSource, rules: TensorRules): Tensors<TensorEntry> {
  return new Tensors(source, rules, (name) => source.tensors.get(name)!);
}
