/**
 * A model at work on one text: its weights, the request's adapter and the cache.
 * @packageDocumentation
 */
import type { Adapter } from '../adapters/lora.ts';
import { MismatchError } from '../errors.ts';
import type { Stored } from '../numerics/stored.ts';
import type { Tensor } from '../numerics/tensor.ts';
import { rowOf } from '../numerics/tensor.ts';
import { float64Ops } from '../ops/float64/index.ts';
import { KeyValueCache } from './cache.ts';
import { forward, languageModelHead } from './forward.ts';
import type { Transformer } from './weights.ts';

/** What one forward pass returned, for the rows that were asked for. */
export interface ForwardRows {
  /** States after the final norm. @shape [rows, D] */
  readonly hidden: Tensor;
  /** Logits of the token after row i. @shape [V] */
  logits(row: number): Float64Array;
}

/** New tokens that a text wants to have read. */
export interface Read {
  readonly session: Session;
  readonly tokens: readonly number[];
  /** The tree that the tokens form, see {@link Segment}; default: a chain. */
  readonly parents?: readonly number[];
  /** The first row that is wanted; default 0. */
  readonly firstRow?: number;
}

/** One text being read and written by a model. Counts its forward passes. */
export class Session {
  readonly cache: KeyValueCache<Tensor>;
  /** Forward passes so far. */
  forwards = 0;

  constructor(
    readonly model: Transformer<Stored>,
    readonly adapter: Adapter<Stored> | null,
  ) {
    this.cache = new KeyValueCache(float64Ops, model);
  }

  /**
   * Reads new tokens (a tree, see {@link Segment}) and returns the rows from `firstRow` on. When it throws, the cache is as before.
   * @throws as {@link forward} does.
   */
  read(tokens: readonly number[], options: { parents?: readonly number[]; firstRow?: number } = {}): ForwardRows {
    return readTogether([{ ...options, session: this, tokens }])[0]!;
  }

  /**
   * The LM head with this text's adapter.
   * @shape states: [N, D]; result: [N, V]
   * @throws as {@link languageModelHead} does.
   */
  project(states: Tensor): Tensor {
    return languageModelHead(float64Ops, this.model, states, [{ rows: states.shape[0]!, adapter: this.adapter }]);
  }
}

/**
 * Reads new tokens of several texts of one model in one pass, each text with its own adapter. A text's rows have the same bits as in a separate pass. When it throws, all caches are unchanged.
 * @throws {@link MismatchError} when the texts are not of one model, else as {@link forward} and {@link languageModelHead} do.
 */
export function readTogether(reads: readonly Read[]): ForwardRows[] {
  const { model } = reads[0]!.session;
  if (reads.some(({ session }) => session.model !== model)) {
    throw new MismatchError('texts of one pass', 'one model', 'several');
  }
  const starts = reads.map(({ session }) => session.cache.length);
  const segments = reads.map(({ session: { cache, adapter }, tokens, parents }) => {
    return { cache, tokens, adapter, ...(parents && { parents }) };
  });
  const all = forward(float64Ops, model, segments);
  for (const { session } of reads) session.forwards += 1;
  try {
    return rowsOfEach(reads, all);
  } catch (error) {
    for (const [i, { session }] of reads.entries()) session.cache.keep(starts[i]!);
    throw error;
  }
}

/** @shape all: [N, D], the rows of all texts in order */
function rowsOfEach(reads: readonly Read[], all: Tensor): ForwardRows[] {
  let from = 0;
  const wanted = reads.map(({ tokens: { length }, firstRow = 0 }) => {
    const rows = Array.from({ length: length - firstRow }, (_, i) => from + firstRow + i);
    from += length;
    return rows;
  });
  const lanes = reads.map(({ session: { adapter } }, i) => ({ rows: wanted[i]!.length, adapter }));
  const states = float64Ops.pickRows(all, wanted.flat());
  const logits = languageModelHead(float64Ops, reads[0]!.session.model, states, lanes);
  let first = 0;
  return wanted.map((rows) => {
    const [before, hidden] = [first, reads.length === 1 ? states : float64Ops.pickRows(all, rows)];
    first += rows.length;
    return { hidden, logits: (row) => rowOf('logits', logits, before + row) };
  });
}
