/**
 * The operations of a decoder on numbers with error bounds: what any float32 implementation that sums in ascending
 * order must keep to.
 * @packageDocumentation
 */
import { type Stored, widened } from '../../../src/numerics/stored.ts';
import type { AttentionShape, NormOptions, Ops, Rotation, RowStore, Visible } from '../../../src/ops/ops.ts';
import { type Bounded, exact, negative, type Rounding } from './rounding.ts';

/** A matrix of numbers with bounds. */
export interface BoundedTensor {
  readonly shape: readonly [number, number];
  readonly rows: readonly (readonly Bounded[])[];
}

export function boundedTensor(rows: readonly (readonly Bounded[])[], width: number): BoundedTensor {
  return { shape: [rows.length, width], rows };
}

class BoundedStore implements RowStore<BoundedTensor> {
  rows: (readonly Bounded[])[] = [];

  get length(): number {
    return this.rows.length;
  }

  append({ rows }: BoundedTensor): void {
    this.rows.push(...rows);
  }

  keep(length: number, rows: readonly number[]): void {
    this.rows = [...this.rows.slice(0, length), ...rows.map((row) => this.rows[row]!)];
  }
}

/** All but the routing of experts, which is computed on the host from numbers that were read back. */
export function boundedOps(r: Rounding): Omit<Ops<BoundedTensor, Stored>, 'chooseExperts'> {
  const mapped = (x: BoundedTensor, of: (value: Bounded) => Bounded): BoundedTensor =>
    boundedTensor(
      x.rows.map((row) => row.map(of)),
      x.shape[1],
    ); // one number at a time
  const joined = (x: BoundedTensor, y: BoundedTensor, of: (a: Bounded, b: Bounded) => Bounded): BoundedTensor =>
    boundedTensor(
      x.rows.map((row, i) => row.map((a, c) => of(a, y.rows[i]![c]!))),
      x.shape[1],
    );
  const pick = (x: BoundedTensor, rows: readonly number[]): BoundedTensor =>
    boundedTensor(
      rows.map((row) => x.rows[row]!),
      x.shape[1],
    );
  return {
    embed: (table, tokens) => {
      const rows = weightRows(r, table);
      return boundedTensor(
        tokens.map((token) => rows[token]!),
        table.shape[1]!,
      );
    },
    linear: (x, weight, bias) => {
      const [w, b] = [weightRows(r, weight), bias === null ? null : weightRows(r, bias)[0]!];
      const output = (row: readonly Bounded[], o: number): Bounded => {
        const sum = r.dot(row, w[o]!);
        return b === null ? sum : r.add(sum, b[o]!);
      };
      return boundedTensor(
        x.rows.map((row) => w.map((_, o) => output(row, o))),
        w.length,
      );
    },
    rmsNorm: (x, gain, epsilon, options) => normed(r, x, gain, null, epsilon, false, options),
    layerNorm: (x, gain, bias, epsilon, options) => normed(r, x, gain, bias, epsilon, true, options),
    rotate: (x, heads, rotation) =>
      boundedTensor(
        x.rows.map((row, i) => rotated(r, row, i, heads, rotation)),
        x.shape[1],
      ),
    attention: (query, keys, values, visible, shape) => {
      const [k, v] = [keys as BoundedStore, values as BoundedStore];
      return boundedTensor(
        query.rows.map((row, i) => attended(r, row, k, v, visible[i]!, shape)),
        query.shape[1],
      );
    },
    silu: (x) => mapped(x, (v) => silu(r, v)),
    gelu: (x) => mapped(x, (v) => gelu(r, v)),
    geluTanh: (x) => mapped(x, (v) => geluTanh(r, v)),
    geluFast: (x) => mapped(x, (v) => geluFast(r, v)),
    relu: (x) => mapped(x, ({ value, error }) => ({ value: Math.max(0, value), error })),
    softCap: (x, cap) => mapped(x, (v) => softCapped(r, v, cap)),
    scale: (x, factor) => mapped(x, (v) => r.multiply(r.input(factor), v)),
    add: (x, y) => joined(x, y, (a, b) => r.add(a, b)),
    multiply: (x, y) => joined(x, y, (a, b) => r.multiply(a, b)),
    addScaled: (x, factor, y) => joined(x, y, (a, b) => r.add(a, r.multiply(r.input(factor), b))),
    pickRows: pick,
    stackRows: (parts) =>
      boundedTensor(
        parts.flatMap(({ rows }) => rows),
        parts[0]!.shape[1],
      ),
    pickColumns: (x, { from, size, stride, count }) => {
      const columns = Array.from({ length: count * size }, (_, i) => from + Math.floor(i / size) * stride + (i % size));
      return boundedTensor(
        x.rows.map((row) => columns.map((column) => row[column]!)),
        columns.length,
      );
    },
    mixRows: (rows, width, results) => {
      const sums = Array.from({ length: rows }, () => Array.from({ length: width }, () => exact(0)));
      for (const { rows: places, weights, x } of results) {
        places.forEach((row, i) => {
          const weight = r.input(weights[i]!);
          sums[row] = sums[row]!.map((sum, c) => r.add(sum, r.multiply(weight, x.rows[i]![c]!)));
        });
      }
      return boundedTensor(sums, width);
    },
    firstNonFinite: () => null,
    newStore: () => new BoundedStore(),
  };
}

