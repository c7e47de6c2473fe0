import { rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FormatError, MismatchError, MissingFileError, NonFiniteError, UnsupportedError } from '../../../src/errors.ts';
import { loadAdapterFolder } from '../../../src/formats/adapter-folder.ts';
import { type Stored, stored } from '../../../src/numerics/stored.ts';
import {
  adapterTensors,
  headTensors,
  subfolder,
  temporaryFolder,
  tinyConfig,
  writeHeads,
  writeLora,
} from '../../support/format-folders.ts';
import { randomAdapter, randomHeads, randomModel } from '../../support/random-model.ts';

const root = temporaryFolder();
let count = 0;
const newFolder = (): string => subfolder(root, `adapter-${count++}`);

const base = randomModel(1, tinyConfig);
const full = randomAdapter(2, base);
const heads = randomHeads(3, tinyConfig, 2);
const zeros = (shape: number[]): Stored =>
  stored('zeros', 'F32', new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);

const linears = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'];
const qProj = 'base_model.model.model.layers.0.self_attn.q_proj';

type Changes = Record<string, Stored | null>;

function changed(tensors: Map<string, Stored>, changes: Changes): Map<string, Stored> {
  for (const [name, weights] of Object.entries(changes)) {
    if (weights === null) tensors.delete(name);
    else tensors.set(name, weights);
  }
  return tensors;
}

/** A LoRA on q_proj of both layers, unless told otherwise. */
function loraFolder(config: Record<string, unknown> = {}, changes: Changes = {}): string {
  const folder = newFolder();
  const updates = new Map([...full.updates].filter(([path]) => path.endsWith('q_proj')));
  const tensors = changed(adapterTensors({ name: '', updates }), changes);
  writeLora(folder, tensors, { target_modules: ['q_proj'], ...config });
  return folder;
}

