/**
 * A model at work on one text: its weights, the request's adapter and the cache.
 * @packageDocumentation
 */
import type { Adapter } from '../adapters/lora.ts';
import { MismatchError, ShapeError } from '../errors.ts';
import { rowOf } from '../numerics/tensor.ts';
import { type Awaitable, after, atOnce, type Backend, isPromise, type Shaped, takeBack } from '../ops/backend.ts';
import { expectFiniteRows } from '../ops/finite.ts';
import type { Ops } from '../ops/ops.ts';
import { KeyValueCache } from './cache.ts';
import { forward, languageModelHead } from './forward.ts';
import type { PassRequest, Rows } from './pass-request.ts';
import type { Transformer } from './weights.ts';

/** What a pass through the model returned, for the rows that were asked for. */
export interface ForwardRows<T extends Shaped = Shaped> extends Rows {
  /** States after the final norm, on the backend; valid until the text's next pass. @shape [rows, D] */
  readonly hidden: T;
}

/** How new tokens are read. */
export interface ReadOptions {
  /** The tree that the tokens form, see {@link Segment}; default: a chain. */
  readonly parents?: readonly number[];
  /** The first row that is wanted; default 0. */
  readonly firstRow?: number;
}

/** A request to read new tokens of one text. */
export class Read<T extends Shaped = Shaped, W extends Shaped = Shaped> implements PassRequest {
  readonly parents: readonly number[] | undefined;
  readonly firstRow: number;

  constructor(
    readonly session: Session<T, W>,
    readonly tokens: readonly number[],
    { parents, firstRow = 0 }: ReadOptions = {},
  ) {
    this.parents = parents;
    this.firstRow = firstRow;
  }

  /** Makes the pass, for this text alone. @throws as {@link readTogether} does. */
  run(): Awaitable<Rows> {
    return this.session.answer(this);
  }
}

/** One text that a model reads and writes on a backend. It counts its forward passes. */
export class Session<T extends Shaped = Shaped, W extends Shaped = Shaped> {
  /** Forward passes so far. */
  forwards = 0;
  #cache: KeyValueCache<T> | null = null;
  /** Hidden states of the latest pass, and the rows that were picked from them. */
  readonly #held: T[] = [];
  #closed = false;

  constructor(
    readonly backend: Backend<T, W>,
    readonly model: Transformer<W>,
    readonly adapter: Adapter<W> | null,
  ) {}

  /** Keys and values of the text so far. There is nothing on the backend before something asks for them. */
  get cache(): KeyValueCache<T> {
    this.#cache ??= new KeyValueCache(this.backend.ops, this.model);
    return this.#cache;
  }

  /**
   * Reads new tokens (a tree, see {@link Segment}) and returns the rows from `firstRow` on. When it throws, the cache
   * is as before.
   * @throws as {@link forward} does; {@link ConflictError} when the backend has to be awaited.
   */
  read(tokens: readonly number[], options: ReadOptions = {}): ForwardRows<T> {
    return atOnce(this.answer(new Read(this, tokens, options)));
  }

  /** The rows of one read. @throws as {@link readTogether} does. */
  answer(read: Read<T, W>): Awaitable<ForwardRows<T>> {
    return after(readTogether([read]), ([rows]) => rows!);
  }

  /**
   * The LM head with this text's adapter.
   * @shape states: [N, D]; result: [N, V]
   * @throws as {@link languageModelHead} does.
   */
  project(states: T): T {
    return languageModelHead(this.backend.ops, this.model, states, [{ rows: states.shape[0]!, adapter: this.adapter }]);
  }

  /**
   * A row of the hidden states of the latest pass, counted from its `firstRow`; valid until the next pass.
   * @shape result: [1, D]
   * @throws {@link ShapeError} when the text has not been read, or there is no such row.
   */
  hiddenAt(row: number): T {
    const { backend } = this;
    const states = this.#held[0];
    if (states === undefined) throw new ShapeError('hidden states', 'those of a pass', 'none yet');
    const [state] = backend.scope(() => [backend.ops.pickRows(states, [row])]);
    this.#held.push(state!);
    return state!;
  }

