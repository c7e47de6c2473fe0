import { afterEach, describe, expect, it, vi } from 'vitest';
import { BackendError, ShapeError } from '../../../src/errors.ts';
import { Device, DeviceArray } from '../../../src/gpu/device.ts';
import type { GpuJs } from '../../../src/gpu/gpu-js.ts';
import { GPU_MODES, gpuJs, labelOf, modesHere } from '../../support/gpu-modes.ts';

const DOUBLE = {
  name: 'double',
  source: 'function (x) { return 2 * x[this.thread.y][this.thread.x]; }',
};

/** gpu.js whose support of modes is pretended. */
function pretending(modes: { isWebAssemblySupported: boolean; isHeadlessGLSupported: boolean }): GpuJs {
  class Pretended extends gpuJs.GPU {}
  for (const [name, value] of Object.entries(modes)) Object.defineProperty(Pretended, name, { value });
  return { ...gpuJs, GPU: Pretended } as GpuJs;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a mode that the machine lacks', () => {
  it('is an error that says which are', () => {
    const library = pretending({ isWebAssemblySupported: true, isHeadlessGLSupported: false });
    expect(() => new Device(library, 'headlessgl')).toThrow(
      'backend: expected a mode of gpu.js that this machine has (gpu:webasm), got gpu:headlessgl, which needs the package gl and a display',
    );
  });

  it('is an error where there is none', () => {
    const library = pretending({ isWebAssemblySupported: false, isHeadlessGLSupported: false });
    expect(() => new Device(library, 'webasm')).toThrow(/\(none\), got gpu:webasm, which needs WebAssembly$/);
  });
});

describe('a silent change of mode', () => {
  it('is an error that says why: webasm cannot take a texture, and gpu.js goes over to plain JavaScript', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const device = new Device(gpuJs, 'webasm');
    const texture = new DeviceArray([1, 1], { type: 'NumberTexture', toArray: () => [[1]] }, null);
    expect(() => device.run(DOUBLE, [1, 1], [texture])).toThrow(
      /^kernel double of gpu:webasm: expected a WebAssemblyKernel to run, got CPUKernel \(argument "x" of type NumberTexture/,
    );
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/^Falling back to CPU/)); // all that gpu.js itself says
  });

  it('is told by the class of the kernel that ran', () => {
    const swapped = { ...gpuJs, WebAssemblyKernel: gpuJs.HeadlessGLKernel } as GpuJs;
    const device = new Device(swapped, 'webasm');
    const x = device.upload(Float32Array.of(1), [1, 1]);
    expect(() => device.run(DOUBLE, [1, 1], [x])).toThrow(
      'kernel double of gpu:webasm: expected a WebAssemblyKernel to run, got WebAssemblyKernel',
    );
  });
});

