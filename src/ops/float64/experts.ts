import { ShapeError } from '../../errors.ts';
import { exp } from '../../numerics/elementary.ts';
import { expectShape, rowsOf, type Tensor, zeros } from '../../numerics/tensor.ts';
import type { ExpertResult, ExpertShare } from '../ops.ts';

/**
 * The experts of each row: the `count` with the largest logits, and of equal logits the lower index. Their weights are
 * the softmax over all experts. If `normalised`, these are divided by their sum over the chosen experts.
 * @shape logits: [N, experts]; result: one share per expert, its rows ascending
 * @throws {@link ShapeError} when there are not as many experts.
 * @source Shazeer et al. 2017, arXiv 1701.06538, section 2.1; Jiang et al. 2024, arXiv 2401.04088, section 2.1;
 * transformers `models/mixtral/modeling_mixtral.py`
 */
export function chooseExperts(logits: Tensor, count: number, normalised: boolean): ExpertShare[] {
  const { data, start, rows, width } = rowsOf('expert logits', logits);
  if (!Number.isInteger(count) || count < 1 || count > width) {
    throw new ShapeError('experts per token', `an integer in [1, ${width}]`, `${count}`);
  }
  const shares = Array.from({ length: width }, () => ({ rows: [] as number[], weights: [] as number[] }));
  for (let row = 0; row < rows; row++) {
    const at = start + row * width;
    const chances = softmax(data.subarray(at, at + width));
    const ranked = [...chances.keys()].sort((i, j) => data[at + j]! - data[at + i]! || i - j).slice(0, count);
    let total = 0;
    for (const expert of ranked) total += chances[expert]!;
    for (const expert of ranked) {
      shares[expert]!.rows.push(row);
      shares[expert]!.weights.push(normalised ? chances[expert]! / total : chances[expert]!);
    }
  }
  return shares.map((share) => ({ rows: share.rows, weights: Float64Array.from(share.weights) }));
}

function softmax(logits: Float64Array): Float64Array {
  let largest = Number.NEGATIVE_INFINITY;
  for (const logit of logits) if (logit > largest) largest = logit;
  const powers = logits.map((logit) => exp(logit - largest));
  let total = 0;
  for (const power of powers) total += power;
  return powers.map((power) => power / total);
}

/**
 * The experts' results together: row r is `0 + w_1 x_1[r] + w_2 x_2[r] + …` over the experts that worked on it, in
 * their order.
 * @shape x of a result: [its rows, width]; result: [rows, width]
 * @throws {@link ShapeError} when a result has another shape, or a row is not there.
 */
export function mixRows(rows: number, width: number, results: readonly ExpertResult<Tensor>[]): Tensor {
  const y = zeros('experts', [rows, width]);
  for (const result of results) {
    expectShape('expert result', result.x, [result.rows.length, width]);
    const { data, start } = rowsOf('expert result', result.x);
    result.rows.forEach((row, i) => {
      if (!(row >= 0 && row < rows)) throw new ShapeError('expert row', `below ${rows}`, `${row}`);
      for (let c = 0; c < width; c++) y.data[row * width + c]! += result.weights[i]! * data[start + i * width + c]!;
    });
  }
  return y;
}
