/**
 * Speculative heads: small networks that read the last hidden state and guess the tokens after the next one.
 * @packageDocumentation
 */
import type { Ops } from '../ops/ops.ts';

/** One head: residual layers, then the shared LM head or one of its own. */
export interface SpeculativeHead<W> {
  /** `x := x + SiLU(W x + b)`, in order. @shape weight: [D, D]; bias: [D] */
  readonly layers: readonly { readonly weight: W; readonly bias: W }[];
  /** The head's own output embedding [V, D]; null shares the model's LM head, which is what makes a head "turbo". */
  readonly output: W | null;
}

/** Heads of one adapter. Head i (from 0) at position t guesses the token at position t + 2 + i. */
export type SpeculativeHeads<W> = readonly SpeculativeHead<W>[];

/**
 * Logits of every head for one position: `h = x + SiLU(W x + b)` per layer, then `LMHead(h)`.
 *
 * All heads that share the LM head go through it as one batch, as drafted rows do in an engine; `sharedHead` is the
 * model's LM head with the request's adapter, because a LoRA on the LM head applies to draft rows too.
 * @shape hidden: [1, D], the state after the final norm; result: one [1, V] per head
 * @source Cai et al. 2024, arXiv 2401.10774, section 2.1; LoRAX `server/lorax_server/adapters/medusa.py`
 */
export function headLogits<T, W>(
  ops: Ops<T, W>,
  heads: SpeculativeHeads<W>,
  hidden: T,
  sharedHead: (states: T) => T,
): T[] {
  const states = heads.map(({ layers }) => layers.reduce((state, layer) => residual(ops, state, layer), hidden));
  const shared = heads.flatMap(({ output }, i) => (output === null ? [states[i]!] : []));
  const logits = shared.length > 0 ? sharedHead(ops.stackRows(shared)) : null;
  let row = 0;
  return heads.map(({ output }, i) =>
    output === null ? ops.pickRows(logits!, [row++]) : ops.linear(states[i]!, output, null),
  );
}

function residual<T, W>(ops: Ops<T, W>, state: T, layer: { weight: W; bias: W }): T {
  return ops.add(state, ops.silu(ops.linear(state, layer.weight, layer.bias)));
}
