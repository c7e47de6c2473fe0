/** Folders of checkpoints, adapters and heads for tests, whole or broken on purpose. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Adapter } from '../../src/adapters/lora.ts';
import type { SpeculativeHeads } from '../../src/draft/heads.ts';
import { writeSafetensors } from '../../src/formats/safetensors/node.ts';
import { modulesOf } from '../../src/model/modules.ts';
import type { Transformer } from '../../src/model/weights.ts';
import type { Stored } from '../../src/numerics/stored.ts';
import { type SmallShape, smallConfig } from './random-model.ts';

/** A new empty folder, removed after the test file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'turbo-lora-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder in a folder. */
export function subfolder(folder: string, name: string): string {
  mkdirSync(join(folder, name), { recursive: true });
  return join(folder, name);
}

export function writeJson(folder: string, name: string, value: unknown): void {
  writeFileSync(join(folder, name), JSON.stringify(value));
}

/** A file with this header, whatever it says, and these data bytes. */
export function rawSafetensors(header: unknown, dataBytes: number, length?: bigint): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(length ?? BigInt(json.length));
  return Buffer.concat([prefix, json, Buffer.alloc(dataBytes)]);
}

/** The config of the small random model, without its biases: Llama has none by default. */
export const tinyConfig: SmallShape = {
  ...smallConfig,
  bias: { queryKeyValue: false, attentionOutput: false, mlp: false },
};

/** `config.json` of a tiny Llama. */
export function configJson(config: SmallShape = tinyConfig): Record<string, unknown> {
  return {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    vocab_size: config.vocabularySize,
    hidden_size: config.hiddenSize,
    intermediate_size: config.mlpSize,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    num_key_value_heads: config.keyValueHeads,
    head_dim: config.headSize,
    max_position_embeddings: config.contextLength,
    rms_norm_eps: config.normEpsilon,
    rope_theta: config.rope.theta,
    tie_word_embeddings: config.tiedEmbeddings,
    hidden_act: 'silu',
    torch_dtype: 'float32',
  };
}

/** A model's tensors under the names that checkpoints use. */
export function tensorsOf(model: Transformer<Stored>): Map<string, Stored> {
  const tensors = new Map<string, Stored>();
  for (const { path, weights } of modulesOf(model)) {
    const [weight, bias] = weights;
    tensors.set(`${path}.weight`, weight!);
    if (bias !== undefined) tensors.set(`${path}.bias`, bias);
  }
  return tensors;
}

/** Writes a single-file checkpoint. */
export function writeCheckpoint(folder: string, tensors: ReadonlyMap<string, Stored>, config = configJson()): void {
  writeJson(folder, 'config.json', config);
  writeSafetensors(join(folder, 'model.safetensors'), tensors);
}

/** An adapter's tensors under the names that PEFT uses. */
export function adapterTensors({ updates }: Adapter<Stored>): Map<string, Stored> {
  const pairs = [...updates].flatMap(([path, { a, b }]): [string, Stored][] => [
    [`base_model.model.${path}.lora_A.weight`, a],
    [`base_model.model.${path}.lora_B.weight`, b],
  ]);
  return new Map(pairs);
}

/** Writes a PEFT folder. */
export function writeLora(folder: string, tensors: ReadonlyMap<string, Stored>, config: Record<string, unknown>): void {
  writeJson(folder, 'adapter_config.json', { peft_type: 'LORA', r: 2, lora_alpha: 3, bias: 'none', ...config });
  writeSafetensors(join(folder, 'adapter_model.safetensors'), tensors);
}

/** Heads' tensors under the names that LoRAX uses. */
export function headTensors(heads: SpeculativeHeads<Stored>): Map<string, Stored> {
  const tensors = new Map<string, Stored>();
  heads.forEach(({ layers, output }, head) => {
    layers.forEach(({ weight, bias }, layer) => {
      tensors.set(`${head}.${layer}.linear.weight`, weight).set(`${head}.${layer}.linear.bias`, bias);
    });
    if (output !== null) tensors.set(`${head}.${layers.length}.weight`, output);
  });
  return tensors;
}

/** Writes a folder of heads. */
export function writeHeads(
  folder: string,
  tensors: ReadonlyMap<string, Stored>,
  config: Record<string, unknown>,
): void {
  writeJson(folder, 'config.json', config);
  writeSafetensors(join(folder, 'medusa_lm_head.safetensors'), tensors);
}
