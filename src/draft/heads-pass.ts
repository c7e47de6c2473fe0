import type { PassRequest, Rows } from '../model/pass-request.ts';
import type { Session } from '../model/session.ts';
import { rowOf } from '../numerics/tensor.ts';
import { type Awaitable, after, type Shaped, takeBack } from '../ops/backend.ts';
import { expectFiniteRows } from '../ops/finite.ts';
import { headLogits, type SpeculativeHeads } from './heads.ts';

/**
 * A pass of hidden states through speculative heads and the LM head that they share, as one batch with one read-back.
 * Head i at state n of N is row `i * N + n`.
 */
export class HeadsPass<T extends Shaped = Shaped, W extends Shaped = Shaped> implements PassRequest {
  constructor(
    /** The text, whose model and adapter make up the LM head. */
    readonly target: Session<T, W>,
    readonly heads: SpeculativeHeads<W>,
    /** @shape [N, D] */
    readonly hidden: T,
  ) {}

  /** Makes the pass. @throws as {@link headLogits} does. */
  run(): Awaitable<Rows> {
    const { target, heads, hidden } = this;
    const { backend } = target;
    const [logits] = backend.scope(() => [headLogits(backend.ops, heads, hidden, (states) => target.project(states))]);
    return after(takeBack(backend, logits!), (numbers) => {
      expectFiniteRows('logits of the heads', numbers);
      return { logits: (row) => rowOf('head logits', numbers, row) };
    });
  }
}
