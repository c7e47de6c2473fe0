import { rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MismatchError, MissingFileError, NonFiniteError, UnsupportedError } from '../../../src/errors.ts';
import { inspectFolder, loadAdapterFolder, loadCheckpoint } from '../../../src/formats/node/by-path.ts';
import { stored, widened } from '../../../src/numerics/stored.ts';
import { base, type Changes, full, loraFolder, newFolder, zeros } from '../../support/adapter-folders.ts';
import { adapterTensors, tinyConfig, writeLora } from '../../support/format-folders.ts';
import { randomModel } from '../../support/random-model.ts';

const linears = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'];
const qProj = 'base_model.model.model.layers.0.self_attn.q_proj';

describe('a LoRA', () => {
  it('on every linear layer and the LM head', () => {
    const folder = newFolder();
    writeLora(folder, adapterTensors(full), { target_modules: [...linears, 'lm_head'], lora_alpha: 1.5 });
    const loaded = loadAdapterFolder(folder, base);
    expect(loaded).toMatchObject({ kind: 'lora', heads: null, warnings: [] });
    expect(loaded.adapter).toEqual({ name: basename(folder), updates: full.updates });
  });

  it('all-linear leaves the LM head out', () => {
    const folder = newFolder();
    const updates = new Map([...full.updates].filter(([path]) => path !== 'lm_head'));
    writeLora(folder, adapterTensors({ name: '', updates }), { target_modules: 'all-linear' });
    expect([...loadAdapterFolder(folder, base).adapter!.updates.keys()]).toEqual([...updates.keys()]);
    writeLora(folder, adapterTensors(full), { target_modules: 'all-linear' });
    expect(() => loadAdapterFolder(folder, base)).toThrow(
      /lm_head\.lora_A\.weight: expected a module that target_modules selects/,
    );
  });

  it('r 16, alpha 8 scales by a half, and by 2 with rsLoRA', () => {
    const tensors = (r: number): Changes => ({
      [`${qProj}.lora_A.weight`]: zeros([r, 12]),
      [`${qProj}.lora_B.weight`]: zeros([16, r]),
      [`${qProj.replace('.0.', '.1.')}.lora_A.weight`]: zeros([r, 12]),
      [`${qProj.replace('.0.', '.1.')}.lora_B.weight`]: zeros([16, r]),
    });
    const scales = (config: object) =>
      [
        ...loadAdapterFolder(
          loraFolder({ r: 16, lora_alpha: 8, ...config }, tensors(16)),
          base,
        ).adapter!.updates.values(),
      ].map((update) => update.scale);
    expect(scales({})).toEqual([0.5, 0.5]);
    expect(scales({ use_rslora: true })).toEqual([2, 2]);
  });

  it('a base that is certainly another one is a warning; the name of a folder is not', () => {
    const folder = loraFolder({ base_model_name_or_path: 'somebody/other-7B' });
    expect(loadAdapterFolder(folder, base, 'base-13b').warnings).toEqual([
      `${folder}: trained on somebody/other-7B, used on base-13b`,
    ]);
    for (const name of ['base', 'checkpoint-500', '/models/other-7b/', 'somebody--other-7B']) {
      expect(loadAdapterFolder(folder, base, name).warnings).toEqual([]);
    }
    expect(loadAdapterFolder(folder, base).warnings).toEqual([]);
  });

  it("the copy of the LM head that PEFT saves must be the base's", () => {
    const copy = 'base_model.model.lm_head.base_layer.weight';
    const embedding = 'base_model.model.model.embed_tokens.weight';
    const same = loraFolder({}, { [copy]: base.head.weight, [embedding]: base.embedding.table });
    expect(loadAdapterFolder(same, base).adapter!.updates.size).toBe(2);
    const other = () => loadAdapterFolder(loraFolder({}, { [copy]: base.embedding.table }), base);
    expect(other).toThrow(MismatchError);
    expect(other).toThrow(/lm_head\.base_layer\.weight: expected the base's values, got others/);
    expect(() => loadAdapterFolder(loraFolder({}, { [copy]: zeros([13, 12]) }), base)).toThrow(
      /lm_head\.base_layer\.weight: expected shape \[11, 12\], got \[13, 12\]/,
    );
  });

  it('bias all and lora_only, where the base has no biases; refused where it has', () => {
    for (const bias of ['all', 'lora_only']) {
      expect(loadAdapterFolder(loraFolder({ bias }), base).adapter!.updates.size).toBe(2);
      const biased = randomModel(1, {
        ...tinyConfig,
        bias: { queryKeyValue: true, attentionOutput: false, mlp: false },
      });
      const refused = () => loadAdapterFolder(loraFolder({ bias }), biased);
      expect(refused).toThrow(UnsupportedError);
      expect(refused).toThrow(/PEFT option bias: expected "none", because the base has biases/);
    }
    const others = randomModel(1, { ...tinyConfig, bias: { queryKeyValue: false, attentionOutput: true, mlp: false } });
    expect(loadAdapterFolder(loraFolder({ bias: 'lora_only' }), others).adapter!.updates.size).toBe(2);
    expect(() => loadAdapterFolder(loraFolder({ bias: 'all' }), others)).toThrow(/PEFT option bias/);
  });

  it('fan_in_fan_out is a warning, as it is to PEFT', () => {
    const folder = loraFolder({ fan_in_fan_out: true });
    const loaded = loadAdapterFolder(folder, base);
    expect(loaded.warnings).toEqual([expect.stringContaining('fan_in_fan_out is ignored')]);
    expect(loaded.adapter!.updates).toEqual(loadAdapterFolder(loraFolder(), base).adapter!.updates);
  });

  it('fan_in_fan_out is right where weights lie transposed; absent targets are those of the family', () => {
    const golden = new URL('../../../fixtures/goldens/lora-gpt2/', import.meta.url).pathname;
    const { transformer } = loadCheckpoint(join(golden, 'base'));
    const loaded = loadAdapterFolder(join(golden, 'adapter'), transformer);
    expect(loaded.warnings).toEqual([]);
    const updates = new Map([...loaded.adapter!.updates].filter(([path]) => path.endsWith('.c_attn')));
    expect(updates.size).toBe(2);
    const folder = newFolder();
    writeLora(folder, adapterTensors({ name: '', updates }), { target_modules: null, r: 3 });
    expect([...loadAdapterFolder(folder, transformer).adapter!.updates.keys()]).toEqual([...updates.keys()]);
    expect(inspectFolder(folder).problems).toEqual([]);
  });

  describe('an LM head that was saved rounded', () => {
    const rounded = stored('head', 'F32', Float32Array.from(widened(base.head.weight)), base.head.weight.shape);
    const copy = 'base_model.model.lm_head.base_layer.weight';
    const headFactors = Object.fromEntries(
      [...adapterTensors(full)].filter(([name]) => name.startsWith('base_model.model.lm_head.')),
    );
    const target_modules = ['q_proj', 'lm_head'];

    it("takes the place of the base's, with a warning", () => {
      const loaded = loadAdapterFolder(loraFolder({ target_modules }, { ...headFactors, [copy]: rounded }), base);
      expect(loaded.adapter!.updates.get('lm_head')!.weight).toEqual(rounded);
      expect(loaded.warnings).toEqual([expect.stringContaining('saved rounded')]);
      const exact = loadAdapterFolder(
        loraFolder({ target_modules }, { ...headFactors, [copy]: base.head.weight }),
        base,
      );
      expect(exact.adapter!.updates.get('lm_head')!.weight).toBe(undefined);
      expect(exact.warnings).toEqual([]);
    });

    it('is refused without a LoRA on it, on tied tables, and where it is something else', () => {
      expect(() => loadAdapterFolder(loraFolder({}, { [copy]: rounded }), base)).toThrow(MismatchError);
      const tied = { ...base, config: { ...base.config, tiedEmbeddings: true } };
      const folder = loraFolder({ target_modules }, { ...headFactors, [copy]: rounded });
      expect(() => loadAdapterFolder(folder, tied)).toThrow(/because it ties its tables, got rounded ones/);
      const other = loraFolder({ target_modules }, { ...headFactors, [copy]: base.embedding.table });
      expect(() => loadAdapterFolder(other, base)).toThrow(/expected the base's values, got others/);
    });
  });

  it.each<[Record<string, unknown>, Changes, RegExp]>([
    [
      {},
      { [`${qProj}.lora_B.weight`]: null },
      /q_proj\.lora_B\.weight: expected a tensor of shape \[16, 2\], because target_modules selects the module, got none/,
    ],
    [{}, { [`${qProj}.lora_A.weight`]: null }, /q_proj\.lora_A\.weight: expected a tensor/],
    [
      {},
      { [`${qProj}.lora_A.weight`]: zeros([2, 13]) },
      /layers\.0\.self_attn\.q_proj\.lora_A\.weight: expected shape \[2, 12\], got \[2, 13\]/,
    ],
    [{}, { [`${qProj}.lora_B.weight`]: zeros([15, 2]) }, /expected shape \[16, 2\], got \[15, 2\]/],
    [{ r: 3 }, {}, /expected shape \[3, 12\], got \[2, 12\]/],
    [{ target_modules: ['q_proj', 'o_proj'] }, {}, /layers\.0\.self_attn\.o_proj\.lora_A\.weight: expected a tensor/],
    [{ layers_to_transform: [0] }, {}, /layers\.1\.self_attn\.q_proj.*: expected a module that target_modules selects/],
    [
      {},
      { [`${qProj.replace('.0.', '.7.')}.lora_A.weight`]: zeros([2, 12]) },
      /: expected a linear layer of the base, got model\.layers\.7\.self_attn\.q_proj/,
    ],
    [{ target_modules: ['c_attn'] }, {}, /target_modules: expected modules of the base, got none/],
  ])('that does not fit the base: %#', (config, changes, message) => {
    const folder = loraFolder(config, changes);
    expect(() => loadAdapterFolder(folder, base)).toThrow(MismatchError);
    expect(() => loadAdapterFolder(folder, base)).toThrow(message);
  });

  it.each<[Record<string, unknown>, Changes, RegExp]>([
    [
      {},
      { 'base_model.model.model.embed_tokens.lora_embedding_A': zeros([2, 11]) },
      /embed_tokens\.lora_embedding_A: expected lora_A/,
    ],
    [{}, { [`${qProj}.lora_magnitude_vector`]: zeros([16]) }, /lora_magnitude_vector/],
    [{}, { [`${qProj}.lora_B.bias`]: zeros([16]) }, /lora_B\.bias/],
    [{}, { [`${qProj}.lora_A.default.weight`]: zeros([2, 12]) }, /lora_A\.default\.weight/],
    [{}, { 'model.layers.0.self_attn.q_proj.lora_A.weight': zeros([2, 12]) }, /: model\.layers\.0/],
    [{ target_modules: ['embed_tokens'] }, {}, /target_modules: expected linear layers only, got model\.embed_tokens/],
    [{ target_modules: '.*' }, {}, /expected linear layers only, got model/],
    [{ use_dora: true }, {}, /PEFT option use_dora: expected false/],
  ])('that is not implemented: %#', (config, changes, message) => {
    const folder = loraFolder(config, changes);
    expect(() => loadAdapterFolder(folder, base)).toThrow(UnsupportedError);
    expect(() => loadAdapterFolder(folder, base)).toThrow(message);
  });

  it('NaN names the tensor', () => {
    const bad = stored(
      'x',
      'F32',
      Float32Array.from({ length: 24 }, () => Number.NaN),
      [2, 12],
    );
    const folder = loraFolder({}, { [`${qProj}.lora_A.weight`]: bad });
    expect(() => loadAdapterFolder(folder, base)).toThrow(NonFiniteError);
    expect(() => loadAdapterFolder(folder, base)).toThrow(`${qProj}.lora_A.weight`);
  });

  it.each(['adapter_model.bin', 'adapter_model.pt'])('as pickle: %s', (name) => {
    const folder = loraFolder();
    rmSync(join(folder, 'adapter_model.safetensors'));
    writeFileSync(join(folder, name), 'x');
    for (const file of ['', 'adapter_config.json']) {
      if (file !== '') rmSync(join(folder, file));
      expect(() => loadAdapterFolder(folder, base)).toThrow(UnsupportedError);
      expect(() => loadAdapterFolder(folder, base)).toThrow(/instead of a pickle file/);
    }
  });

  it('missing files', () => {
    expect(() => loadAdapterFolder(join(newFolder(), 'absent'), base)).toThrow(MissingFileError);
    expect(() => loadAdapterFolder(newFolder(), base)).toThrow(
      /expected adapter_config\.json or medusa_lm_head\.safetensors, got neither/,
    );
    const folder = loraFolder();
    rmSync(join(folder, 'adapter_config.json'));
    expect(() => loadAdapterFolder(folder, base)).toThrow(/adapter_config\.json: expected a file/);
    const empty = loraFolder();
    rmSync(join(empty, 'adapter_model.safetensors'));
    expect(() => loadAdapterFolder(empty, base)).toThrow(/adapter_model\.safetensors: expected a file, got none/);
  });

  it('the config.json of a base next to it does not announce heads', () => {
    const folder = loraFolder();
    writeFileSync(join(folder, 'config.json'), '{"model_type": "llama"}');
    expect(loadAdapterFolder(folder, base).kind).toBe('lora');
  });
});