  /**
   * Keeps the hidden states of the latest pass on the backend, and frees those of the pass before it.
   * @internal
   */
  hold(states: T): void {
    this.#free();
    this.#held.push(states);
  }

  /** Frees the memory of the text on the backend. The text cannot be read after it. A second call does nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#free();
    if (this.#cache === null) return;
    for (const store of [...this.#cache.keys, ...this.#cache.values]) this.backend.free(store);
  }

  #free(): void {
    for (const states of this.#held) this.backend.free(states);
    this.#held.length = 0;
  }
}

/**
 * Reads new tokens of several texts of one model in one pass. Each text has its own adapter. One read-back brings the
 * logits of all texts to the host. A text's rows have the same bits as in a separate pass. When it throws, all caches
 * are unchanged.
 * @throws {@link MismatchError} when the texts are not of one model, else as {@link forward} and
 * {@link languageModelHead} do.
 */
export function readTogether<T extends Shaped, W extends Shaped>(
  reads: readonly Read<T, W>[],
): Awaitable<ForwardRows<T>[]> {
  const { backend, model } = reads[0]!.session;
  if (reads.some(({ session }) => session.model !== model || session.backend !== backend)) {
    throw new MismatchError('texts of one pass', 'one model', 'several');
  }
  const starts = reads.map(({ session }) => session.cache.length);
  const rollBack = (error: unknown): never => {
    for (const [i, { session }] of reads.entries()) session.cache.keep(starts[i]!);
    throw error;
  };
  try {
    const answer = rowsOfEach(reads, backend);
    return isPromise(answer) ? answer.then(undefined, rollBack) : answer;
  } catch (error) {
    return rollBack(error);
  }
}

function rowsOfEach<T extends Shaped, W extends Shaped>(
  reads: readonly Read<T, W>[],
  backend: Backend<T, W>,
): Awaitable<ForwardRows<T>[]> {
  const wanted = wantedOf(reads);
  const [logits, ...states] = backend.scope(() => issue(reads, wanted, backend.ops));
  for (const [i, { session }] of reads.entries()) session.hold(states[i]!);
  return after(takeBack(backend, logits!), (numbers) => {
    expectFiniteRows('logits', numbers);
    let first = 0;
    return wanted.map((rows, i) => {
      const before = first;
      first += rows.length;
      return { hidden: states[i]!, logits: (row) => rowOf('logits', numbers, before + row) };
    });
  });
}

/** For each text, the indices of the rows that it wants, among the rows of all texts in order. */
function wantedOf(reads: readonly Read[]): number[][] {
  let from = 0;
  return reads.map(({ tokens: { length }, firstRow }) => {
    const rows = Array.from({ length: length - firstRow }, (_, i) => from + firstRow + i);
    from += length;
    return rows;
  });
}

/**
 * Issues the operations of a pass: the logits of all wanted rows together, and the hidden states of each text's wanted
 * rows.
 */
function issue<T extends Shaped, W extends Shaped>(
  reads: readonly Read<T, W>[],
  wanted: readonly (readonly number[])[],
  ops: Ops<T, W>,
): readonly T[] {
  const { model } = reads[0]!.session;
  const segments = reads.map(({ session: { cache, adapter }, tokens, parents }) => {
    return { cache, tokens, adapter, ...(parents && { parents }) };
  });
  const all = forward(ops, model, segments);
  for (const { session } of reads) session.forwards += 1;
  const lanes = reads.map(({ session: { adapter } }, i) => ({ rows: wanted[i]!.length, adapter }));
  const states = ops.pickRows(all, wanted.flat());
  const logits = languageModelHead(ops, model, states, lanes);
  return [logits, ...(reads.length === 1 ? [states] : wanted.map((rows) => ops.pickRows(all, rows)))];
}
