/** The modes of gpu.js that the tests run in: those that are there. */
import { GpuBackend } from '../../src/gpu/backend.ts';
import { Device } from '../../src/gpu/device.ts';
import { type GpuJs, type GpuMode, loadGpuJs, modesOf } from '../../src/gpu/gpu-js.ts';

export const GPU_MODES: readonly GpuMode[] = ['webasm', 'headlessgl'];

/** gpu.js, which is a development dependency of this repository, without its native parts. */
export const gpuJs: GpuJs = await loadGpuJs();

/** Webasm needs no native part: it is everywhere, so no test of it is ever skipped. */
export const modesHere: readonly GpuMode[] = modesOf(gpuJs);

/** Says why a mode is skipped. */
export function labelOf(mode: GpuMode): string {
  return modesHere.includes(mode) ? `gpu:${mode}` : `gpu:${mode} (skipped: no ${mode} here; it needs the package gl)`;
}

export function backendIn(mode: GpuMode): GpuBackend {
  return new GpuBackend(new Device(gpuJs, mode));
}
