import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConflictError, FormatError, MissingFileError, NonFiniteError, UnsupportedError } from '../../../src/errors.ts';
import { loadCheckpoint } from '../../../src/formats/node/by-path.ts';
import { writeSafetensors } from '../../../src/formats/safetensors/node.ts';
import { type Stored, stored } from '../../../src/numerics/stored.ts';
import {
  configJson,
  rawSafetensors,
  subfolder,
  temporaryFolder,
  tensorsOf,
  tinyConfig,
  writeCheckpoint,
  writeJson,
} from '../../support/format-folders.ts';
import { randomModel } from '../../support/random-model.ts';

const root = temporaryFolder();
let count = 0;
const newFolder = (): string => subfolder(root, `checkpoint-${count++}`);

const model = randomModel(1, tinyConfig);
const tensors = tensorsOf(model);

/** Loads a single-file checkpoint with these changes to tensors (null removes one) and config. */
function loadWith(changes: Record<string, Stored | null>, config: object = {}) {
  const folder = newFolder();
  const changed = new Map(tensors);
  for (const [name, weights] of Object.entries(changes)) {
    if (weights === null) changed.delete(name);
    else changed.set(name, weights);
  }
  writeCheckpoint(folder, changed, { ...configJson(), ...config });
  return loadCheckpoint(folder);
}

const zeros = (shape: number[]): Stored =>
  stored('zeros', 'F32', new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);

describe('loadCheckpoint', () => {
  it('a single file gives back the model', () => {
    const loaded = loadWith({});
    expect(loaded.transformer).toEqual(model);
    expect(loaded.warnings).toEqual([]);
    expect(loaded.name).toMatch(/^checkpoint-/);
  });

  it('biases of all kinds', () => {
    const config = { ...tinyConfig, bias: { queryKeyValue: true, attentionOutput: true, mlp: true } };
    const biased = randomModel(2, config);
    const folder = newFolder();
    writeCheckpoint(folder, tensorsOf(biased), { ...configJson(config), attention_bias: true, mlp_bias: true });
    expect(loadCheckpoint(folder).transformer).toEqual(biased);
  });

  it('names without the prefix model., as of a bare decoder', () => {
    const folder = newFolder();
    writeCheckpoint(folder, new Map([...tensors].map(([name, w]) => [name.replace(/^model\./, ''), w])));
    expect(loadCheckpoint(folder).transformer).toEqual(model);
  });

  it('old rotary frequencies are dropped', () => {
    expect(loadWith({ 'model.layers.0.self_attn.rotary_emb.inv_freq': zeros([2]) }).transformer).toEqual(model);
  });

  it.each([
    [
      { 'model.norm.weight': null },
      {},
      FormatError,
      /: model\.norm\.weight: expected a tensor of shape \[12\], got none/,
    ],
    [{ 'lm_head.weight': null }, {}, FormatError, /: lm_head\.weight: expected a tensor of shape \[11, 12\], got none/],
    [
      { 'model.norm.weight': zeros([13]) },
      {},
      FormatError,
      /model\.safetensors: model\.norm\.weight: expected shape \[12\], got \[13\]/,
    ],
    [{ 'model.norm.weight': zeros([12, 1]) }, {}, FormatError, /expected shape \[12\], got \[12, 1\]/],
    [{}, { vocab_size: 12 }, FormatError, /embed_tokens\.weight: expected shape \[12, 12\], got \[11, 12\]/],
    [{}, { num_hidden_layers: 4096 }, FormatError, /model\.layers\.2\.input_layernorm\.weight: expected a tensor/],
    [{}, { num_hidden_layers: 1 }, UnsupportedError, /model\.layers\.1\..*: expected only tensors that the model uses/],
    [
      { 'model.layers.0.self_attn.q_proj.bias': zeros([16]) },
      {},
      UnsupportedError,
      /q_proj\.bias: .* got an unknown tensor/,
    ],
    [{ 'model.extra.weight': zeros([1]) }, {}, UnsupportedError, /: model\.extra\.weight: /],
    [{ 'norm.weight': zeros([12]) }, {}, UnsupportedError, /: norm\.weight: /],
  ])('refuses by name: %#', (changes, config, error, message) => {
    expect(() => loadWith(changes, config)).toThrow(error);
    expect(() => loadWith(changes, config)).toThrow(message);
  });

  it('a NaN names its tensor', () => {
    const weights = stored('x', 'F32', new Float32Array(12 * 10), [12, 10]);
    weights.data[25] = Number.NaN;
    const run = () => loadWith({ 'model.layers.1.mlp.down_proj.weight': weights });
    expect(run).toThrow(NonFiniteError);
    expect(run).toThrow(
      /model\.safetensors: model\.layers\.1\.mlp\.down_proj\.weight: expected finite weights, .* at \[2, 5\]/,
    );
  });

  it('integers as weights', () => {
    const folder = newFolder();
    writeJson(folder, 'config.json', configJson());
    const header = { 'model.embed_tokens.weight': { dtype: 'I8', shape: [11, 12], data_offsets: [0, 132] } };
    writeFileSync(join(folder, 'model.safetensors'), rawSafetensors(header, 132));
    expect(() => loadCheckpoint(folder)).toThrow(
      /embed_tokens\.weight: expected weights in F64, F32, F16 or BF16, got I8/,
    );
  });
});

