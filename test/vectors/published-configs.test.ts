/**
 * The config.json of well-known checkpoints, dimensions shrunk: each loads with a checkpoint made for it, and gives the
 * logits of transformers (fixtures/generators/published-configs).
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UnsupportedError } from '../../src/errors.ts';
import { readArchitecture } from '../../src/formats/families/index.ts';
import { loadCheckpoint } from '../../src/formats/node/by-path.ts';
import { openSafetensors } from '../../src/formats/safetensors/node.ts';
import { KeyValueCache } from '../../src/model/cache.ts';
import { forward, languageModelHead } from '../../src/model/forward.ts';
import { allLinears } from '../../src/model/modules.ts';
import type { Transformer } from '../../src/model/weights.ts';
import { type Stored, stored, widened } from '../../src/numerics/stored.ts';
import { rowsOf, type Tensor } from '../../src/numerics/tensor.ts';
import { float64Ops } from '../../src/ops/float64/index.ts';
import { largestMagnitude, worstDifference } from '../support/compare.ts';
import { subfolder, temporaryFolder, tensorsOf, writeCheckpoint } from '../support/format-folders.ts';
import { randomWeights } from '../support/random-model.ts';

type Config = Record<string, unknown>;
interface Published {
  checkpoint: string;
  config: Config;
}

const folder = new URL('../../fixtures/published-configs/', import.meta.url).pathname;
const list = JSON.parse(readFileSync(`${folder}configs.json`, 'utf8')) as {
  tokens: number[];
  tolerance: { rtol_of_largest_logit: number };
  configs: Published[];
  refused: Published[];
};
const file = openSafetensors(`${folder}expected.safetensors`);
const expected = widened(file.read('logits'));
file.close();
const root = temporaryFolder();

/** The weight that number k of the names has, as the generator computes it. */
function weightOf(k: number, name: string, shape: readonly number[]): Stored {
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => {
    const unit = (((i * 7919 + k * 104729 + ((i * i) % 4099)) % 65537) - 32768) / 65536;
    return /norm/.test(name) ? 1 + unit / 2 : /[qk]_proj/.test(name) ? unit * 2 : unit;
  });
  return stored(name, 'F32', data, shape);
}

function shapesInFile(model: Transformer<Stored>): Map<string, readonly number[]> {
  const shapes = new Map([...tensorsOf(model)].map(([name, { shape }]) => [name, shape]));
  for (const { path, weight, transposed } of allLinears(model)) {
    if (transposed === true) shapes.set(`${path}.weight`, [...weight.shape].reverse());
  }
  return shapes;
}

function checkpointOf(config: Config, name: string): string {
  const read = readArchitecture('config.json', config);
  const shapes = shapesInFile(randomWeights(1, read.transformer));
  if (read.transformer.config.tiedEmbeddings) shapes.delete('lm_head.weight');
  const names = [...shapes.keys()].sort();
  const path = subfolder(root, name.replace(/\W+/g, '-'));
  writeCheckpoint(path, new Map(names.map((key, k) => [key, weightOf(k, key, shapes.get(key)!)])), config);
  return path;
}

function logitsOf(transformer: Transformer<Stored>): Float64Array {
  const cache = new KeyValueCache<Tensor>(float64Ops, transformer);
  const segments = [{ cache, tokens: list.tokens, adapter: null }];
  const hidden = forward(float64Ops, transformer, segments);
  const lanes = [{ rows: list.tokens.length, adapter: null }];
  return rowsOf('logits', languageModelHead(float64Ops, transformer, hidden, lanes)).data;
}

describe('published configs', () => {
  it('of sixty checkpoints are there, of these families (of OLMo 2 there is no public copy)', () => {
    expect(new Set(list.configs.map(({ checkpoint }) => checkpoint)).size).toBeGreaterThanOrEqual(60);
    const families = new Set(list.configs.map(({ config }) => config.model_type));
    const known = ['llama', 'mistral', 'mixtral', 'qwen2', 'qwen3', 'gemma2', 'gemma3_text', 'phi3', 'cohere'];
    expect(families).toEqual(new Set([...known, 'gpt2', 'gpt_neox']));
  });

  it.each(list.configs.map((one, i) => [one.checkpoint, one.config, i] as const))('%s', (checkpoint, config, i) => {
    const { transformer } = loadCheckpoint(checkpointOf(config, checkpoint));
    const actual = logitsOf(transformer);
    const size = list.tokens.length * transformer.config.vocabularySize;
    const want = expected.subarray(i * size, (i + 1) * size);
    expect(actual.every(Number.isFinite)).toBe(true);
    const bound = list.tolerance.rtol_of_largest_logit * largestMagnitude(want);
    const worst = worstDifference(actual, want, bound);
    expect(worst.ofBound, JSON.stringify(worst)).toBeLessThanOrEqual(1);
    const novel = () => readArchitecture('config.json', { ...config, logit_multiplier: 0.5 });
    expect(novel).toThrow(UnsupportedError);
    expect(novel).toThrow(/logit_multiplier/);
  });

  it.each(list.refused.map(({ checkpoint, config }) => [checkpoint, config] as const))('%s is refused', (_, config) => {
    expect(() => readArchitecture('config.json', config)).toThrow(/is_causal: expected true/);
  });
});
