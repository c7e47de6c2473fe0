import { describe, expect, it } from 'vitest';
import { FormatError, UnsupportedError } from '../../../../src/errors.ts';
import { readArchitecture } from '../../../../src/formats/families/index.ts';
import { loadAdapterFolder } from '../../../../src/formats/node/by-path.ts';
import { allLinears, modulesOf } from '../../../../src/model/modules.ts';
import { loraFolder } from '../../../support/adapter-folders.ts';
import { randomWeights } from '../../../support/random-model.ts';

/** The least that a config.json must say. */
const least = {
  model_type: 'mixtral',
  vocab_size: 32,
  hidden_size: 16,
  intermediate_size: 24,
  num_hidden_layers: 1,
  num_attention_heads: 8,
};
const read = (changes: object = {}) => readArchitecture('config.json', { ...least, ...changes }).transformer;
const networkOf = (changes: object = {}) => {
  const { feedForward } = read(changes).blocks[0]!;
  if (feedForward.kind !== 'experts') throw new Error('no experts');
  return feedForward;
};

describe('mixtral', () => {
  it('that leaves out what it can means what it means to transformers', () => {
    const { config, blocks, norm } = read();
    expect(config).toMatchObject({ contextLength: 131072, tiedEmbeddings: false });
    expect(norm?.epsilon).toBe(1e-5);
    const { attention } = blocks[0]!;
    expect(attention).toMatchObject({ window: null, rotary: { config: { theta: 1e6 } }, shape: { keyValueHeads: 8 } });
    expect(networkOf()).toMatchObject({ perToken: 2, normalised: true });
    expect(networkOf().experts.length).toBe(8);
  });

  it('finds router and experts under the names of published checkpoints', () => {
    const weights = modulesOf(read({ num_local_experts: 2 })).flatMap((module) => module.weights);
    const moe = weights.filter(({ name }) => name.includes('block_sparse_moe'));
    // External: the names and shapes of a file that transformers 5.23.0 saved for this config.json.
    expect(
      Object.fromEntries(moe.map(({ name, shape }) => [name.replace('model.layers.0.block_sparse_moe.', ''), shape])),
    ).toEqual({
      'gate.weight': [2, 16],
      'experts.0.w1.weight': [24, 16],
      'experts.0.w2.weight': [16, 24],
      'experts.0.w3.weight': [24, 16],
      'experts.1.w1.weight': [24, 16],
      'experts.1.w2.weight': [16, 24],
      'experts.1.w3.weight': [24, 16],
    });
    const { gate, up, down } = networkOf({ num_local_experts: 2 }).experts[1]!;
    expect([gate?.linear.path, up.linear.path, down.path].map((path) => path?.split('.').at(-1))).toEqual([
      'w1',
      'w3',
      'w2',
    ]);
  });

  it('lets adapters be on the attention and the LM head only', () => {
    expect(allLinears(read()).map(({ path }) => path.split('.').at(-1))).toEqual([
      ...['q_proj', 'k_proj', 'v_proj', 'o_proj', 'lm_head'],
    ]);
  });

  it.each(['gate', 'w1', 'w2', 'w3', 'experts', 'block_sparse_moe'])('refuses a LoRA on %s by name', (target) => {
    const base = randomWeights(1, read({ num_local_experts: 2 }));
    const folder = loraFolder({ target_modules: ['q_proj', target] }, {});
    expect(() => loadAdapterFolder(folder, base)).toThrow(UnsupportedError);
    expect(() => loadAdapterFolder(folder, base)).toThrow(/linear layers only, got model\.layers\.0\.block_sparse_moe/);
  });

  it('refuses a LoRA on stacked experts, as PEFT saves it, by name', () => {
    const base = randomWeights(1, read({ num_local_experts: 2 }));
    const folder = loraFolder({ target_modules: ['q_proj'], target_parameters: ['gate_up_proj'] }, {});
    expect(() => loadAdapterFolder(folder, base)).toThrow(UnsupportedError);
    expect(() => loadAdapterFolder(folder, base)).toThrow(/target_parameters/);
  });

  it.each([
    [{ num_experts_per_tok: 9 }, /num_experts_per_tok: expected an integer of at least 1 and of at most 8/],
    [{ num_experts_per_tok: 0 }, /num_experts_per_tok/],
    [{ num_local_experts: 0 }, /num_local_experts/],
    [{ num_local_experts: 2 ** 20 }, /num_local_experts/],
  ])('refuses wrong values: %j', (changes, message) => {
    expect(() => read(changes)).toThrow(FormatError);
    expect(() => read(changes)).toThrow(message);
  });

  it.each([
    [{ attention_bias: true }, /attention_bias: expected false/],
    [{ num_experts: 4 }, /num_experts: expected a known key/],
    [{ architectures: ['MixtralForSequenceClassification'] }, /architectures: expected MixtralForCausalLM/],
  ])('refuses by name what is not implemented: %j', (changes, message) => {
    expect(() => read(changes)).toThrow(UnsupportedError);
    expect(() => read(changes)).toThrow(message);
  });
});
