/** The tape as a backend, so that the library's own passes run on it. */
import type { GpuMode } from '../../../src/gpu/gpu-js.ts';
import type { Stored } from '../../../src/numerics/stored.ts';
import type { Backend } from '../../../src/ops/backend.ts';
import { Tape } from './first-order.ts';
import type { Node } from './nodes.ts';
import { Rounding } from './rounding.ts';

/** A backend that records one pass, and what of it was read back. */
export interface Recorder {
  readonly backend: Backend<Node, Stored>;
  readonly tape: Tape;
  /** In the order in which they were read. */
  readonly readBack: readonly Node[];
}

/** Records a pass as it is bounded in a mode. */
export function recorder(mode: GpuMode): Recorder {
  const tape = new Tape(new Rounding(mode));
  const readBack: Node[] = [];
  const backend: Backend<Node, Stored> = {
    name: 'tape',
    ops: tape.ops,
    upload: (weight) => weight,
    readBack: (x) => {
      readBack.push(x);
      return x.value;
    },
    scope: (work) => work(),
    free: () => undefined,
  };
  return { backend, tape, readBack };
}
