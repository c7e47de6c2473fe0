/**
 * Speculative heads: small networks that read the last hidden state and guess the tokens after the next one.
 * @packageDocumentation
 */
import { NonFiniteError } from '../errors.ts';
import { expectShape, matrixShape } from '../numerics/tensor.ts';
import type { Shaped } from '../ops/backend.ts';
import type { Ops } from '../ops/ops.ts';

/** One head: residual layers, then the model's LM head, which heads share, or the head's own. */
export interface SpeculativeHead<W> {
  /** `x := x + SiLU(W x + b)`, in order. @shape weight: [D, D]; bias: [D] */
  readonly layers: readonly { readonly weight: W; readonly bias: W }[];
  /** The head's own output embedding [V, D]; null shares the model's LM head, which is what makes a head "turbo". */
  readonly output: W | null;
}

/** Heads of one adapter. Head i (from 0) at position t guesses the token at position t + 2 + i. */
export type SpeculativeHeads<W> = readonly SpeculativeHead<W>[];

/** The same heads over other weights. */
export function mapHeads<V, W>(heads: SpeculativeHeads<V>, to: (weight: V) => W): SpeculativeHeads<W> {
  return heads.map(({ layers, output }) => ({
    layers: layers.map(({ weight, bias }) => ({ weight: to(weight), bias: to(bias) })),
    output: output === null ? null : to(output),
  }));
}

/**
 * Logits of every head at N positions: `h = x + SiLU(W x + b)` per layer, then `LMHead(h)`.
 *
 * All heads that share the LM head go through it as one batch, as drafted rows do in an engine. `sharedHead` is the
 * model's LM head with the request's adapter, because a LoRA on the LM head applies to drafted rows, too.
 * @shape hidden: [N, D], states after the final norm; result: [K * N, V], head i at position n in row `i * N + n`
 * @throws {@link ShapeError} when there are no heads, one does not fit the states, or `sharedHead` does not return a
 * row per state; {@link NonFiniteError} when a logit overflows or is NaN.
 * @source Cai et al. 2024, arXiv 2401.10774, section 2.1; LoRAX `server/lorax_server/adapters/medusa.py`
 */
export function headLogits<T extends Shaped, W extends Shaped>(
  ops: Ops<T, W>,
  heads: SpeculativeHeads<W>,
  hidden: T,
  sharedHead: (states: T) => T,
): T {
  const [rows, width] = matrixShape('hidden states', hidden);
  heads.forEach((head, i) => {
    checkHead(`head ${i}`, head, width);
  });
  const states = heads.map(({ layers }) => layers.reduce((state, layer) => residual(ops, state, layer), hidden));
  const sharing = states.filter((_, i) => heads[i]!.output === null);
  const shared = sharing.length > 0 ? sharedHead(ops.stackRows(sharing)) : null;
  if (shared !== null) expectShape('logits of the shared LM head', shared, [sharing.length * rows, -1]);
  const logits = shared !== null && sharing.length === heads.length ? shared : inOrder(ops, heads, states, shared);
  const found = ops.firstNonFinite(logits);
  if (found !== null) {
    const label = `logits of head ${Math.floor(found.row / rows)}, row ${found.row % rows}`;
    throw new NonFiniteError(label, 'finite numbers', `${found.value}`);
  }
  return logits;
}

/** Logits of heads, some with their own output embedding and the others sharing the model's. */
function inOrder<T extends Shaped, W extends Shaped>(
  ops: Ops<T, W>,
  heads: SpeculativeHeads<W>,
  states: readonly T[],
  shared: T | null,
): T {
  let from = 0;
  return ops.stackRows(
    heads.map(({ output }, i) => {
      const state = states[i]!;
      if (output !== null) return ops.linear(state, output, null);
      const rows = Array.from({ length: state.shape[0]! }, (_, row) => from + row);
      from += rows.length;
      return ops.pickRows(shared!, rows);
    }),
  );
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
