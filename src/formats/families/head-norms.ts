/**
 * Norms of queries and keys, head by head.
 * @packageDocumentation
 */
import type { Attention } from '../../model/attention.ts';
import type { NormOptions } from '../../ops/ops.ts';
import { type Declared, declareRmsNorm } from '../checkpoint/declared.ts';

/** The attention with a norm of root mean square over each head of its queries (`q_norm`) and keys (`k_norm`). */
export function withHeadNorms(
  attention: Attention<Declared>,
  epsilon: number,
  options: NormOptions = {},
): Attention<Declared> {
  const { path, shape } = attention;
  const norm = (name: string, parts: number) =>
    declareRmsNorm(`${path}.${name}`, shape.headSize, epsilon, { ...options, parts });
  return { ...attention, queryNorm: norm('q_norm', shape.heads), keyNorm: norm('k_norm', shape.keyValueHeads) };
}