/** A weight as stored on the device. One that is a list is one row. */
function weightRows(r: Rounding, weight: Stored): Bounded[][] {
  const numbers = [...widened(weight)].map((value) => r.input(value));
  const width = weight.shape.at(-1)!;
  return Array.from({ length: numbers.length / width }, (_, row) => numbers.slice(row * width, (row + 1) * width));
}

function normed(
  r: Rounding,
  x: BoundedTensor,
  gain: Stored | null,
  bias: Stored | null,
  epsilon: number,
  centred: boolean,
  { offset = 0, parts = 1 }: NormOptions = {},
): BoundedTensor {
  const size = x.shape[1] / parts;
  const gains = gain === null ? null : [...widened(gain)].map((value) => r.input(offset + value));
  const biases = bias === null ? null : weightRows(r, bias)[0]!;
  const part = (all: readonly Bounded[], first: number): Bounded[] => {
    const mean = centred ? r.divide(r.sum(all), exact(size)) : exact(0);
    const values = centred ? all.map((value) => r.subtract(value, mean)) : all;
    const square = r.divide(r.dot(values, values), exact(size));
    const factor = r.divide(exact(1), r.root(r.add(square, r.input(epsilon))));
    return values.map((value, i) => {
      const normal = r.multiply(value, factor);
      const scaled = gains === null ? normal : r.multiply(gains[(first + i) % gains.length]!, normal);
      return biases === null ? scaled : r.add(scaled, biases[(first + i) % biases.length]!);
    });
  };
  const starts = Array.from({ length: parts }, (_, i) => i * size);
  return boundedTensor(
    x.rows.map((row) => starts.flatMap((start) => part(row.slice(start, start + size), start))),
    x.shape[1],
  );
}

function rotated(r: Rounding, row: readonly Bounded[], at: number, heads: number, rotation: Rotation): Bounded[] {
  const size = row.length / heads;
  const { cos, sin, dimensions = size, interleaved = false } = rotation;
  const planes = dimensions / 2;
  const [step, apart] = interleaved ? [2, 1] : [1, planes];
  const y = [...row];
  for (let head = 0; head < heads; head++) {
    for (let i = 0; i < planes; i++) {
      const [c, s] = [r.input(cos[at * planes + i]!), r.input(sin[at * planes + i]!)];
      const [a, b] = [head * size + i * step, head * size + i * step + apart];
      y[a] = r.subtract(r.multiply(row[a]!, c), r.multiply(row[b]!, s));
      y[b] = r.add(r.multiply(row[b]!, c), r.multiply(row[a]!, s));
    }
  }
  return y;
}

