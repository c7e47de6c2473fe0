/**
 * How far a whole pass in float32 can end from float64, to first order.
 *
 * Every operation is computed in float64, with the bound on what float32 adds to each of its results, and with its
 * adjoint. For a number f computed from the pass, `|f32 - f64| <= sum over all results y of |df / dy| * bound(y)`, up
 * to terms of the second order in the rounding unit: `2^-24` times smaller, times the curvature of the model. A bound
 * carried forward instead, number by number, takes every cancellation for the worst case and exceeds float32 after two
 * layers.
 * @source Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition, section 1.6 and 2.6 (running and
 * first-order analysis)
 */
import { type Stored, stored, widened } from '../../../src/numerics/stored.ts';
import { matrixShape, type Tensor, tensor, zeros } from '../../../src/numerics/tensor.ts';
import { float64Ops } from '../../../src/ops/float64/index.ts';
import type { AttentionShape, Ops, Rotation, RowStore, Visible } from '../../../src/ops/ops.ts';
import { attentionBack } from './attention-adjoint.ts';
import { type BoundedTensor, boundedOps, boundedTensor } from './bounded-ops.ts';
import { addRow, Node, NodeStore, rowOf, type StoredRow } from './nodes.ts';
import { exact, type Rounding } from './rounding.ts';

/** The operations of a Llama with LoRA and heads; others are refused by their absence. */
export class Tape {
  readonly nodes: Node[] = [];
  readonly ops: Ops<Node, Stored>;
  readonly #bounds: ReturnType<typeof boundedOps>;
  readonly #transposed = new WeakMap<Stored, Stored>();
  readonly #errors = new WeakMap<Stored, Stored>();

  constructor(readonly rounding: Rounding) {
    this.#bounds = boundedOps(rounding);
    const ops: Partial<Ops<Node, Stored>> = {
      embed: (table, tokens) => this.#leaf(float64Ops.embed(table, tokens), this.#bounds.embed(table, tokens)),
      linear: (x, weight, bias) => this.#linear(x, weight, bias),
      rmsNorm: (x, gain, epsilon) => this.#rmsNorm(x, gain, epsilon),
      rotate: (x, heads, rotation) => this.#rotate(x, heads, rotation),
      attention: (query, keys, values, visible, shape) =>
        this.#attention(query, keys as NodeStore, values as NodeStore, visible, shape),
      silu: (x) => this.#silu(x),
      add: (x, y) => this.#addScaled(x, 1, y, this.#bounds.add(bare(x), bare(y))),
      addScaled: (x, scale, y) => this.#addScaled(x, scale, y, this.#bounds.addScaled(bare(x), scale, bare(y))),
      multiply: (x, y) => this.#multiply(x, y),
      pickRows: (x, rows) => this.#rows([...rows].map((row) => ({ node: x, row }))),
      stackRows: (parts) =>
        this.#rows(parts.flatMap((node) => Array.from({ length: node.shape[0] }, (_, row) => ({ node, row })))),
      firstNonFinite: () => null,
      newStore: () => new NodeStore(),
    };
    this.ops = ops as Ops<Node, Stored>;
  }

  /** The bound on `sum of weights * x`: the distance of a logit, or of the difference of two. */
  boundOf(
    x: Node,
    weights: readonly { readonly row: number; readonly column: number; readonly weight: number }[],
  ): number {
    for (const node of this.nodes) node.adjoint.fill(0);
    for (const { row, column, weight } of weights) x.adjoint[row * x.shape[1] + column]! += weight;
    let sum = 0;
    for (const node of [...this.nodes].reverse()) {
      for (let i = 0; i < node.bound.length; i++) sum += Math.abs(node.adjoint[i]!) * node.bound[i]!;
      if (node.adjoint.some((number) => number !== 0)) node.back(tensor('adjoint', node.adjoint, node.shape));
    }
    return sum;
  }

