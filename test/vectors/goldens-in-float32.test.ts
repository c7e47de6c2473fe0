/**
 * Every golden model in float32: each operation of its pass, adapters included, within the bound that is derived for
 * it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { load } from '../../src/language-model/node.ts';
import { checked } from '../support/float32/checked-backend.ts';
import { backendIn, GPU_MODES, labelOf, modesHere } from '../support/gpu-modes.ts';

interface Case {
  readonly folders: { readonly base: string; readonly adapters: readonly string[] };
  readonly tokens: readonly (readonly number[])[];
}

const root = new URL('../../fixtures/goldens/', import.meta.url).pathname;
const names = readdirSync(root).filter((name) => existsSync(join(root, name, 'case.json')));

for (const mode of GPU_MODES) {
  describe.skipIf(!modesHere.includes(mode))(`goldens: ${labelOf(mode)}`, () => {
    const device = modesHere.includes(mode) ? backendIn(mode) : null!;

    it.each(names)('%s', async (name) => {
      const { folders, tokens } = JSON.parse(readFileSync(join(root, name, 'case.json'), 'utf8')) as Case;
      const { backend, runs, outliers } = checked(device);
      const adapter = folders.adapters[0];
      const model = await load(join(root, name, folders.base), {
        backend,
        ...(adapter !== undefined && { adapter: join(root, name, adapter) }),
      });
      await model.logits(tokens[0]!.slice(0, 8));
      expect(outliers).toEqual([]);
      expect(runs.get('linear')).toBeGreaterThan(4);
    });
  });
}

it('the check itself fails for one wrong operation', async () => {
  const device = backendIn('webasm');
  Object.assign(device.ops, { silu: device.ops.gelu });
  const { backend, outliers } = checked(device);
  const model = await load(join(root, 'llama-mha/base'), { backend });
  await model.logits([1, 2, 3]);
  expect(outliers[0]).toMatch(/^silu, number/);
});
