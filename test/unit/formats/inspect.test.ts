import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MissingFileError, UnsupportedError } from '../../../src/errors.ts';
import { inspectFolder, loadCheckpoint } from '../../../src/formats/node/by-path.ts';
import { type Stored, stored } from '../../../src/numerics/stored.ts';
import {
  adapterTensors,
  configJson,
  headTensors,
  rawSafetensors,
  subfolder,
  temporaryFolder,
  tensorsOf,
  tinyConfig,
  writeCheckpoint,
  writeHeads,
  writeJson,
  writeLora,
} from '../../support/format-folders.ts';
import { randomAdapter, randomHeads, randomModel } from '../../support/random-model.ts';

const root = temporaryFolder();
let count = 0;
const newFolder = (): string => subfolder(root, `${count++}`);
const model = randomModel(1, tinyConfig);
const EVERY_LINEAR = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj', 'lm_head'];

const Q_PROJ = 'base_model.model.model.layers.0.self_attn.q_proj';
const vector = (size: number): Stored => stored('vector', 'F32', new Float32Array(size), [size]);

describe('inspectFolder', () => {
  it('a checkpoint', () => {
    const folder = newFolder();
    writeCheckpoint(folder, tensorsOf(model));
    writeJson(folder, 'generation_config.json', { eos_token_id: 3 });
    const report = inspectFolder(folder);
    expect(report).toMatchObject({ lora: null, heads: null, tokenizer: null, problems: [] });
    const { bias: _, normEpsilon: __, rope, ...sizes } = tinyConfig;
    const config = { ...sizes, windows: [null], rope: [rope], experts: null };
    expect(report.checkpoint).toMatchObject({ family: 'llama', architecture: 'LlamaForCausalLM' });
    expect(report.checkpoint!.config).toEqual(config);
    // By hand: V D; (2 H Dh + 2 Hkv Dh) D L; 3 F D L; (2 L + 1) D; V D.
    const byRole = { embedding: 132, attention: 1152, mlp: 720, norms: 60, head: 132, other: 0 };
    expect(report.checkpoint!.parametersByRole).toEqual(byRole);
    expect(report.checkpoint!.sizes).toEqual({
      parameters: 2196,
      bytes: 17568,
      dtypes: { F64: { tensors: 21, parameters: 2196, bytes: 17568 } },
    });
    expect(report.generation!.eosTokens).toEqual([3]);
  });

  it('a checkpoint whose matrices lie transposed', () => {
    const report = inspectFolder(
      new URL('../../../fixtures/goldens/gpt2-inverse-layer/base', import.meta.url).pathname,
    );
    expect(report.problems).toEqual([]);
    expect(report.checkpoint!.config).toMatchObject({ family: 'gpt2', mlpSize: 24, layers: 3, rope: [] });
    // By hand: (V + positions) D; (4 D D + 4 D) L; (2 F D + F + D) L; (4 L + 2) D.
    const byRole = { embedding: 1792, attention: 3264, mlp: 2424, norms: 224, head: 0, other: 0 };
    expect(report.checkpoint!.parametersByRole).toEqual(byRole);
  });

  it('a Turbo LoRA', () => {
    const folder = newFolder();
    writeLora(folder, adapterTensors(randomAdapter(2, model)), { target_modules: EVERY_LINEAR });
    writeHeads(folder, headTensors(randomHeads(3, tinyConfig, 2)), { medusa_num_heads: 2, medusa_num_layers: 1 });
    const report = inspectFolder(folder);
    expect(report).toMatchObject({
      checkpoint: null,
      problems: [],
      heads: { config: { heads: 2, layers: 1 }, headsInFile: 2 },
    });
    expect(report.lora!.config!.rank).toBe(2);
    expect(report.lora!.modules).toContain('model.layers.1.mlp.down_proj');
    expect(report.heads!.sizes!.parameters).toBe(2 * (144 + 12));
  });

  it('says everything that is wrong instead of stopping at the first', () => {
    const folder = newFolder();
    writeJson(folder, 'config.json', { ...configJson(), hidden_act: 'gelu' });
    writeFileSync(join(folder, 'pytorch_model.bin'), 'x');
    writeFileSync(join(folder, 'tokenizer.json'), '{');
    const { problems, checkpoint } = inspectFolder(folder);
    expect(problems.map((text) => /hidden_act|pickle|tokenizer\.json/.exec(text)?.[0])).toEqual([
      ...['hidden_act', 'pickle', 'tokenizer.json'],
    ]);
    expect(checkpoint).toMatchObject({ family: 'llama', config: null, sizes: null });
  });

  it('broken JSON is one problem, and a broken option another', () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'config.json'), '{');
    expect(inspectFolder(folder).problems.length).toBe(2); // the JSON and the missing weights
    const lora = newFolder();
    writeLora(lora, new Map(), { use_dora: true });
    expect(inspectFolder(lora).problems).toEqual([expect.stringContaining('PEFT option use_dora')]);
    const pickled = newFolder();
    writeJson(pickled, 'adapter_config.json', { peft_type: 'LORA' });
    writeFileSync(join(pickled, 'adapter_model.bin'), 'x');
    expect(inspectFolder(pickled).problems).toEqual([expect.stringContaining('instead of a pickle file')]);
  });

  it('reads no weights: a terabyte takes no time', () => {
    const folder = newFolder();
    writeJson(folder, 'config.json', configJson());
    const size = 2 ** 40;
    const header = { 'model.embed_tokens.weight': { dtype: 'BF16', shape: [size / 2], data_offsets: [0, size] } };
    const bytes = rawSafetensors(header, 0);
    writeFileSync(join(folder, 'model.safetensors'), bytes);
    truncateSync(join(folder, 'model.safetensors'), bytes.length + size);
    expect(inspectFolder(folder).checkpoint!.sizes!.bytes).toBe(size);
  });

  it('heads that the file lacks, or has beyond those of the configuration', () => {
    const problemsOf = (announced: number) => {
      const folder = newFolder();
      const config = { medusa_num_heads: announced, medusa_num_layers: 1 };
      writeHeads(folder, headTensors(randomHeads(3, tinyConfig, 3)), config);
      const report = inspectFolder(folder);
      expect(report.heads!.headsInFile).toBe(3);
      return report.problems;
    };
    expect(problemsOf(3)).toEqual([]);
    expect(problemsOf(4)).toEqual([
      expect.stringMatching(/3\.0\.linear\.weight: expected a tensor of shape \[12, 12\]/),
    ]);
    expect(problemsOf(2)).toEqual([expect.stringMatching(/2\.0\.linear\..*: expected only tensors that config\.json/)]);
  });

  it.each<[string, (tensors: Map<string, Stored>) => void, RegExp]>([
    ['a missing tensor', (tensors) => tensors.delete('model.norm.weight'), /model\.norm\.weight: expected a tensor of/],
    ['a wrong shape', (tensors) => tensors.set('model.norm.weight', vector(13)), /expected shape \[12\], got \[13\]/],
    [
      'an unknown tensor',
      (tensors) => tensors.set('model.extra', vector(1)),
      /model\.extra: expected only tensors that/,
    ],
  ])('a checkpoint with %s', (_, change, problem) => {
    const folder = newFolder();
    const tensors = tensorsOf(model);
    change(tensors);
    writeCheckpoint(folder, tensors);
    expect(inspectFolder(folder).problems).toEqual([expect.stringMatching(problem)]);
    expect(() => loadCheckpoint(folder)).toThrow(problem);
  });

  it.each<[string, Record<string, unknown>, (tensors: Map<string, Stored>) => void, RegExp]>([
    ['another rank', { r: 3 }, () => {}, /lora_A\.weight: expected shape \[3, \d+\], got \[2, \d+\]/],
    [
      'one factor',
      {},
      (tensors) => tensors.delete(`${Q_PROJ}.lora_B.weight`),
      /q_proj\.lora_B\.weight: expected a tensor/,
    ],
    ['modules beyond the targets', { target_modules: ['q_proj'] }, () => {}, /expected a module that target_modules/],
    [
      'a tensor that is not a factor',
      {},
      (tensors) => tensors.set(`${Q_PROJ}.lora_magnitude_vector`, vector(2)),
      /magnitude/,
    ],
    ['no tensors', {}, (tensors) => tensors.clear(), /target_modules: expected modules with tensors, got none/],
  ])('a LoRA with %s', (_, config, change, problem) => {
    const folder = newFolder();
    const tensors = adapterTensors(randomAdapter(2, model));
    change(tensors);
    writeLora(folder, tensors, { target_modules: EVERY_LINEAR, ...config });
    expect(inspectFolder(folder).problems).toEqual([expect.stringMatching(problem)]);
  });

  it('copies of the tables of the base, which PEFT saves, are not a problem', () => {
    const folder = newFolder();
    const tensors = adapterTensors(randomAdapter(2, model));
    tensors.set('base_model.model.lm_head.base_layer.weight', model.head.weight);
    writeLora(folder, tensors, { target_modules: EVERY_LINEAR });
    expect(inspectFolder(folder).problems).toEqual([]);
  });

  it('a folder with nothing known in it, and none', () => {
    const nothing = newFolder();
    writeFileSync(join(nothing, 'notes.txt'), 'x');
    expect(() => inspectFolder(nothing)).toThrow(MissingFileError);
    expect(() => inspectFolder(nothing)).toThrow(/expected a checkpoint, a LoRA, .*, got none of their files/);
    const pickled = newFolder();
    writeFileSync(join(pickled, 'weights.pt'), 'x');
    expect(() => inspectFolder(pickled)).toThrow(UnsupportedError);
    expect(() => inspectFolder(newFolder())).toThrow(MissingFileError);
    expect(() => inspectFolder(join(root, 'absent'))).toThrow(MissingFileError);
  });
});
