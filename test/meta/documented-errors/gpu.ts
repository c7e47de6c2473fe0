import { attention } from '../../../src/gpu/attention.ts';
import { GpuBackend, openGpu } from '../../../src/gpu/backend.ts';
import { Device } from '../../../src/gpu/device.ts';
import { add, addScaled, multiply } from '../../../src/gpu/elementwise.ts';
import { chooseExperts, mixRows } from '../../../src/gpu/experts.ts';
import { loadGpuJs } from '../../../src/gpu/gpu-js.ts';
import { embed, linear, pickColumns, pickRows, stackRows } from '../../../src/gpu/matrix.ts';
import { layerNorm, rmsNorm } from '../../../src/gpu/norm.ts';
import { rotate } from '../../../src/gpu/rotate.ts';
import { GpuRowStore } from '../../../src/gpu/row-store.ts';
import { gpuTensor, indexInput } from '../../../src/gpu/tensor.ts';
import { openBackend } from '../../../src/language-model/backends.ts';
import { stored } from '../../../src/numerics/stored.ts';
import { gpuJs } from '../../support/gpu-modes.ts';
import type { Calls } from './calls.ts';

const device = new Device(gpuJs, 'webasm');
const backend = new GpuBackend(device);
const zeros = (rows: number, width: number) => gpuTensor(device.upload(new Float32Array(rows * width), [width, rows]));
const weightOf = (...shape: number[]) =>
  backend.upload(stored('w', 'F64', new Float64Array(shape.reduce((size, extent) => size * extent)), shape));
const [x, narrow, weight, gain] = [zeros(2, 4), zeros(2, 3), weightOf(2, 3), weightOf(3)];
const shape = { heads: 2, keyValueHeads: 2, headSize: 2 };

/** Does something where there is no WebAssembly, and so no mode `webasm`. */
async function withoutWebAssembly(work: () => Promise<unknown>): Promise<void> {
  const WebAssembly: unknown = Reflect.get(globalThis, 'WebAssembly');
  Reflect.deleteProperty(globalThis, 'WebAssembly');
  try {
    await work();
  } finally {
    Object.assign(globalThis, { WebAssembly });
  }
}

export const gpu: Calls = {
  'language-model/backends openBackend': {
    OptionError: () => openBackend('tpu' as 'cpu'),
    BackendError: () => withoutWebAssembly(() => openBackend('gpu:webasm')),
  },
  'gpu/attention attention': {
    ShapeError: () => attention(device, x, new GpuRowStore(device, 4), new GpuRowStore(device, 4), [], shape),
  },
  'gpu/backend GpuBackend.upload': {
    NonFiniteError: () => backend.upload(stored('w', 'F64', Float64Array.of(1e39), [1])),
    ShapeError: () => backend.upload(stored('w', 'F64', new Float64Array(8), [2, 2, 2])),
  },
  'gpu/backend openGpu': { BackendError: () => openGpu('webgpu' as 'webasm') },
  'gpu/device Device.Constructor': { BackendError: () => new Device(gpuJs, 'webgpu' as 'webasm') },
  'gpu/device Device.input': { ShapeError: () => device.input(new Float32Array(5), [3, 2]) },
  'gpu/device Device.run': {
    BackendError: () => {
      const swapped = new Device({ ...gpuJs, WebAssemblyKernel: null }, 'webasm');
      swapped.run({ name: 'copy', source: 'function (x) { return x[0][0]; }' }, [1, 1], [weightOf(1).array]);
    },
  },
  'gpu/elementwise add': { ShapeError: () => add(device, x, narrow) },
  'gpu/elementwise addScaled': { ShapeError: () => addScaled(device, x, 2, narrow) },
  'gpu/elementwise multiply': { ShapeError: () => multiply(device, x, narrow) },
  'gpu/experts chooseExperts': { ShapeError: () => chooseExperts(device, x, 5, true) },
  'gpu/experts mixRows': {
    ShapeError: () => mixRows(device, 2, 3, [{ rows: [2], weights: Float64Array.of(1), x: narrow }]),
  },
  'gpu/gpu-js loadGpuJs': { BackendError: () => loadGpuJs(() => Promise.reject(new Error('not there'))) },
  'gpu/matrix linear': { ShapeError: () => linear(device, x, weight, null) },
  'gpu/matrix embed': { TokenError: () => embed(device, weight, [2]) },
  'gpu/matrix pickRows': { ShapeError: () => pickRows(device, x, [2]) },
  'gpu/matrix pickColumns': {
    ShapeError: () => pickColumns(device, x, { from: 3, size: 2, stride: 2, count: 1 }),
  },
  'gpu/matrix stackRows': { ShapeError: () => stackRows(device, [x, narrow]) },
  'gpu/norm layerNorm': { ShapeError: () => layerNorm(device, x, gain, null, 0) },
  'gpu/norm rmsNorm': { ShapeError: () => rmsNorm(device, x, gain, 0) },
  'gpu/rotate rotate': {
    ShapeError: () => rotate(device, x, 2, { cos: new Float64Array(1), sin: new Float64Array(1) }),
  },
  'gpu/row-store GpuRowStore.append': { ShapeError: () => new GpuRowStore(device, 3).append(x) },
  'gpu/row-store GpuRowStore.keep': { ShapeError: () => new GpuRowStore(device, 3).keep(1, []) },
  'gpu/tensor indexInput': { ShapeError: () => indexInput(device, 'row', [2], 2) },
};
