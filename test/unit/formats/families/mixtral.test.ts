import { describe, expect, it } from 'vitest';
import { UnsupportedError } from '../../../../src/errors.ts';
import { loadAdapterFolder } from '../../../../src/formats/node/by-path.ts';
import { allLinears, modulesOf } from '../../../../src/model/modules.ts';
import { loraFolder } from '../../../support/adapter-folders.ts';
import { randomWeights } from '../../../support/random-model.ts';
import { readFamily } from './cases.ts';

const read = (changes: Record<string, unknown> = {}) => readFamily('mixtral', changes).transformer;
const networkOf = (changes: Record<string, unknown> = {}) => {
  const { feedForward } = read(changes).blocks[0]!;
  if (feedForward.kind !== 'experts') throw new Error('no experts');
  return feedForward;
};

describe('mixtral', () => {
  it('has eight experts, two per token, and no window by default', () => {
    expect(read().blocks[0]!.attention.window).toBeNull();
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
});
