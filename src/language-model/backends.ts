/**
 * Backends by name.
 * @packageDocumentation
 */
import { OptionError } from '../errors.ts';
import type { Backend, Shaped } from '../ops/backend.ts';
import { DEFAULT_BACKEND } from './default-backend.ts';

/** The backends that can be asked for by name: float64 on the CPU, and float32 in a mode of gpu.js. */
export const BACKEND_NAMES = ['cpu', 'gpu:webasm', 'gpu:headlessgl'] as const;
/** Name of a backend. */
export type BackendName = (typeof BACKEND_NAMES)[number];

/**
 * Opens a backend. What the others need is loaded only when one of them is asked for.
 * @throws {@link OptionError} for a name that is not known; {@link BackendError} when gpu.js is not installed or the
 * machine does not have the mode.
 * @example
 * import assert from 'node:assert/strict';
 * import { embeddedFolder, load } from 'turbo-lora';
 * const model = await load(embeddedFolder('base'), { backend: 'gpu:webasm' });
 * const { text } = await model.complete('def ', { maxNewTokens: 4 });
 * assert.equal(text, (await (await load(embeddedFolder('base'))).complete('def ', { maxNewTokens: 4 })).text);
 */
export async function openBackend(name: BackendName): Promise<Backend<Shaped, Shaped>> {
  if (name === 'cpu') return DEFAULT_BACKEND;
  if (!BACKEND_NAMES.includes(name)) throw new OptionError('backend', `one of ${BACKEND_NAMES.join(', ')}`, `${name}`);
  const { openGpu } = await import('../gpu/backend.ts');
  return await openGpu(name.slice('gpu:'.length) as 'webasm' | 'headlessgl');
}
