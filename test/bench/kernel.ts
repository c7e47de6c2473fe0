/** The linear kernel at 2048 x 2048, next to @tensorflow/tfjs-backend-cpu in the same process. */
import { printTable } from '../../src/cli/table.ts';
import type { FloatFormat, Stored } from '../../src/numerics/stored.ts';
import { stored } from '../../src/numerics/stored.ts';
import { tensor } from '../../src/numerics/tensor.ts';
import { linear, linearNaive } from '../../src/ops/float64/linear.ts';
import { numbersFrom } from '../support/random-model.ts';
import { tensorFlow } from './tfjs-backend.ts';
import { time } from './timing.ts';

const SIZE = 2048;

export async function benchKernel(): Promise<void> {
  const tf = tensorFlow();
  await tf.setBackend('cpu');
  await tf.ready();
  const numbers = numbersFrom(1)(SIZE * SIZE, 1);
  const float32 = Float32Array.from(numbers);
  const weights: Record<FloatFormat, Stored> = {
    F64: stored('w', 'F64', numbers, [SIZE, SIZE]),
    F32: stored('w', 'F32', float32, [SIZE, SIZE]),
    F16: stored(
      'w',
      'F16',
      Uint16Array.from(numbers, (x) => Math.floor(Math.abs(x) * 15000)),
      [SIZE, SIZE],
    ),
    BF16: stored(
      'w',
      'BF16',
      new Uint16Array(float32.buffer).filter((_, i) => i % 2 === 1),
      [SIZE, SIZE],
    ),
  };
  const tfWeights = tf.tensor2d(float32, [SIZE, SIZE]);
  const lines: string[][] = [];
  for (const rows of [1, 4, 8]) {
    const input = numbersFrom(2)(rows * SIZE, 1);
    const x = tensor('x', input, [rows, SIZE]);
    const tfInput = tf.tensor2d(Float32Array.from(input), [rows, SIZE]);
    const flops = 2 * rows * SIZE * SIZE;
    const rate = (work: () => void, runs: number): number => flops / time(work, { runs }).median / 1e6;
    const theirs = rate(() => tf.matMul(tfInput, tfWeights, false, true).dispose(), 9);
    for (const [format, weight] of Object.entries(weights)) {
      const ours = rate(() => void linear(x, weight, null), 15);
      lines.push([`${rows}`, format, ours.toFixed(2), theirs.toFixed(2), (ours / theirs).toFixed(1)]);
    }
    const naive = rate(() => void linearNaive(x, weights.F64, null), 3);
    lines.push([`${rows}`, 'F64, naive loop', naive.toFixed(2), theirs.toFixed(2), (naive / theirs).toFixed(1)]);
  }
  const head = ['rows', 'weights stored as', 'GFLOP/s (float64)', 'tfjs-cpu (float32)', 'ratio'];
  process.stdout.write(`\nLinear layer, ${SIZE} x ${SIZE}\n`);
  printTable(head, lines, [0, 2, 3, 4]);
}
