/**
 * The operations that a decoder needs, as one small interface, and the backends that run them. The reference is the
 * backend in float64 on the CPU.
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
