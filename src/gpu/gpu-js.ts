/**
 * The package gpu.js: how it is loaded, what of it is used, and which of its modes a machine has.
 *
 * It is an optional peer. Nothing but this file imports it, and only when a backend by its name is asked for.
 * @packageDocumentation
 */
import { BackendError } from '../errors.ts';

/** Modes of gpu.js that can be asked for. */
export type GpuMode = 'webasm' | 'headlessgl';

/**
 * A kernel made by gpu.js. Its `kernel` is the object that runs, which gpu.js exchanges for one of another class when
 * it falls back.
 */
export interface GpuKernel {
  (...inputs: unknown[]): unknown;
  readonly kernel: { readonly constructor: unknown; readonly fallbackReason?: string | null };
  /** Frees the kernel. */
  destroy(): void;
}

/** An instance of gpu.js: a device and the kernels made for it. */
export interface Gpu {
  /** Compiles a kernel from the text of a function. */
  createKernel(source: string, settings: Readonly<Record<string, unknown>>): GpuKernel;
  /** Frees the device and all kernels made for it. */
  destroy(): Promise<void>;
}

/** What is used of the package. */
export interface GpuJs {
  readonly GPU: {
    new (settings: { mode: GpuMode }): Gpu;
    readonly isWebAssemblySupported: boolean;
    readonly isHeadlessGLSupported: boolean;
  };
  readonly WebAssemblyKernel: unknown;
  readonly HeadlessGLKernel: unknown;
  /** Numbers in row-major order, as an argument of a kernel. @shape size: [width, height] or [width, height, depth] */
  input(data: Float32Array, size: readonly number[]): unknown;
}

/** The class of kernels of a mode, by the name under which gpu.js exports it. */
export const KERNEL_CLASS = { webasm: 'WebAssemblyKernel', headlessgl: 'HeadlessGLKernel' } as const;

/** What each mode needs, for messages. */
export const NEEDS = { webasm: 'WebAssembly', headlessgl: 'the package gl and a display' } as const;

/**
 * Imports gpu.js.
 * @throws {@link BackendError} when it is not installed, cannot be loaded, or is older than 2.24.
 */
export async function loadGpuJs(importer: () => Promise<unknown> = () => import('gpu.js')): Promise<GpuJs> {
  const library = await imported(importer);
  if (typeof library?.GPU !== 'function' || typeof library.GPU.isWebAssemblySupported !== 'boolean') {
    throw new BackendError('package gpu.js', 'version 2.24 or newer', 'one without the mode webasm');
  }
  return library;
}

async function imported(importer: () => Promise<unknown>): Promise<GpuJs> {
  try {
    const module = (await importer()) as { default?: GpuJs };
    return module.default ?? (module as GpuJs);
  } catch (cause) {
    const missing = (cause as { code?: unknown } | null)?.code === 'ERR_MODULE_NOT_FOUND';
    const got = missing ? 'none' : `${cause instanceof Error ? cause.message : cause}`;
    throw new BackendError('package gpu.js', 'an installed one (npm install gpu.js)', got, { cause });
  }
}

/** The modes that this machine has. */
export function modesOf({ GPU }: GpuJs): GpuMode[] {
  const modes: GpuMode[] = [];
  if (GPU.isWebAssemblySupported) modes.push('webasm');
  if (GPU.isHeadlessGLSupported) modes.push('headlessgl');
  return modes;
}
