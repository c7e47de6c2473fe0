import { type Stored, widen } from '../../numerics/stored.ts';
import { matrixShape, type Tensor, zeros } from '../../numerics/tensor.ts';
import { checkToken } from '../../numerics/token.ts';

/**
 * Rows of an embedding table, widened to float64.
 * @shape table: [V, D]; tokens: N ids; result: [N, D]
 * @throws {@link TokenError} when an id is not in [0, V).
 */
export function embed(table: Stored, tokens: readonly number[]): Tensor {
  const [vocabulary, width] = matrixShape('embedding table', table);
  const result = zeros('embedding', [tokens.length, width]);
  tokens.forEach((token, row) => {
    checkToken(`token ${row}`, token, vocabulary);
    widen(table, token * width, width, result.data.subarray(row * width, (row + 1) * width));
  });
  return result;
}
