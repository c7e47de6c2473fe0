import { describe, expect, it } from 'vitest';
import { BackendError } from '../../../src/errors.ts';
import { type GpuJs, loadGpuJs, modesOf } from '../../../src/gpu/gpu-js.ts';

const missing = Object.assign(new Error("Cannot find package 'gpu.js'"), { code: 'ERR_MODULE_NOT_FOUND' });
const refusal = (importer: () => Promise<unknown>): Promise<unknown> => loadGpuJs(importer).catch((error) => error);

describe('loading gpu.js', () => {
  it('imports the package, which has webasm everywhere', async () => {
    expect(modesOf(await loadGpuJs())).toContain('webasm');
  });

  it('names a package that is not installed', async () => {
    const error = await refusal(() => Promise.reject(missing));
    expect(error).toBeInstanceOf(BackendError);
    expect(error).toMatchObject({
      message: 'package gpu.js: expected an installed one (npm install gpu.js), got none',
      cause: missing,
    });
  });

  it('says what a package that does not load said', async () => {
    const error = await refusal(() => Promise.reject(new Error('wrong ELF class')));
    expect(error).toMatchObject({ name: 'BackendError', got: 'wrong ELF class' });
  });

  it('refuses a version without webasm', async () => {
    const old = { default: { GPU: class {} } };
    expect(await refusal(() => Promise.resolve(old))).toMatchObject({ label: 'package gpu.js', expected: /2\.24/ });
  });

  it('takes a package with and without a default export', async () => {
    const library = { GPU: class {} } as unknown as GpuJs;
    Object.assign(library.GPU, { isWebAssemblySupported: false, isHeadlessGLSupported: true });
    expect(await loadGpuJs(() => Promise.resolve({ default: library }))).toBe(library);
    expect(await loadGpuJs(() => Promise.resolve(library))).toBe(library);
    expect(modesOf(library)).toEqual(['headlessgl']);
  });
});
