import { describe, expect, it, vi } from 'vitest';
import { DeviceArray } from '../../../src/gpu/device.ts';
import type { GpuRowStore } from '../../../src/gpu/row-store.ts';
import { gpuTensor } from '../../../src/gpu/tensor.ts';
import { stored } from '../../../src/numerics/stored.ts';
import { backendIn, GPU_MODES, labelOf, modesHere } from '../../support/gpu-modes.ts';

for (const mode of GPU_MODES) {
  describe.skipIf(!modesHere.includes(mode))(labelOf(mode), () => {
    const backend = modesHere.includes(mode) ? backendIn(mode) : null!;
    const matrix = (rows: number, ...numbers: number[]) =>
      gpuTensor(backend.device.upload(Float32Array.from(numbers), [numbers.length / rows, rows]));
    const dataOf = (x: Parameters<typeof backend.readBack>[0]): number[] => [...backend.readBack(x).data];

    it('is called by the mode that runs', () => {
      expect(backend.name).toBe(`gpu:${mode}`);
    });

    it('uploads weights of every stored width', () => {
      const weights = [
        stored('w', 'F64', Float64Array.of(1, 0.1), [1, 2]),
        stored('w', 'F32', Float32Array.of(1, 0.1), [1, 2]),
        stored('w', 'F16', Uint16Array.of(0x3c00, 0x3555), [1, 2]),
        stored('w', 'BF16', Uint16Array.of(0x3f80, 0xc000), [1, 2]),
      ];
      const rows = weights.map((weight) => dataOf(backend.ops.embed(backend.upload(weight), [0])));
      expect(rows).toEqual([
        [1, Math.fround(0.1)],
        [1, Math.fround(0.1)],
        [1, 0.333251953125],
        [1, -2],
      ]); // widened
    });

    it('refuses a weight that float32 cannot hold', () => {
      const huge = stored('w', 'F64', Float64Array.of(1, -1e39), [1, 2]);
      expect(() => backend.upload(huge)).toThrow('weight: expected numbers within float32, got -1e+39');
    });

    it('a scope returns activations that live until they are freed', () => {
      const x = matrix(1, 1, 2);
      const [y] = backend.scope(() => [backend.ops.add(x, backend.ops.add(x, x))] as const);
      expect(dataOf(y)).toEqual([3, 6]);
      const free = vi.spyOn(y.array, 'free');
      backend.free(y);
      expect(free).toHaveBeenCalledOnce();
    });

    it('a scope and a store leave nothing on the device but what they keep', () => {
      const { device, ops } = backend;
      const before = device.alive;
      const x = matrix(1, 1, 2);
      const [kept] = backend.scope(() => {
        const sum = ops.add(x, ops.scale(x, 2));
        ops.add(sum, sum);
        return [sum];
      });
      backend.free(kept!);
      const store = ops.newStore(2);
      for (let i = 0; i < 3; i++) {
        backend.scope(() => {
          store.append(ops.add(x, x));
          return [];
        });
      }
      store.keep(1, [2]);
      backend.free(store);
      backend.free(x);
      expect(device.alive).toBe(before);
    });

    it('rows appended in a scope belong to the store', () => {
      const store = backend.scope(() => {
        const made = backend.ops.newStore(2) as GpuRowStore;
        made.append(matrix(2, 1, 2, 3, 4));
        return [gpuTensor(made.array), made] as never;
      })[1] as unknown as GpuRowStore;
      backend.scope(() => {
        store.append(backend.ops.add(matrix(1, 5, 6), matrix(1, 0, 0)));
        return [];
      });
      expect([...backend.device.read(store.array)].slice(0, 6)).toEqual([1, 2, 3, 4, 5, 6]);
      const free = vi.spyOn(DeviceArray.prototype, 'free');
      backend.free(store);
      expect(free).toHaveBeenCalledOnce();
      free.mockRestore();
    });

    it('a store grows, keeps and moves rows down', () => {
      const store = backend.ops.newStore(1) as GpuRowStore;
      store.append(matrix(20, ...Array.from({ length: 20 }, (_, i) => i)));
      store.keep(3, [5, 6, 19]);
      store.append(backend.ops.pickRows(matrix(1, 0), []));
      store.append(matrix(1, 70));
      expect(store.length).toBe(7);
      expect([...backend.device.read(store.array)].slice(0, 7)).toEqual([0, 1, 2, 5, 6, 19, 70]);
    });

    it('a store that only gets shorter moves nothing', () => {
      const store = backend.ops.newStore(1) as GpuRowStore;
      store.append(matrix(4, 0, 1, 2, 3));
      const before = store.array;
      store.keep(2, [2, 3]);
      store.keep(1, [1]);
      expect([store.array, store.length]).toEqual([before, 2]);
    });

    it('numbers that overflow float32 do not come out of a norm as zeros', () => {
      const gain = backend.upload(stored('g', 'F32', Float32Array.of(1, 1), [2]));
      const normed = dataOf(backend.ops.rmsNorm(matrix(1, 1e30, 1), gain, 1e-5));
      expect(normed.every(Number.isFinite)).toBe(false);
      const centred = dataOf(backend.ops.layerNorm(matrix(1, 1e30, 1), gain, null, 1e-5));
      expect(centred.every(Number.isFinite)).toBe(false);
    });

    it('looks for numbers that are not finite where that needs no read-back', () => {
      const found = backend.ops.firstNonFinite(matrix(2, 1, 2, Number.POSITIVE_INFINITY, Number.NaN));
      expect(found).toEqual(mode === 'webasm' ? { row: 1, value: Number.POSITIVE_INFINITY } : null);
      expect(backend.ops.firstNonFinite(matrix(1, 1, 2))).toBe(null);
    });

    it('a row has the same bits alone and beside others', () => {
      const numbers = Array.from({ length: 3 * 65 }, (_, i) => Math.sin(i * 7.7));
      const weight = backend.upload(
        stored(
          'w',
          'F64',
          Float64Array.from({ length: 9 * 65 }, (_, i) => Math.cos(i)),
          [9, 65],
        ),
      );
      const together = dataOf(backend.ops.linear(matrix(3, ...numbers), weight, null));
      const alone = [0, 1, 2].flatMap((row) =>
        dataOf(backend.ops.linear(matrix(1, ...numbers.slice(row * 65, (row + 1) * 65)), weight, null)),
      );
      expect(together).toEqual(alone);
    });

    it('chooses experts from numbers that were read back', () => {
      const shares = backend.ops.chooseExperts(matrix(2, 0, 1, 2, 2, 1, 0), 2, true);
      expect(shares.map(({ rows }) => rows)).toEqual([[1], [0, 1], [0]]);
    });
  });
}
