/**
 * Strict access to the tensors of files: what `Fields` is for the keys of a JSON object. Each tensor is asked for with
 * the shape that it must have, and whatever was not asked for in the end is refused by its name.
 * @packageDocumentation
 */
import { type FormatError, type MismatchError, UnsupportedError } from '../errors.ts';
import type { Stored } from '../numerics/stored.ts';
import { isFloatFormat } from './safetensors/dtypes.ts';
import type { TensorEntry } from './safetensors/header.ts';

/** A file of tensors, or several that count as one. */
export interface TensorSource {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** `file: tensor`, for error messages. */
  labelOf(name: string): string;
  /** Reads the numbers of a tensor. */
  read(name: string): Stored;
}

/** How to complain of a tensor: the file is broken, or it does not fit the model that it is to be used with. */
export interface Complaint {
  readonly error: typeof FormatError | typeof MismatchError;
  /** Why the tensor must be so, such as `, to fit the base`; or nothing. */
  readonly because: string;
}

/** What a source of one kind demands. */
export interface TensorRules {
  /** A tensor that is not there. */
  readonly missing: Complaint;
  /** A tensor of another shape. */
  readonly misfit: Complaint;
  /** The name in the file, where it may differ from the one that is asked for. */
  readonly nameIn?: (name: string, source: TensorSource) => string;
}

/** The tensors of a source, each read once: whole, or its header alone. */
export class Tensors<W> {
  readonly #source: TensorSource;
  readonly #rules: TensorRules;
  readonly #take: (name: string) => W;
  readonly #seen = new Set<string>();

  /** @param take what becomes of a tensor that is as it must be; see {@link wholeTensors} and {@link tensorHeaders}. */
  constructor(source: TensorSource, rules: TensorRules, take: (name: string) => W) {
    this.#source = source;
    this.#rules = rules;
    this.#take = take;
  }

  has(name: string): boolean {
    return this.#source.tensors.has(this.#nameIn(name));
  }

  /** How error messages name a tensor. */
  labelOf(name: string): string {
    return this.#source.labelOf(this.#nameIn(name));
  }

  /**
   * A tensor of floating-point numbers. Type and shape are checked before a byte of it is read.
   * @throws {@link FormatError} or {@link MismatchError}, as the rules say, when it is missing or has another shape;
   * {@link UnsupportedError} when it holds something else than F64, F32, F16 or BF16.
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
   * Refuses what is left, unless it is known to be harmless.
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

/** Tensors that are read with all their numbers. */
export function wholeTensors(source: TensorSource, rules: TensorRules): Tensors<Stored> {
  return new Tensors(source, rules, (name) => source.read(name));
}

/** Tensors of which only the header is looked at: for checks that take no time, whatever the size. */
export function tensorHeaders(source: TensorSource, rules: TensorRules): Tensors<TensorEntry> {
  return new Tensors(source, rules, (name) => source.tensors.get(name)!);
}
