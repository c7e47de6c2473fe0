import type { Stored } from '../../numerics/stored.ts';
import type { Tensor } from '../../numerics/tensor.ts';
import type { Backend } from '../backend.ts';
import { float64Ops } from './index.ts';

/**
 * Float64 on the CPU, the reference. Weights stay as they are stored; activations are on the host, and the garbage
 * collector frees them.
 */
export const float64Backend: Backend<Tensor, Stored> = {
  name: 'cpu',
  ops: float64Ops,
  upload: (weight) => weight,
  readBack: (x) => x,
  scope: (work) => work(),
  free: () => undefined,
};
