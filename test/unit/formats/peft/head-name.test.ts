import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MismatchError } from '../../../../src/errors.ts';
import { inspectFolder, loadAdapterFolder, loadCheckpoint } from '../../../../src/formats/node/by-path.ts';
import type { Stored } from '../../../../src/numerics/stored.ts';
import { base, type Changes, loraFolder, newFolder } from '../../../support/adapter-folders.ts';
import { adapterTensors, writeLora } from '../../../support/format-folders.ts';

/**
 * The golden is by PEFT on transformers 5, which calls the head `lm_head`; on transformers 4 it was `embed_out`, as in
 * checkpoints.
 */
describe('an LM head with two names', () => {
  const golden = new URL('../../../../fixtures/goldens/lora-gpt-neox-head/', import.meta.url).pathname;
  const { transformer } = loadCheckpoint(join(golden, 'base'));
  const { updates } = loadAdapterFolder(join(golden, 'adapter'), transformer).adapter!;
  const written = (config: Record<string, unknown>, adapted = updates, changes: Changes = {}): string => {
    const folder = newFolder();
    const tensors = new Map([...adapterTensors({ name: '', updates: adapted }), ...Object.entries(changes)]);
    writeLora(folder, tensors as Map<string, Stored>, { r: 3, lora_alpha: 5, ...config });
    return folder;
  };
  const called = (name: string) =>
    new Map([...updates].map(([path, update]) => [path === 'embed_out' ? name : path, update]));
  const without = new Map([...updates].filter(([path]) => path !== 'embed_out'));
  const targets = (head: string) => ({ target_modules: ['query_key_value', head], rank_pattern: { [head]: 2 } });
  const reading = (folder: string) => () => loadAdapterFolder(folder, transformer);

  it('is adapted under either, and the update is that of the base', () => {
    expect([...updates.keys()].at(-1)).toBe('embed_out');
    expect(inspectFolder(join(golden, 'adapter')).problems).toEqual([]);
    for (const head of ['embed_out', 'lm_head']) {
      const loaded = loadAdapterFolder(written(targets(head), called(head)), transformer);
      expect(loaded.adapter!.updates).toEqual(updates);
    }
  });

  it('must have the copy of its table under the same name', () => {
    const copy = (head: string, table: Stored) => ({ [`base_model.model.${head}.base_layer.weight`]: table });
    const { head, embedding } = transformer;
    const same = written(targets('lm_head'), called('lm_head'), copy('lm_head', head.weight));
    expect(loadAdapterFolder(same, transformer).adapter!.updates).toEqual(updates);
    const other = written(targets('lm_head'), called('lm_head'), copy('lm_head', embedding.table));
    expect(reading(other)).toThrow(/lm_head\.base_layer\.weight: expected the base's values, got others/);
    const alone = written({ target_modules: ['query_key_value'] }, without, copy('lm_head', head.weight));
    expect(loadAdapterFolder(alone, transformer).adapter!.updates).toEqual(without);
  });

  it('is left out by all-linear under either', () => {
    expect(
      loadAdapterFolder(
        written(
          { target_modules: 'all-linear', exclude_modules: ['dense', 'dense_h_to_4h', 'dense_4h_to_h'] },
          without,
        ),
        transformer,
      ).adapter!.updates,
    ).toEqual(without);
    for (const head of ['embed_out', 'lm_head']) {
      const folder = written({ ...targets(head), target_modules: 'all-linear' }, called(head));
      expect(reading(folder)).toThrow(MismatchError);
    }
  });

  it('must be targeted by the name that its tensors have, and have tensors when it is targeted', () => {
    expect(reading(written(targets('embed_out'), called('lm_head')))).toThrow(
      /lm_head\.lora_A\.weight: expected a module that target_modules selects/,
    );
    for (const head of ['embed_out', 'lm_head']) {
      expect(reading(written(targets(head), without))).toThrow(
        new RegExp(`${head}\\.lora_A\\.weight: expected a tensor`),
      );
    }
    const both = new Map([...updates, ...called('lm_head')]);
    expect(reading(written(targets('embed_out'), both))).toThrow(/expected a linear layer of the base, got lm_head/);
  });

  it('is not a name of other families', () => {
    const folder = loraFolder({ target_modules: ['q_proj', 'embed_out'] });
    expect([...loadAdapterFolder(folder, base).adapter!.updates.keys()]).not.toContain('lm_head');
  });
});
