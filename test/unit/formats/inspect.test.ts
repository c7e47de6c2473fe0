import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MissingFileError } from '../../../src/errors.ts';
import { inspectFolder } from '../../../src/formats/inspect.ts';
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

describe('inspectFolder', () => {
  it('a checkpoint', () => {
    const folder = newFolder();
    writeCheckpoint(folder, tensorsOf(model));
    writeJson(folder, 'generation_config.json', { eos_token_id: 3 });
    const report = inspectFolder(folder);
    expect(report).toMatchObject({ lora: null, heads: null, tokenizer: null, problems: [] });
    expect(report.checkpoint).toMatchObject({ family: 'llama', architecture: 'LlamaForCausalLM', config: tinyConfig });
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

  it('a Turbo LoRA', () => {
    const folder = newFolder();
    writeLora(folder, adapterTensors(randomAdapter(2, model)), { target_modules: ['lm_head'] });
    writeHeads(folder, headTensors(randomHeads(3, tinyConfig, 2)), { medusa_num_heads: 2, medusa_num_layers: 1 });
    const report = inspectFolder(folder);
    expect(report).toMatchObject({ checkpoint: null, problems: [], heads: { config: { heads: 2, layers: 1 } } });
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

  it('an empty folder, and none', () => {
    expect(inspectFolder(newFolder())).toMatchObject({ checkpoint: null, lora: null, heads: null, problems: [] });
    expect(() => inspectFolder(join(root, 'absent'))).toThrow(MissingFileError);
  });
});