function headsFolder(config: object = {}, changes: Changes = {}): string {
  const folder = newFolder();
  writeHeads(folder, changed(headTensors(heads), changes), { medusa_num_heads: 2, medusa_num_layers: 1, ...config });
  return folder;
}

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

  it('a base of another name is a warning', () => {
    const folder = loraFolder({ base_model_name_or_path: 'somebody/other-base' });
    expect(loadAdapterFolder(folder, base, 'the-base').warnings).toEqual([
      `${folder}: trained on somebody/other-base, used on the-base`,
    ]);
    expect(loadAdapterFolder(folder, base, '/models/other-base/').warnings).toEqual([]);
    expect(loadAdapterFolder(folder, base).warnings).toEqual([]);
  });

  it("the copy of the LM head that PEFT saves must be the base's", () => {
    const copy = 'base_model.model.lm_head.base_layer.weight';
    const embedding = 'base_model.model.model.embed_tokens.weight';
    const same = loraFolder({}, { [copy]: base.head.weight, [embedding]: base.embedding });
    expect(loadAdapterFolder(same, base).adapter!.updates.size).toBe(2);
    const other = () => loadAdapterFolder(loraFolder({}, { [copy]: base.embedding }), base);
    expect(other).toThrow(MismatchError);
    expect(other).toThrow(/lm_head\.base_layer\.weight: expected the base's values, got others/);
    expect(() => loadAdapterFolder(loraFolder({}, { [copy]: zeros([13, 12]) }), base)).toThrow(
      /the base's shape \[11, 12\], got \[13, 12\]/,
    );
  });

  it.each<[Record<string, unknown>, Changes, RegExp]>([
    [
      {},
      { [`${qProj}.lora_B.weight`]: null },
      /q_proj\.lora_B\.weight: expected a tensor, because target_modules selects the module, got none/,
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
    expect(() => loadAdapterFolder(join(root, 'absent'), base)).toThrow(MissingFileError);
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

  it('the config.json of a base next to it is no announcement of heads', () => {
    const folder = loraFolder();
    writeFileSync(join(folder, 'config.json'), '{"model_type": "llama"}');
    expect(loadAdapterFolder(folder, base).kind).toBe('lora');
  });
});

describe('speculative heads', () => {
  it('turbo heads share the LM head', () => {
    const loaded = loadAdapterFolder(headsFolder({ version: 2 }), base);
    expect(loaded).toEqual({ adapter: null, heads, kind: 'turbo', warnings: [] });
  });

  it('Medusa heads have layers and an LM head of their own', () => {
    const medusa = heads.map(({ layers }) => ({ layers: [...layers, ...layers], output: base.head.weight }));
    const folder = newFolder();
    writeHeads(folder, headTensors(medusa), {
      medusa_num_heads: 2,
      medusa_num_layers: 2,
      base_model_name_or_path: 'b',
    });
    expect(loadAdapterFolder(folder, base).heads).toEqual(medusa);
  });

  it('the tensors count, not the version', () => {
    for (const version of [1, '1', '1.0']) {
      const loaded = loadAdapterFolder(headsFolder({ version }), base);
      expect(loaded.heads![0]!.output).toBe(null);
      expect(loaded.warnings[0]).toMatch(/version 1, but the tensors are those of version 2, which counts/);
    }
  });

  it('with a LoRA they are a Turbo LoRA', () => {
    const folder = loraFolder({ base_model_name_or_path: 'one' });
    writeHeads(folder, headTensors(heads), {
      medusa_num_heads: 2,
      medusa_num_layers: 1,
      base_model_name_or_path: 'two',
    });
    const loaded = loadAdapterFolder(folder, base, 'three');
    expect(loaded.kind).toBe('turbo_lora');
    expect(loaded.warnings.length).toBe(2);
  });

  it.each<[object, Changes, new (...args: never[]) => Error, RegExp]>([
    [
      {},
      { '0.0.linear.weight': zeros([13, 13]) },
      MismatchError,
      /0\.0\.linear\.weight: expected shape \[12, 12\], to fit the base, got \[13, 13\]/,
    ],
    [{}, { '1.0.linear.bias': null }, FormatError, /1\.0\.linear\.bias: expected a tensor of shape \[12\], got none/],
    [{ medusa_num_heads: 3 }, {}, FormatError, /2\.0\.linear\.weight/],
    [
      { medusa_num_heads: 1 },
      {},
      FormatError,
      /1\.0\.linear\..*: expected only tensors that config\.json accounts for/,
    ],
    [
      {},
      { '0.1.weight': zeros([10, 12]), '1.1.weight': zeros([10, 12]) },
      MismatchError,
      /0\.1\.weight: expected shape \[11, 12\]/,
    ],
    [{}, { '0.1.weight': zeros([11, 12]) }, FormatError, /1\.1\.weight: expected a tensor/],
    [{}, { '1.1.weight': zeros([11, 12]) }, FormatError, /1\.1\.weight: expected only tensors/],
    [
      { medusa_num_layers: 2 },
      {},
      UnsupportedError,
      /medusa_num_layers: expected 1 for heads without an own LM head, got 2/,
    ],
    [{ medusa_num_layers: 0 }, {}, UnsupportedError, /medusa_num_layers/],
    [{ medusa_num_heads: 0 }, {}, FormatError, /medusa_num_heads/],
    [{ medusa_num_heads: 1e9 }, {}, FormatError, /medusa_num_heads/],
    [{ version: 3 }, {}, UnsupportedError, /version: expected 1 or 2, got 3/],
    [{ version: 'x' }, {}, UnsupportedError, /version/],
    [{ novel: 1 }, {}, UnsupportedError, /config\.json: novel: expected a known key/],
  ])('refused: %#', (config, changes, error, message) => {
    const folder = headsFolder(config, changes);
    expect(() => loadAdapterFolder(folder, base)).toThrow(error);
    expect(() => loadAdapterFolder(folder, base)).toThrow(message);
  });

  it('NaN, pickle and missing files', () => {
    const bad = stored('x', 'BF16', new Uint16Array(12).fill(0x7fc0), [12]);
    expect(() => loadAdapterFolder(headsFolder({}, { '0.0.linear.bias': bad }), base)).toThrow(NonFiniteError);
    const folder = headsFolder();
    rmSync(join(folder, 'medusa_lm_head.safetensors'));
    expect(() => loadAdapterFolder(folder, base)).toThrow(/medusa_lm_head\.safetensors: expected a file, got none/);
    writeFileSync(join(folder, 'medusa_lm_head.pt'), 'x');
    expect(() => loadAdapterFolder(folder, base)).toThrow(/instead of a pickle file/);
  });
});
