/**
 * Speculative heads: small networks that read the last hidden state and guess the tokens after the next one.
 * @packageDocumentation
 */
import { expectShape } from '../numerics/tensor.ts';
import { expectFinite } from '../ops/finite.ts';
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

/** What activations and weights must tell of themselves for shapes to be checked. */
export interface Shaped {
  readonly shape: readonly number[];
}

/**
 * Logits of every head at N positions: `h = x + SiLU(W x + b)` per layer, then `LMHead(h)`.
 *
 * All heads that share the LM head go through it as one batch, as drafted rows do in an engine; `sharedHead` is the
 * model's LM head with the request's adapter, because a LoRA on the LM head applies to draft rows too.
 * @shape hidden: [N, D], states after the final norm; result: one [N, V] per head
 * @throws {@link ShapeError} when a head does not fit the states, or `sharedHead` does not return a row per state;
 * {@link NonFiniteError} when a logit overflows or is NaN.
 * @source Cai et al. 2024, arXiv 2401.10774, section 2.1; LoRAX `server/lorax_server/adapters/medusa.py`
 */
export function headLogits<T extends Shaped, W extends Shaped>(
  ops: Ops<T, W>,
  heads: SpeculativeHeads<W>,
  hidden: T,
  sharedHead: (states: T) => T,
): T[] {
  expectShape('hidden states', hidden, [-1, -1]);
  const [rows, width] = hidden.shape as [number, number];
  heads.forEach((head, i) => {
    checkHead(`head ${i}`, head, width);
  });
  const states = heads.map(({ layers }) => layers.reduce((state, layer) => residual(ops, state, layer), hidden));
  const shared = heads.flatMap(({ output }, i) => (output === null ? [states[i]!] : []));
  const logits = shared.length > 0 ? sharedHead(ops.stackRows(shared)) : null;
  if (logits !== null) expectShape('logits of the shared LM head', logits, [shared.length * rows, -1]);
  let from = 0;
  return heads.map(({ output }, i) => {
    const mine = Array.from({ length: rows }, (_, row) => from + row);
    if (output === null) from += rows;
    const own = output === null ? ops.pickRows(logits!, mine) : ops.linear(states[i]!, output, null);
    expectFinite(ops, `logits of head ${i}`, own);
    return own;
  });
}

function checkHead(label: string, { layers, output }: SpeculativeHead<Shaped>, width: number): void {
  for (const { weight, bias } of layers) {
    expectShape(`${label} weight`, weight, [width, width]);
    expectShape(`${label} bias`, bias, [width]);
  }
  if (output !== null) expectShape(`${label} output`, output, [-1, width]);
}

function residual<T, W>(ops: Ops<T, W>, state: T, layer: { weight: W; bias: W }): T {
  return ops.add(state, ops.silu(ops.linear(state, layer.weight, layer.bias)));
}
