import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { openSafetensors } from '../../../src/formats/safetensors/node.ts';
import { madeUpHeader } from '../../support/damage.ts';
import { rawSafetensors } from '../../support/format-folders.ts';
import { mayRefuse, type Surface } from '../surface.ts';

interface Case {
  readonly header: unknown;
  readonly dataBytes: number;
  /** What the file says that its header is long; the truth when null. */
  readonly claimed: string | null;
}

/** Headers that fit their bytes, so that reading is reached too. */
const fitting = fc.array(fc.nat(5), { maxLength: 3 }).map((sizes) => {
  let at = 0;
  const tensors = sizes.map((size, i) => {
    const offsets = [at, at + 4 * size];
    at += 4 * size;
    return [`t${i}`, { dtype: 'F32', shape: [size], data_offsets: offsets }];
  });
  return { header: Object.fromEntries(tensors) as unknown, dataBytes: at };
});
const anything = fc.record({ header: madeUpHeader, dataBytes: fc.nat(64) });
const length = fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String), { freq: 4 });

/** Files of tensors: headers made up, and headers that fit. */
export const safetensors: Surface<Case> = {
  name: 'safetensors',
  cases: fc.tuple(fc.oneof(fitting, anything), length).map(([file, claimed]): Case => ({ ...file, claimed })),
  run({ header, dataBytes, claimed }, folder) {
    const path = join(folder, 'a.safetensors');
    writeFileSync(path, rawSafetensors(header, dataBytes, claimed === null ? undefined : BigInt(claimed)));
    return mayRefuse(async () => {
      const file = openSafetensors(path);
      try {
        for (const name of file.tensors.keys()) await mayRefuse(() => file.read(name));
      } finally {
        file.close();
      }
    });
  },
};