  #leaf(value: Tensor, bounded: BoundedTensor): Node {
    return this.#node(value, bounded, () => undefined);
  }

  #node(value: Tensor, bounded: BoundedTensor, back: (adjoint: Tensor) => void): Node {
    return this.#made(
      value,
      Float64Array.from(bounded.rows.flat(), ({ error }) => error),
      back,
    );
  }

  #made(value: Tensor, bound: Float64Array, back: (adjoint: Tensor) => void): Node {
    const node = new Node(value, bound, back);
    this.nodes.push(node);
    return node;
  }

  /** The bound of a product is a product itself: `(gamma(n) |w| + error of w) |x|`, and a rounding for the bias. */
  #linear(x: Node, weight: Stored, bias: Stored | null): Node {
    const value = float64Ops.linear(x.value, weight, bias);
    const magnitudes = tensor('magnitudes', rowsOf(x.value).map(Math.abs), x.shape);
    const errors = remembered(this.#errors, weight, () => this.#errorsOf(weight));
    const bound = Float64Array.from(float64Ops.linear(magnitudes, errors, null).data);
    if (bias !== null) {
      const biases = [...widened(bias)].map((b) => this.rounding.input(b).error);
      for (let i = 0; i < bound.length; i++) {
        bound[i]! += biases[i % biases.length]! + this.rounding.gamma(1) * (Math.abs(value.data[i]!) + bound[i]!);
      }
    }
    const transposed = remembered(this.#transposed, weight, () => transposedOf(weight));
    return this.#made(value, bound, (adjoint) => x.add(float64Ops.linear(adjoint, transposed, null)));
  }

  #errorsOf(weight: Stored): Stored {
    const gamma = this.rounding.gamma(weight.shape[1]!);
    const errors = widened(weight).map((w) => {
      const { error } = this.rounding.input(w);
      return gamma * (Math.abs(w) + error) + error;
    });
    return stored('errors', 'F64', errors, weight.shape);
  }

  #rmsNorm(x: Node, gain: Stored, epsilon: number): Node {
    const [rows, width] = x.shape;
    const g = widened(gain);
    const value = float64Ops.rmsNorm(x.value, gain, epsilon);
    return this.#node(value, this.#bounds.rmsNorm(bare(x), gain, epsilon), (adjoint) => {
      const result = zeros('adjoint', x.shape);
      for (let row = 0; row < rows; row++) {
        const [v, a] = [rowOf(x.value, row), rowOf(adjoint, row)];
        const factor = 1 / Math.sqrt(v.reduce((sum, n) => sum + n * n, 0) / width + epsilon);
        const along = v.reduce((sum, n, i) => sum + n * a[i]! * g[i]!, 0) * (factor ** 3 / width);
        for (let i = 0; i < width; i++) result.data[row * width + i] = a[i]! * g[i]! * factor - v[i]! * along;
      }
      x.add(result);
    });
  }

  /** The adjoint of a rotation is the one by the opposite angles. */
  #rotate(x: Node, heads: number, rotation: Rotation): Node {
    const opposite = { ...rotation, sin: rotation.sin.map((sine) => -sine) };
    const value = float64Ops.rotate(x.value, heads, rotation);
    return this.#node(value, this.#bounds.rotate(bare(x), heads, rotation), (adjoint) =>
      x.add(float64Ops.rotate(adjoint, heads, opposite)),
    );
  }

  #silu(x: Node): Node {
    return this.#node(float64Ops.silu(x.value), this.#bounds.silu(bare(x)), (adjoint) => {
      const slopes = rowsOf(x.value).map((v) => {
        const sigmoid = 1 / (1 + Math.exp(-v));
        return sigmoid * (1 + v * (1 - sigmoid));
      });
      x.add(float64Ops.multiply(adjoint, tensor('slopes', slopes, x.shape)));
    });
  }

  #addScaled(x: Node, scale: number, y: Node, bounded: BoundedTensor): Node {
    return this.#node(float64Ops.addScaled(x.value, scale, y.value), bounded, (adjoint) => {
      x.add(adjoint);
      y.add(float64Ops.scale(adjoint, scale));
    });
  }

  #multiply(x: Node, y: Node): Node {
    const value = float64Ops.multiply(x.value, y.value);
    return this.#node(value, this.#bounds.multiply(bare(x), bare(y)), (adjoint) => {
      x.add(float64Ops.multiply(adjoint, y.value));
      y.add(float64Ops.multiply(adjoint, x.value));
    });
  }

  /** Copies, which are not rounded. */
  #rows(rows: readonly StoredRow[]): Node {
    const width = rows[0]!.node.shape[1];
    const value = zeros('rows', [rows.length, width]);
    for (const [i, { node, row }] of rows.entries()) value.data.set(rowOf(node.value, row), i * width);
    return this.#made(value, new Float64Array(value.shape[0]! * width), (adjoint) => {
      for (const [i, { node, row }] of rows.entries()) addRow(node, row, rowOf(adjoint, i));
    });
  }

  #attention(
    query: Node,
    keys: NodeStore,
    values: NodeStore,
    visible: readonly Visible[],
    shape: AttentionShape<Stored>,
  ): Node {
    const [k, v] = [keys, values].map((store) => store.into(float64Ops, (rows) => rows)) as [
      RowStore<Tensor>,
      RowStore<Tensor>,
    ];
    const value = float64Ops.attention(query.value, k, v, visible, shape);
    const [boundedKeys, boundedValues] = [keys, values].map((store) => store.into(this.#bounds, bareRows));
    const bounded = this.#bounds.attention(bare(query), boundedKeys!, boundedValues!, visible, shape);
    const [keyRows, valueRows] = [[...keys.rows], [...values.rows]]; // the stores change
    return this.#node(value, bounded, (adjoint) => {
      visible.forEach((seen, row) => {
        const slots = [...Array.from({ length: seen.to - seen.from }, (_, i) => seen.from + i), ...seen.branch];
        const [ks, vs] = [slots.map((slot) => keyRows[slot]!), slots.map((slot) => valueRows[slot]!)];
        attentionBack(query, row, ks, vs, shape, rowOf(adjoint, row));
      });
    });
  }
}

const rowsOf = (x: Tensor): Float64Array => x.data.slice(x.offset, x.offset + x.shape[0]! * x.shape[1]!);

/** Numbers without errors: what an operation adds is bounded apart from what came before it. */
function bareRows(x: Tensor): BoundedTensor {
  const rows = Array.from({ length: x.shape[0]! }, (_, row) => [...rowOf(x, row)].map(exact));
  return boundedTensor(rows, x.shape[1]!);
}

const bare = (node: Node): BoundedTensor => bareRows(node.value);

function transposedOf(weight: Stored): Stored {
  const [outputs, inputs] = matrixShape('weight', weight);
  const [from, to] = [widened(weight), new Float64Array(outputs * inputs)];
  for (let o = 0; o < outputs; o++) for (let i = 0; i < inputs; i++) to[i * outputs + o] = from[o * inputs + i]!;
  return stored('transposed', 'F64', to, [inputs, outputs]);
}

function remembered<V>(known: WeakMap<Stored, V>, key: Stored, make: () => V): V {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
