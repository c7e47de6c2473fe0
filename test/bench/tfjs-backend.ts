/**
 * TensorFlow.js on the CPU as a backend, for a figure beside ours. It has the operations of a Llama with LoRA and
 * heads.
 */
import { createRequire } from 'node:module';
import type * as TensorFlow from '@tensorflow/tfjs-core';
import { type Stored, widened } from '../../src/numerics/stored.ts';
import { tensor } from '../../src/numerics/tensor.ts';
import type { Backend } from '../../src/ops/backend.ts';
import type { AttentionShape, Ops, Rotation, RowStore, Visible } from '../../src/ops/ops.ts';

type Matrix = TensorFlow.Tensor2D;

/**
 * `require`, because importing a large CommonJS package makes Node grow a WebAssembly memory, which detaches a buffer;
 * from then on V8 checks every typed array access of the process for detached buffers, which takes a quarter off every
 * kernel.
 */
export function tensorFlow(): typeof TensorFlow {
  const require = createRequire(import.meta.url);
  const tf = require('@tensorflow/tfjs-core') as typeof TensorFlow;
  require('@tensorflow/tfjs-backend-cpu');
  return tf;
}

class TensorFlowStore implements RowStore<Matrix> {
  rows: Matrix;

  constructor(
    readonly tf: typeof TensorFlow,
    width: number,
  ) {
    this.rows = tf.keep(tf.zeros([0, width]));
  }

  get length(): number {
    return this.rows.shape[0];
  }

  append(rows: Matrix): void {
    this.#replace(this.tf.concat([this.rows, rows]));
  }

  keep(length: number, rows: readonly number[]): void {
    const kept = [...Array.from({ length }, (_, i) => i), ...rows];
    if (kept.length < this.length) this.#replace(this.tf.gather(this.rows, kept));
  }

  #replace(rows: Matrix): void {
    this.rows.dispose();
    this.rows = this.tf.keep(rows);
  }
}

/** TensorFlow.js, whose package has been set to its CPU backend. */
export function tensorFlowBackend(tf: typeof TensorFlow): Backend<Matrix, TensorFlow.Tensor> {
  const ops: Partial<Ops<Matrix, TensorFlow.Tensor>> = {
    embed: (table, tokens) => tf.gather(table as Matrix, [...tokens]),
    linear: (x, weight, bias) => {
      const y: Matrix = tf.matMul(x, weight as Matrix, false, true);
      return bias === null ? y : tf.add<Matrix>(y, bias);
    },
    rmsNorm: (x, gain, epsilon) => tf.mul(tf.mul(x, tf.rsqrt(tf.add(tf.mean(tf.square(x), 1, true), epsilon))), gain),
    rotate: (x, heads, rotation) => rotate(tf, x, heads, rotation),
    attention: (query, keys, values, visible, shape) => {
      const [k, v] = [keys as TensorFlowStore, values as TensorFlowStore];
      return tf.concat(visible.map((seen, row) => attention(tf, query, row, k.rows, v.rows, seen, shape)));
    },
    silu: (x) => tf.mul(x, tf.sigmoid(x)),
    add: (x, y) => tf.add(x, y),
    multiply: (x, y) => tf.mul(x, y),
    addScaled: (x, scale, y) => tf.add(x, tf.mul(y, scale)),
    pickRows: (x, rows) => tf.gather(x, [...rows]),
    stackRows: (parts) => tf.concat([...parts]),
    firstNonFinite: () => null,
    newStore: (width) => new TensorFlowStore(tf, width),
  };
  return {
    name: 'tfjs-cpu',
    ops: ops as Ops<Matrix, TensorFlow.Tensor>,
    upload: (weight: Stored) => tf.keep(tf.tensor(Float32Array.from(widened(weight)), [...weight.shape])),
    readBack: (x) => tensor('activation', Float64Array.from(x.dataSync()), x.shape),
    scope: (work) => {
      tf.engine().startScope();
      try {
        const result = work();
        for (const kept of result) tf.keep(kept);
        return result;
      } finally {
        tf.engine().endScope();
      }
    },
    free: (x) => (x instanceof TensorFlowStore ? x.rows : (x as Matrix)).dispose(),
  };
}

function rotate(tf: typeof TensorFlow, x: Matrix, heads: number, { cos, sin }: Rotation): Matrix {
  const [rows, width] = x.shape;
  const planes = width / heads / 2;
  const angles = (numbers: Float64Array): TensorFlow.Tensor => tf.tensor(Float32Array.from(numbers), [rows, 1, planes]);
  const [first, second] = tf.split(tf.reshape(x, [rows, heads, 2 * planes]), 2, 2) as [
    TensorFlow.Tensor,
    TensorFlow.Tensor,
  ];
  const [c, s] = [angles(cos), angles(sin)];
  const turned = [tf.sub(tf.mul(first, c), tf.mul(second, s)), tf.add(tf.mul(second, c), tf.mul(first, s))];
  return tf.reshape(tf.concat(turned, 2), [rows, width]);
}

function attention(
  tf: typeof TensorFlow,
  query: Matrix,
  row: number,
  keys: Matrix,
  values: Matrix,
  { from, to, branch }: Visible,
  { heads, keyValueHeads, headSize, scale = 1 / Math.sqrt(headSize) }: AttentionShape,
): Matrix {
  const slots = [...Array.from({ length: to - from }, (_, i) => from + i), ...branch];
  const seen = (all: Matrix): TensorFlow.Tensor3D =>
    tf.transpose(tf.reshape(tf.gather(all, slots), [slots.length, keyValueHeads, headSize]), [1, 0, 2]);
  const q = tf.reshape(tf.slice(query, [row, 0], [1, heads * headSize]), [
    keyValueHeads,
    heads / keyValueHeads,
    headSize,
  ]);
  const weights = tf.softmax(tf.mul(tf.matMul(q, seen(keys), false, true), scale));
  return tf.reshape(tf.matMul(weights, seen(values)), [1, heads * headSize]);
}
