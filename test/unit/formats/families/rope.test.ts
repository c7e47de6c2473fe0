import { describe, expect, it } from 'vitest';
import { ConflictError, FormatError, UnsupportedError } from '../../../../src/errors.ts';
import { readArchitecture } from '../../../../src/formats/families/index.ts';
import { readRope, readTurnedPart } from '../../../../src/formats/families/rope.ts';
import { Fields } from '../../../../src/formats/fields.ts';
import { numbersOf } from '../../../support/architecture.ts';

const read = (changes: Record<string, unknown>) =>
  numbersOf(
    readArchitecture('config.json', {
      ...{ model_type: 'llama', vocab_size: 32, hidden_size: 16, intermediate_size: 24, num_hidden_layers: 1 },
      ...{ num_attention_heads: 4, max_position_embeddings: 4096, ...changes },
    }),
  ).rope;

const llama3 = { rope_type: 'llama3', factor: 8, low_freq_factor: 1, high_freq_factor: 4 };

describe('rope of config.json', () => {
  it('in the spelling of transformers 4', () => {
    expect(read({ rope_theta: 500, rope_scaling: null })).toEqual({ theta: 500, scaling: { type: 'default' } });
    expect(read({ rope_scaling: { type: 'linear', factor: 2 } })).toEqual({
      theta: 10000,
      scaling: { type: 'linear', factor: 2 },
    });
  });

  it('in the spelling of transformers 5; a base among the parameters wins', () => {
    expect(read({ rope_theta: 3, rope_parameters: { rope_type: 'default', rope_theta: 7 } }).theta).toBe(7);
    expect(read({ rope_theta: 3, rope_parameters: {} }).theta).toBe(3);
  });

  it('rope_scaling that is empty counts as absent', () => {
    expect(read({ rope_scaling: {}, rope_parameters: { rope_type: 'linear', factor: 3 } }).scaling.type).toBe('linear');
  });

  it('llama3: the original context from the parameters, the top, or the context length', () => {
    const originalOf = (changes: object) =>
      (read(changes as Record<string, unknown>).scaling as { originalContext: number }).originalContext;
    expect(originalOf({ rope_scaling: { ...llama3, original_max_position_embeddings: 64 } })).toBe(64);
    expect(originalOf({ rope_scaling: llama3 })).toBe(4096);
    const both = {
      rope_scaling: { ...llama3, original_max_position_embeddings: 64 },
      original_max_position_embeddings: 128,
    };
    expect(originalOf(both)).toBe(128);
    expect(read({ rope_parameters: llama3 }).scaling).toEqual({
      type: 'llama3',
      factor: 8,
      lowFrequencyFactor: 1,
      highFrequencyFactor: 4,
      originalContext: 4096,
    });
  });

  it('a family has its own default of the base', () => {
    const theta = (config: object) => readRope(new Fields('config.json', { ...config }), 4096, { theta: 5e5 }).theta;
    expect([{}, { rope_parameters: { rope_type: 'default' } }, { rope_theta: 3 }].map(theta)).toEqual([5e5, 5e5, 3]);
  });

  it('a part of each head, where a family has that: among the parameters before at the top', () => {
    const part = (config: object) => readTurnedPart(new Fields('config.json', { ...config }));
    expect(part({})).toBe(1);
    expect(part({ partial_rotary_factor: 0.75 })).toBe(0.75);
    expect(part({ partial_rotary_factor: 0.75, rope_parameters: { partial_rotary_factor: 0.5 } })).toBe(0.5);
    expect(part({ rope_scaling: { partial_rotary_factor: 0.5 } })).toBe(0.5);
    for (const wrong of [0, 1.5, 'half']) expect(() => part({ partial_rotary_factor: wrong })).toThrow(FormatError);
    const partial = { partial_rotary_factor: 0.75, rope_parameters: { partial_rotary_factor: 0.5 } };
    expect(readRope(new Fields('config.json', partial), 4096, { partial: true })).toEqual(read({}));
    expect(() => read(partial)).toThrow(UnsupportedError);
  });

  // External: transformers 5.23.0, ROPE_INIT_FUNCTIONS['yarn'].
  it.each([
    [{ factor: 4 }, 1.138629436111989],
    [{ factor: 4, mscale: 0.8, mscale_all_dim: 1 }, 0.9756497712573884],
    [{ factor: 40, mscale: 1, mscale_all_dim: 0.5 }, 1.1557219901962608],
    [{ factor: 4, mscale: 0.8 }, 1.138629436111989],
    [{ factor: 4, mscale: 0, mscale_all_dim: 1 }, 1.138629436111989],
    [{ factor: 4, attention_factor: 1.25, mscale: 2, mscale_all_dim: 1 }, 1.25],
    [{ factor: 0.5 }, 1],
    [{ factor: null, original_max_position_embeddings: 512 }, 1.2079441541679836],
  ])('yarn %j multiplies cosine and sine by %d', (parameters, expected) => {
    const { scaling } = read({ rope_parameters: { rope_type: 'yarn', ...parameters } });
    expect(scaling.type === 'yarn' && scaling.attentionFactor).toBeCloseTo(expected, 14);
  });

  it('yarn: absent, null and zero betas are 32 and 1', () => {
    const yarn = (betas: object) => read({ rope_scaling: { rope_type: 'yarn', factor: 4, ...betas } }).scaling;
    for (const betas of [{}, { beta_fast: null, beta_slow: 0 }]) {
      expect(yarn(betas)).toMatchObject({
        betaFast: 32,
        betaSlow: 1,
        truncate: true,
        factor: 4,
        originalContext: 4096,
      });
    }
    expect(yarn({ beta_fast: 16, beta_slow: 2, truncate: false })).toMatchObject({
      betaFast: 16,
      betaSlow: 2,
      truncate: false,
    });
  });

  it('yarn: truncate null is false, as it is for transformers', () => {
    const truncate = (value: object) => {
      const { scaling } = read({ rope_scaling: { rope_type: 'yarn', factor: 4, ...value } });
      return scaling.type === 'yarn' && scaling.truncate;
    };
    expect([{}, { truncate: true }, { truncate: false }, { truncate: null }].map(truncate)).toEqual([
      ...[true, true, false, false],
    ]);
  });

  it('both spellings at once, when they say the same', () => {
    const both = {
      rope_theta: 500,
      rope_scaling: { ...llama3, original_max_position_embeddings: 64 },
      rope_parameters: { ...llama3, original_max_position_embeddings: 64, rope_theta: 500 },
    };
    expect(read(both)).toEqual(read({ rope_parameters: both.rope_parameters }));
    expect(() => read({ ...both, rope_theta: 501 })).toThrow(ConflictError);
  });

  it.each(['dynamic', 'longrope', 'su', 'mrope', 'proportional'])('refuses %s by name', (type) => {
    const run = () => read({ rope_scaling: { type, factor: 2 } });
    expect(run).toThrow(UnsupportedError);
    expect(run).toThrow(`config.json: rope_scaling: rope_type: expected default, linear, llama3 or yarn, got ${type}`);
  });

  it.each([
    [{ rope_scaling: { type: 'linear' } }, FormatError, /rope_scaling: factor: expected a number above 0, got nothing/],
    [{ rope_scaling: { type: 'linear', factor: 0 } }, FormatError, /factor/],
    [{ rope_scaling: { type: 'yarn' } }, FormatError, /factor/],
    [{ rope_scaling: { ...llama3, high_freq_factor: 1 } }, FormatError, /high_freq_factor: expected a number above 1/],
    [{ rope_parameters: { rope_type: 'yarn', factor: 2, rope_theta: 1 } }, FormatError, /a number above 1 for yarn/],
    [{ rope_theta: 0 }, FormatError, /rope_theta/],
    [{ rope_scaling: 'linear' }, FormatError, /rope_scaling: expected an object/],
    [
      { rope_scaling: { type: 'linear', factor: 2, mscale: 1 } },
      UnsupportedError,
      /rope_scaling: mscale: expected a known key/,
    ],
    [{ rope_parameters: { full_attention: { rope_type: 'default' } } }, UnsupportedError, /full_attention/],
    [
      { rope_parameters: { rope_type: 'default', partial_rotary_factor: 0.5 } },
      UnsupportedError,
      /partial_rotary_factor/,
    ],
    [{ rope_scaling: { type: 'yarn', rope_type: 'linear', factor: 2 } }, ConflictError, /rope_scaling: type/],
    [
      { rope_scaling: { type: 'linear', factor: 2 }, rope_parameters: { rope_theta: 1 } },
      ConflictError,
      /rope_parameters: expected the same as rope_scaling, which transformers prefers, got something else/,
    ],
  ])('refuses %j', (changes, error, message) => {
    expect(() => read(changes)).toThrow(error);
    expect(() => read(changes)).toThrow(message);
  });
});