describe('tied embeddings', () => {
  const tie = { tie_word_embeddings: true };

  it('one table for both, whichever is there', () => {
    const tied = loadWith({ 'lm_head.weight': null }, tie).transformer;
    expect(tied.head.weight).toBe(tied.embedding.table);
    expect(tied.embedding).toEqual(model.embedding);
    const other = loadWith({ 'model.embed_tokens.weight': null }, tie).transformer;
    expect(other.embedding.table).toEqual(model.head.weight);
    const both = loadWith({ 'lm_head.weight': model.embedding.table }, tie).transformer;
    expect(both.head.weight).toBe(both.embedding.table);
  });

  it('two tables that differ contradict the configuration', () => {
    expect(() => loadWith({}, tie)).toThrow(ConflictError);
    expect(() => loadWith({}, tie)).toThrow(
      /lm_head\.weight: expected the values of model\.embed_tokens\.weight, because config\.json ties them/,
    );
  });
});

describe('missing files', () => {
  it('folder, config, weights', () => {
    expect(() => loadCheckpoint(join(root, 'absent'))).toThrow(MissingFileError);
    const folder = newFolder();
    expect(() => loadCheckpoint(folder)).toThrow(/config\.json: expected a file, got ENOENT/);
    writeJson(folder, 'config.json', configJson());
    expect(() => loadCheckpoint(folder)).toThrow(/expected this file or model\.safetensors\.index\.json, got neither/);
  });

  it.each(['pytorch_model.bin', 'consolidated.00.pth', 'model.pt', 'pytorch_model.bin.index.json'])(
    'only %s',
    (name) => {
      const folder = newFolder();
      writeJson(folder, 'config.json', configJson());
      writeFileSync(join(folder, name), 'x');
      expect(() => loadCheckpoint(folder)).toThrow(UnsupportedError);
      expect(() => loadCheckpoint(folder)).toThrow(
        new RegExp(`${name}: expected model\\.safetensors instead of a pickle file`),
      );
    },
  );
});

describe('shards', () => {
  const names = [...tensors.keys()];
  const shardOf = (name: string): string => `model-0000${1 + (names.indexOf(name) % 2)}-of-00002.safetensors`;

  function writeShards(change: (map: Record<string, unknown>, folder: string) => void = () => {}): string {
    const folder = newFolder();
    writeJson(folder, 'config.json', configJson());
    for (const shard of new Set(names.map(shardOf))) {
      writeSafetensors(join(folder, shard), new Map([...tensors].filter(([name]) => shardOf(name) === shard)));
    }
    const map: Record<string, unknown> = Object.fromEntries(names.map((name) => [name, shardOf(name)]));
    change(map, folder);
    writeJson(folder, 'model.safetensors.index.json', { metadata: { total_size: 1 }, weight_map: map });
    return folder;
  }

  const put = (name: string, value: unknown) => (map: Record<string, unknown>) => {
    map[name] = value;
  };
  const drop =
    (...dropped: string[]) =>
    (map: Record<string, unknown>) => {
      for (const name of dropped) delete map[name];
    };

  it('give the same model as one file', () => {
    expect(loadCheckpoint(writeShards()).transformer).toEqual(model);
  });

  it.each<[string, (map: Record<string, unknown>, folder: string) => void, RegExp]>([
    ['a path upwards', put(names[0]!, '../model.safetensors'), /expected the name of a file in the same folder/],
    ['an absolute path', put(names[0]!, '/etc/passwd'), /got "\/etc\/passwd"/],
    ['a number', put(names[0]!, 3), /expected the name of a file, got 3/],
    [
      'another shard than it is in',
      put(names[0]!, shardOf(names[1]!)),
      /expected a tensor, because .*index\.json lists it, got none/,
    ],
    ['a tensor that is nowhere', put('model.novel', shardOf(names[0]!)), /model\.novel: expected a tensor, because/],
    ['one tensor too few', drop(names[0]!), /expected to be listed in .*index\.json, got nothing/],
    ['nothing', drop(...names), /weight_map: expected at least one tensor/],
    [
      'a link out of the folder',
      (map, folder) => {
        writeFileSync(join(root, 'outside'), '');
        symlinkSync('../outside', join(folder, 'linked'));
        map[names[0]!] = 'linked';
      },
      /got "linked", a link out of it/,
    ],
  ])('an index that lists %s', (_, change, message) => {
    const folder = writeShards(change);
    expect(() => loadCheckpoint(folder)).toThrow(FormatError);
    expect(() => loadCheckpoint(folder)).toThrow(message);
  });

  it('a missing shard', () => {
    const folder = writeShards();
    rmSync(join(folder, shardOf(names[1]!)));
    expect(() => loadCheckpoint(folder)).toThrow(MissingFileError);
    expect(() => loadCheckpoint(folder)).toThrow(
      /model-00002-of-00002\.safetensors: expected a file, because .*index\.json names it/,
    );
  });

  it.each([
    [{ weight_map: [] }, /weight_map: expected an object/],
    [{}, /weight_map: expected an object/],
    [{ weight_map: {}, more: 1 }, /expected weight_map and metadata, got more/],
  ])('an index that says %j', (index, message) => {
    const folder = writeShards();
    writeJson(folder, 'model.safetensors.index.json', index);
    expect(() => loadCheckpoint(folder)).toThrow(message);
  });

  it('a single file next to shards is preferred', () => {
    const folder = writeShards(put(names[0]!, 'absent'));
    writeSafetensors(join(folder, 'model.safetensors'), tensors);
    expect(loadCheckpoint(folder).transformer).toEqual(model);
  });
});
