/**
 * Float64 on the CPU: the reference implementation of {@link Ops}.
 * @packageDocumentation
 */
import type { Stored } from '../../numerics/stored.ts';
import type { Tensor } from '../../numerics/tensor.ts';
import type { Ops } from '../ops.ts';
import { attention } from './attention.ts';
import {
  add,
  addScaled,
  firstNonFinite,
  gelu,
  geluFast,
  geluTanh,
  multiply,
  relu,
  scale,
  silu,
  softCap,
} from './elementwise.ts';
import { embed } from './embed.ts';
import { chooseExperts, mixRows } from './experts.ts';
import { layerNorm } from './layer-norm.ts';
import { linear } from './linear.ts';
import { rmsNorm } from './rms-norm.ts';
import { rotate } from './rotate.ts';
import { Float64RowStore } from './row-store.ts';
import { pickColumns, pickRows, stackRows } from './rows.ts';

/** Operations over float64 activations and weights of any stored width. */
export const float64Ops: Ops<Tensor, Stored> = {
  embed,
  linear,
  rmsNorm,
  rotate,
  attention,
  layerNorm,
  silu,
  gelu,
  geluTanh,
  geluFast,
  relu,
  softCap,
  scale,
  add,
  multiply,
  addScaled,
  pickRows,
  stackRows,
  pickColumns,
  chooseExperts,
  mixRows,
  firstNonFinite,
  newStore: (width) => new Float64RowStore(width),
};
