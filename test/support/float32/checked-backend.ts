/**
 * A device whose every operation is checked as it runs: the contents of its inputs are read back, computed in float64,
 * and the result must lie within the operation's bound. So a whole pass of any model is judged, operation by operation,
 * whatever the errors become on their way.
 */
import type { GpuBackend } from '../../../src/gpu/backend.ts';
import { GpuRowStore } from '../../../src/gpu/row-store.ts';
import type { GpuTensor, GpuWeight } from '../../../src/gpu/tensor.ts';
import type { Stored } from '../../../src/numerics/stored.ts';
import { matrixShape, type Tensor, tensor } from '../../../src/numerics/tensor.ts';
import type { Backend } from '../../../src/ops/backend.ts';
import { float64Ops } from '../../../src/ops/float64/index.ts';
import type { Ops } from '../../../src/ops/ops.ts';
import { type BoundedTensor, boundedOps, boundedTensor } from './bounded-ops.ts';
import { exact, Rounding } from './rounding.ts';

/** What was checked: how often each operation ran, and those that left their bound, in words. */
export interface Checks {
  readonly backend: Backend<GpuTensor, GpuWeight>;
  readonly runs: ReadonlyMap<string, number>;
  readonly outliers: readonly string[];
}

/** Operations that return no matrix, and are checked by what the others make of them. */
const UNCHECKED: readonly string[] = ['firstNonFinite', 'newStore', 'chooseExperts'];

type Call = (...inputs: unknown[]) => unknown;

/** A backend with checks on all that runs on it. */
export function checked(backend: GpuBackend): Checks {
  const [runs, outliers] = [new Map<string, number>(), [] as string[]];
  const bounded = boundedOps(new Rounding(backend.device.mode));
  const hostOf = hosts(backend);
  const ops = Object.fromEntries(
    Object.entries(backend.ops).map(([name, run]) => {
      if (UNCHECKED.includes(name)) return [name, run];
      const call = (...inputs: unknown[]): unknown => {
        const result = (run as Call)(...inputs) as GpuTensor;
        const there = (float64Ops as unknown as Record<string, Call>)[name]!(...inputs.map((x) => hostOf(x, float64)));
        const limits = (bounded as unknown as Record<string, Call>)[name]!(...inputs.map((x) => hostOf(x, asBounded)));
        runs.set(name, (runs.get(name) ?? 0) + 1);
        const why = outlier(backend.readBack(result), there as Tensor, limits as BoundedTensor);
        if (why !== null) outliers.push(`${name}, ${why}`);
        return result;
      };
      return [name, call];
    }),
  ) as unknown as Ops<GpuTensor, GpuWeight>;
  const checkedBackend: Backend<GpuTensor, GpuWeight> = {
    name: `${backend.name}, checked`,
    ops,
    upload: (weight) => backend.upload(weight),
    readBack: (x) => backend.readBack(x),
    scope: (work) => backend.scope(work),
    free: (x) => backend.free(x),
  };
  return { backend: checkedBackend, runs, outliers };
}

interface Kind<T> {
  readonly ops: Pick<Ops<T, Stored>, 'newStore'>;
  matrix(x: Tensor): T;
}

const float64: Kind<Tensor> = { ops: float64Ops, matrix: (x) => x };
const asBounded: Kind<BoundedTensor> = {
  ops: boundedOps(new Rounding('webasm')),
  matrix: (x) => {
    const [rows, width] = matrixShape('x', x);
    const numbers = [...x.data.subarray(x.offset, x.offset + rows * width)].map(exact);
    return boundedTensor(
      Array.from({ length: rows }, (_, row) => numbers.slice(row * width, (row + 1) * width)),
      width,
    );
  },
};

/** An input of an operation as numbers of another kind: activations, weights, stores, and what is made of them. */
function hosts(backend: GpuBackend): (input: unknown, kind: Kind<unknown>) => unknown {
  const hostOf = (input: unknown, kind: Kind<unknown>): unknown => {
    if (typeof input !== 'object' || input === null || ArrayBuffer.isView(input)) return input;
    if (Array.isArray(input)) return input.map((one) => hostOf(one, kind));
    if (input instanceof GpuRowStore) {
      const store = kind.ops.newStore(input.width);
      const numbers = Float64Array.from(backend.device.read(input.array)).subarray(0, input.length * input.width);
      store.append(kind.matrix(tensor('stored', numbers, [input.length, input.width])));
      return store;
    }
    if ('stored' in input) return input.stored;
    if ('array' in input) return kind.matrix(backend.readBack(input as GpuTensor));
    return Object.fromEntries(Object.entries(input).map(([name, part]) => [name, hostOf(part, kind)]));
  };
  return hostOf;
}

function outlier(got: Tensor, exactly: Tensor, { rows }: BoundedTensor): string | null {
  const [numbers, expected] = [got, exactly].map((x) =>
    x.data.subarray(x.offset, x.offset + x.shape[0]! * x.shape[1]!),
  );
  const bounds = rows.flat();
  if (numbers!.length !== expected!.length || bounds.length !== expected!.length) return 'not as many numbers';
  const i = numbers!.findIndex((number, at) => !(Math.abs(number - expected![at]!) <= bounds[at]!.error));
  return i < 0 ? null : `number ${i}: ${numbers![i]} for ${expected![i]}, bound ${bounds[i]!.error}`;
}
