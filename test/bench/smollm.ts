/**
 * Time and memory at the shape of SmolLM2-135M with random weights: a checkpoint is written to a temporary folder, then
 * loaded and run in a separate process, whose resident memory is compared with the bytes of the weights.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { printTable } from '../../src/cli/table.ts';
import { writeSafetensors } from '../../src/formats/safetensors/node.ts';
import { load } from '../../src/language-model/node.ts';
import { type Stored, stored } from '../../src/numerics/stored.ts';
import { medianOf } from './timing.ts';

// Shape of HuggingFaceTB/SmolLM2-135M, from its config.json.
const CONFIG = {
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  vocab_size: 49152,
  hidden_size: 576,
  intermediate_size: 1536,
  num_hidden_layers: 30,
  num_attention_heads: 9,
  num_key_value_heads: 3,
  hidden_act: 'silu',
  max_position_embeddings: 8192,
  rms_norm_eps: 1e-5,
  rope_theta: 100000,
  tie_word_embeddings: true,
  torch_dtype: 'bfloat16',
};

interface Measured {
  millisecondsPerToken: number;
  prefillPerToken: number;
  residentBeyondWeights: number;
  peakBeyondWeights: number;
  loadMilliseconds: number;
}

/** Runs in the child: loads the folder, decodes, prints what it measured as JSON. */
export async function measureSmolLm(folder: string): Promise<void> {
  const bytes = statSync(join(folder, 'model.safetensors')).size;
  const start = performance.now();
  const model = await load(folder);
  const loadMilliseconds = performance.now() - start;
  const steps: number[] = [];
  let [last, prefill] = [performance.now(), 0];
  let resident = 0;
  await model.complete(
    Array.from({ length: 16 }, (_, i) => i),
    {
      maxNewTokens: 17,
      onStep: ({ fed }) => {
        const now = performance.now();
        if (fed.length > 1) prefill = (now - last) / fed.length;
        else steps.push(now - last);
        resident = Math.max(resident, process.memoryUsage.rss());
        last = performance.now();
      },
    },
  );
  const peak = process.resourceUsage().maxRSS * 1024;
  const measured: Measured = {
    millisecondsPerToken: medianOf(steps),
    prefillPerToken: prefill,
    residentBeyondWeights: resident - bytes,
    peakBeyondWeights: peak - bytes,
    loadMilliseconds,
  };
  process.stdout.write(JSON.stringify(measured));
}

export function benchSmolLm(): void {
  const folder = mkdtempSync(join(tmpdir(), 'turbo-lora-bench-'));
  try {
    writeFileSync(join(folder, 'config.json'), JSON.stringify(CONFIG));
    writeSafetensors(join(folder, 'model.safetensors'), randomWeights());
    const output = execFileSync(process.execPath, [process.argv[1]!, 'measure', folder], { encoding: 'utf8' });
    const measured = JSON.parse(output) as Measured;
    const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
    process.stdout.write('\nShape of SmolLM2-135M, random bfloat16 weights\n');
    printTable(
      ['what', 'measured'],
      [
        ['weights', mebibytes(statSync(join(folder, 'model.safetensors')).size)],
        ['load', `${measured.loadMilliseconds.toFixed(0)} ms`],
        ['per generated token (median)', `${measured.millisecondsPerToken.toFixed(0)} ms`],
        ['per prompt token in a prefill of 16', `${measured.prefillPerToken.toFixed(0)} ms`],
        ['resident beyond the weights, largest after a step', mebibytes(measured.residentBeyondWeights)],
        ['resident beyond the weights, peak of the process', mebibytes(measured.peakBeyondWeights)],
      ],
      [1],
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function randomWeights(): Map<string, Stored> {
  const generator = xoroshiro128plus(1);
  const weights = new Map<string, Stored>();
  const put = (name: string, ...shape: number[]): void => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    // bfloat16 of sign random and magnitude 2^-6 to 2^-5; norms are exactly one.
    const bits = new Uint16Array(size);
    for (let i = 0; i < size; i++) bits[i] = shape.length === 1 ? 0x3f80 : 0x3c80 | (generator.next() & 0x807f);
    weights.set(name, stored(name, 'BF16', bits, shape));
  };
  const { hidden_size: d, intermediate_size: f, num_hidden_layers: layers, vocab_size: v } = CONFIG;
  put('model.embed_tokens.weight', v, d);
  put('model.norm.weight', d);
  for (let layer = 0; layer < layers; layer++) {
    const at = `model.layers.${layer}`;
    put(`${at}.input_layernorm.weight`, d);
    put(`${at}.post_attention_layernorm.weight`, d);
    put(`${at}.self_attn.q_proj.weight`, d, d);
    put(`${at}.self_attn.k_proj.weight`, 192, d);
    put(`${at}.self_attn.v_proj.weight`, 192, d);
    put(`${at}.self_attn.o_proj.weight`, d, d);
    put(`${at}.mlp.gate_proj.weight`, f, d);
    put(`${at}.mlp.up_proj.weight`, f, d);
    put(`${at}.mlp.down_proj.weight`, d, f);
  }
  return weights;
}