function attended(
  r: Rounding,
  query: readonly Bounded[],
  keys: BoundedStore,
  values: BoundedStore,
  { from, to, branch }: Visible,
  shape: AttentionShape<Stored>,
): Bounded[] {
  const { heads, keyValueHeads, headSize: size, scale = 1 / Math.sqrt(size), softCap, slopes, sinks } = shape;
  const slots = [...Array.from({ length: to - from }, (_, i) => from + i), ...branch];
  const column = (head: number): number => Math.floor(head / (heads / keyValueHeads)) * size;
  const score = (head: number, slot: number, back: number): Bounded => {
    const [q, k] = [
      query.slice(head * size, (head + 1) * size),
      keys.rows[slot]!.slice(column(head), column(head) + size),
    ];
    const scaled = r.multiply(r.dot(q, k), r.input(scale));
    const capped = softCap == null ? scaled : softCapped(r, scaled, softCap);
    return slopes == null ? capped : r.subtract(capped, r.multiply(r.input(slopes[head]!), exact(back)));
  };
  return Array.from({ length: heads }, (_, head) => {
    const scores = slots.map((slot, j) => score(head, slot, slots.length - 1 - j));
    const sink = sinks == null ? [] : [r.input(widened(sinks)[head]!)];
    const powers = powersOf(r, [...scores, ...sink]);
    const total = r.sum(powers);
    const weights = slots.map((_, j) => r.divide(powers[j]!, total));
    return Array.from({ length: size }, (_, i) =>
      r.dot(
        weights,
        slots.map((slot) => values.rows[slot]![column(head) + i]!),
      ),
    );
  }).flat();
}

/**
 * `exp(score - largest)`. Where it is certain which score is the largest, its own power is exactly 1, however inexact
 * the score.
 */
function powersOf(r: Rounding, scores: readonly Bounded[]): Bounded[] {
  const peak = r.largest(scores);
  const top = scores.findIndex(({ value }) => value === peak.value);
  const least = scores[top]!.value - scores[top]!.error;
  const certain = scores.every(({ value, error }, i) => i === top || value + error < least);
  return scores.map((one, i) => (certain && i === top ? exact(1) : r.power(r.subtract(one, peak))));
}

/** Where the power overflows, the quotient is zero. */
function silu(r: Rounding, x: Bounded): Bounded {
  const value = x.value / (1 + Math.exp(-x.value));
  const { error } = r.divide(x, r.add(exact(1), r.power(negative(x))));
  const toZero = x.value < -80 ? Math.abs(value) + Math.abs(value) * x.error : Number.POSITIVE_INFINITY;
  return { value, error: Number.isFinite(error) ? error : toZero };
}

/** `sign(t) (1 - e) / (1 + e)` with `e = exp(-2 |t|)`, as the kernels compute it. */
function tanh(r: Rounding, t: Bounded): Bounded {
  const away = { value: Math.abs(t.value), error: t.error };
  const e = r.power(r.multiply(exact(-2), away));
  const { error } = r.divide(r.subtract(exact(1), e), r.add(exact(1), e));
  return { value: Math.tanh(t.value), error };
}

function softCapped(r: Rounding, x: Bounded, cap: number): Bounded {
  return r.multiply(r.input(cap), tanh(r, r.divide(x, r.input(cap))));
}

function geluTanh(r: Rounding, x: Bounded): Bounded {
  const cube = r.multiply(r.multiply(r.multiply(r.input(0.044715), x), x), x);
  const t = r.multiply(r.input(Math.sqrt(2 / Math.PI)), r.add(x, cube));
  return r.multiply(r.multiply(exact(0.5), x), r.add(exact(1), tanh(r, t)));
}

function geluFast(r: Rounding, x: Bounded): Bounded {
  const bent = r.add(exact(1), r.multiply(r.multiply(r.input(0.044715), x), x));
  const t = r.multiply(r.multiply(x, r.input(0.7978845608)), bent);
  return r.multiply(r.multiply(exact(0.5), x), r.add(exact(1), tanh(r, t)));
}

const ERF = [0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429];

/** The kernel's formula for erf is within 1.5e-7 of it (Abramowitz and Stegun, 7.1.26). */
function gelu(r: Rounding, x: Bounded): Bounded {
  const z = r.multiply({ value: Math.abs(x.value), error: x.error }, r.input(Math.SQRT1_2));
  const t = r.divide(exact(1), r.add(exact(1), r.multiply(r.input(0.3275911), z)));
  const polynomial = ERF.reduceRight<Bounded>((sum, c) => r.multiply(r.add(r.input(c), sum), t), exact(0));
  const rest = r.multiply(polynomial, r.power(negative(r.multiply(z, z))));
  const factor = x.value < 0 ? rest : r.subtract(exact(2), rest);
  const formula = r.multiply(r.multiply(exact(0.5), x), factor);
  return { value: formula.value, error: formula.error + 0.5 * Math.abs(x.value) * 1.5e-7 };
}
