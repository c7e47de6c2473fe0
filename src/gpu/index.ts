/**
 * A second backend: the operations of a decoder in float32 on gpu.js, an optional peer that is loaded when a backend is
 * opened.
 * @packageDocumentation
 */
export { GpuBackend, openGpu } from './backend.ts';
export { type Compiled, Device, DeviceArray, type KernelSource, type Size } from './device.ts';
export { type Gpu, type GpuJs, type GpuKernel, type GpuMode, loadGpuJs, modesOf } from './gpu-js.ts';
export type { GpuTensor, GpuWeight } from './tensor.ts';
