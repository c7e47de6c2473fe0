import { describe, expect, it } from 'vitest';
import { readLoraConfig } from '../../../../src/formats/peft/config.ts';
import { scaleRule, targetTest } from '../../../../src/formats/peft/targets.ts';

const configOf = (changes: object) => readLoraConfig('c', { peft_type: 'LORA', ...changes });
const q = (layer: number): string => `model.layers.${layer}.self_attn.q_proj`;
const v = (layer: number): string => `model.layers.${layer}.self_attn.v_proj`;
const paths = [q(0), v(0), q(1), v(1), q(10), 'lm_head'];

const targeted = (changes: object): string[] =>
  paths.filter(targetTest(configOf(changes), (path) => path === 'lm_head'));

// By hand from PEFT's check_target_module_exists; the goldens check whole adapters.
describe('targetTest', () => {
  it.each<[object, string[]]>([
    [{ target_modules: ['q_proj'] }, [q(0), q(1), q(10)]],
    [{ target_modules: ['proj'] }, []],
    [{ target_modules: ['self_attn.v_proj', 'lm_head'] }, [v(0), v(1), 'lm_head']],
    [{ target_modules: [q(1)] }, [q(1)]],
    [{ target_modules: 'all-linear' }, [q(0), v(0), q(1), v(1), q(10)]],
    [{ target_modules: 'ALL-Linear', exclude_modules: ['q_proj'] }, [v(0), v(1)]],
    [{ target_modules: '.*1.*q_proj' }, [q(1), q(10)]],
    [{ target_modules: '.*q_proj', exclude_modules: String.raw`.*\.1\..*` }, [q(0), q(10)]],
    [{ target_modules: ['q_proj'], exclude_modules: [q(1)] }, [q(0), q(10)]],
    [{ target_modules: ['q_proj'], layers_to_transform: [1] }, [q(1)]],
    [{ target_modules: ['q_proj'], layers_to_transform: 10 }, [q(10)]],
    [{ target_modules: [q(0), 'v_proj'], layers_to_transform: [1] }, [q(0), v(1)]],
    [{ target_modules: ['q_proj'], layers_to_transform: [1], layers_pattern: ['h', 'layers'] }, [q(1)]],
    [{ target_modules: ['q_proj'], layers_to_transform: [1], layers_pattern: 'h' }, []],
    [{ target_modules: [], exclude_modules: '' }, []],
  ])('%j', (changes, expected) => {
    expect(targeted(changes)).toEqual(expected);
  });
});

describe('scaleRule', () => {
  const rule = (changes: object, path = q(1)) => scaleRule(configOf({ r: 16, lora_alpha: 8, ...changes }))(path);

  it('alpha / r, or alpha / sqrt(r)', () => {
    expect(rule({})).toEqual({ rank: 16, scale: 0.5 });
    expect(rule({ use_rslora: true })).toEqual({ rank: 16, scale: 2 });
  });

  it('the module has its own rank and its own alpha, each by its own pattern', () => {
    expect(rule({ rank_pattern: { q_proj: 4 } })).toEqual({ rank: 4, scale: 2 });
    expect(rule({ alpha_pattern: { q_proj: 4 } })).toEqual({ rank: 16, scale: 0.25 });
    expect(rule({ rank_pattern: { q_proj: 4 }, alpha_pattern: { 'layers.1.*': 2 }, use_rslora: true })).toEqual({
      rank: 4,
      scale: 1,
    });
  });

  it('the first pattern that matches the end of the path wins', () => {
    expect(rule({ rank_pattern: { 'v_proj|q_proj': 2, q_proj: 4 } }).rank).toBe(2);
    expect(rule({ rank_pattern: { 'layers.1.self_attn.q_proj': 3, q_proj: 4 } }).rank).toBe(3);
    expect(rule({ rank_pattern: { 'layers.1.self_attn.q_proj': 3, q_proj: 4 } }, q(0)).rank).toBe(4);
    expect(rule({ rank_pattern: { '^model.layers.1.self_attn.q_proj': 5 } }).rank).toBe(5);
    expect(rule({ rank_pattern: { '^layers.1.self_attn.q_proj': 5, _proj: 6, q_pro: 7 } }).rank).toBe(16);
  });
});