for (const mode of GPU_MODES) {
  describe.skipIf(!modesHere.includes(mode))(labelOf(mode), () => {
    it('runs kernels over two and three dimensions and reads them back', () => {
      const device = new Device(gpuJs, mode);
      const x = device.upload(Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]);
      expect([...device.read(device.run(DOUBLE, [3, 2], [x]))]).toEqual([2, 4, 6, 8, 10, 12]);
      const source = 'function (x) { return x[this.thread.z][this.thread.y] + 10 * this.thread.x; }';
      const cube = device.run({ name: 'cube', source }, [2, 3, 2], [x]);
      expect([...device.read(cube)]).toEqual([1, 11, 2, 12, 3, 13, 4, 14, 5, 15, 6, 16]);
      expect(device.kernelClass).toMatch(mode === 'webasm' ? 'WebAssemblyKernel' : 'HeadlessGLKernel');
    });

    it('leaves earlier results alone', () => {
      const device = new Device(gpuJs, mode);
      const once = device.run(DOUBLE, [1, 1], [device.upload(Float32Array.of(1), [1, 1])]);
      const twice = device.run(DOUBLE, [1, 1], [once]);
      expect([once, twice].map((array) => device.read(array)[0])).toEqual([2, 4]);
    });

    it('compiles once per kernel and sizes, with constants', () => {
      const device = new Device(gpuJs, mode);
      const source = 'function (x) { return this.constants.by * x[this.thread.y][this.thread.x]; }';
      const x = device.upload(Float32Array.of(1, 2), [2, 1]);
      const before = device.compiled;
      const times = (by: number): number[] => [
        ...device.read(device.run({ name: 'times', source, constants: { by } }, [2, 1], [x])),
      ];
      expect([times(2), times(0.5), times(2)].flat()).toEqual([2, 4, 0.5, 1, 2, 4]);
      expect(device.compiled).toBe(before + 2);
    });

    it('takes matrices without rows', () => {
      const device = new Device(gpuJs, mode);
      const none = device.run(DOUBLE, [3, 0], [device.upload(new Float32Array(), [3, 0])]);
      expect(device.read(none)).toHaveLength(0);
    });

    it('refuses numbers that are too few', () => {
      expect(() => new Device(gpuJs, mode).upload(new Float32Array(5), [3, 2])).toThrow(ShapeError);
    });

    it('frees what a scope made and does not return, also when it throws', () => {
      const device = new Device(gpuJs, mode);
      const x = device.upload(Float32Array.of(1), [1, 1]);
      const freed: string[] = [];
      const watched = (name: string): ReturnType<Device['run']> => {
        const array = device.run(DOUBLE, [1, 1], [x]);
        const free = array.free.bind(array);
        array.free = () => {
          freed.push(name);
          free();
        };
        return array;
      };
      device.scope(() => {
        device.scope(() => [watched('inner, returned'), watched('inner')].slice(0, 1));
        expect(freed).toEqual(['inner']);
        device.keep(watched('kept'));
        return [watched('returned')];
      });
      expect(freed).toEqual(['inner', 'inner, returned']);
      const failing = (): void =>
        device.scope(() => {
          watched('before the throw');
          throw new Error('on purpose');
        });
      expect(failing).toThrow('on purpose');
      expect(freed).toEqual(['inner', 'inner, returned', 'before the throw']);
    });

    it('drops the least recently used kernels, but none whose results are alive', () => {
      const device = new Device(gpuJs, mode, 100);
      const uploads = Array.from({ length: 4 }, (_, i) => device.upload(new Float32Array(8).fill(i + 1), [8, 1]));
      const compiled = device.compiled;
      const run = (by: number, x = uploads[0]!): ReturnType<Device['run']> => {
        const source = `function (x) { return ${by} * x[this.thread.y][this.thread.x]; }`;
        return device.run({ name: `times ${by}`, source }, [8, 1], [x]);
      };
      const alive = run(3);
      for (let by = 4; by < 20; by++) run(by).free();
      expect(device.compiled).toBe(compiled + 2);
      expect(device.read(alive)[7]).toBe(3);
      expect(device.read(run(3, uploads[3]!))[0]).toBe(12);
    });

    it('destroys its kernels', async () => {
      const device = new Device(gpuJs, mode);
      device.run(DOUBLE, [1, 1], [device.upload(Float32Array.of(1), [1, 1])]);
      await device.destroy();
      expect(device.compiled).toBe(0);
    });
  });
}

it('a texture too large to be addressed exactly is an error', () => {
  const swapped = { ...gpuJs, HeadlessGLKernel: gpuJs.WebAssemblyKernel } as GpuJs;
  class Pretended extends gpuJs.GPU {
    constructor() {
      super({ mode: 'webasm' });
    }
  }
  Object.defineProperty(Pretended, 'isHeadlessGLSupported', { value: true });
  const device = new Device({ ...swapped, GPU: Pretended } as unknown as GpuJs, 'headlessgl');
  const x = device.input(Float32Array.of(1), [1, 1]);
  expect(() => device.run(DOUBLE, [2 ** 13, 2 ** 12], [x])).toThrow(BackendError);
});
