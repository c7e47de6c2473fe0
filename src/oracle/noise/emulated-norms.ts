import { type Stored, widened } from '../../numerics/stored.ts';
import { rowsOf, type Tensor, zeros } from '../../numerics/tensor.ts';
import type { NormOptions } from '../../ops/ops.ts';
import type { EmulatedArithmetic } from './emulated-arithmetic.ts';

/** What a norm does. */
interface NormAsked {
  readonly gain: Stored | null;
  readonly bias: Stored | null;
  readonly epsilon: number;
  /** Whether the mean is subtracted first. */
  readonly centred: boolean;
  readonly options: NormOptions | undefined;
}

/** A norm of either kind, each step rounded. @shape x: [N, D]; result: [N, D] */
export function emulatedNorm(by: EmulatedArithmetic, x: Tensor, asked: NormAsked): Tensor {
  const { inner: r, store, sum, dot } = by;
  const { offset = 0, parts = 1 } = asked.options ?? {};
  const { data, start, rows, width } = rowsOf('norm input', x);
  const size = width / parts;
  const gains =
    asked.gain === null ? null : widened(asked.gain).map((gain) => (offset === 0 ? gain : r(offset + gain)));
  const biases = asked.bias === null ? null : widened(asked.bias);
  const y = zeros('norm', [rows, width]);
  for (let part = 0; part < rows * parts; part++) {
    const values = data.slice(start + part * size, start + (part + 1) * size);
    if (asked.centred) {
      const mean = r(sum(values, size) / size);
      for (let i = 0; i < size; i++) values[i] = r(values[i]! - mean);
    }
    const square = r(dot(values, 0, values, 0, 1, size) / size);
    const factor = r(1 / r(Math.sqrt(r(square + asked.epsilon))));
    for (let i = 0; i < size; i++) {
      const at = part * size + i;
      const normal = r(values[i]! * factor);
      const scaled = gains === null ? normal : r(gains[at % gains.length]! * normal);
      y.data[at] = store(biases === null ? scaled : scaled + biases[at % biases.length]!);
    }
  }
  return y;
}
