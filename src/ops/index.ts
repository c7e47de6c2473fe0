/**
 * The operations that a decoder needs, as one small interface, the backends that run them, and the float64 one on the
 * CPU, which is the reference.
 * @packageDocumentation
 */
export { type Awaitable, after, atOnce, type Backend, isPromise, type Shaped } from './backend.ts';
export { float64Backend } from './float64/backend.ts';
export { float64Ops } from './float64/index.ts';
export { linear, linearNaive } from './float64/linear.ts';
export type {
  AttentionShape,
  Columns,
  ExpertResult,
  ExpertShare,
  NormOptions,
  Ops,
  Rotation,
  RowStore,
  Visible,
} from './ops.ts';
