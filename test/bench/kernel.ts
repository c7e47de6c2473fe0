/** The linear kernel at 2048 x 2048, next to @tensorflow/tfjs-backend-cpu in the same process. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { printTable } from '../../src/cli/output.ts';
import type { FloatFormat, Stored } from '../../src/numerics/stored.ts';
import { stored } from '../../src/numerics/stored.ts';
import { tensor } from '../../src/numerics/tensor.ts';
import { linear, linearNaive } from '../../src/ops/float64/linear.ts';
import { numbersFrom } from '../support/random-model.ts';
import { timePair } from './timing.ts';

const SIZE = 2048;

export async function benchKernel(): Promise<void> {
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
    for (const [format, weight] of Object.entries(weights)) {
      const { a, b, ratio } = timePair(
        () => void linear(x, weight, null),
        () => tf.matMul(tfInput, tfWeights, false, true).dispose(),
        { runs: 9 },
      );
      const rate = (ms: number): string => (flops / ms / 1e6).toFixed(2);
      lines.push([`${rows}`, format, rate(a), rate(b), (1 / ratio).toFixed(1)]);
    }
    const naive = timePair(
      () => void linear(x, weights.F64, null),
      () => void linearNaive(x, weights.F64, null),
      { runs: 3, warmup: 1 },
    );
    lines.push([`${rows}`, 'F64, naive loop', (flops / naive.b / 1e6).toFixed(2), '', '']);
  }
  const head = ['rows', 'weights stored as', 'GFLOP/s (float64)', 'tfjs-cpu (float32)', 'ratio'];
  process.stdout.write(`\nLinear layer, ${SIZE} x ${SIZE}\n`);
  printTable(head, lines, [0, 2, 3, 4]);
}
