import { describe, expect, it } from 'vitest';
import { modelName, namesDiffer } from '../../../src/formats/model-name.ts';

describe('modelName', () => {
  it.each([
    ['/models/SmolLM2-135M/', 'SmolLM2-135M'],
    ['some/where/base', 'base'],
    [
      '/home/me/.cache/huggingface/hub/models--HuggingFaceTB--SmolLM2-135M/snapshots/4e53f736',
      'HuggingFaceTB/SmolLM2-135M',
    ],
  ])('%s', (folder, name) => expect(modelName(folder)).toBe(name));
});

describe('namesDiffer', () => {
  it.each([
    ['HuggingFaceTB/SmolLM2-360M', 'SmolLM2-135M'],
    ['mistralai/Mistral-7B-v0.1', 'Llama-2-7b-hf'],
    ['Qwen/Qwen2.5-1.5B', '/models/Qwen2.5-0.5B'],
    ['HuggingFaceTB/SmolLM2-135M', 'SmolLM2-135M-Instruct'],
  ])('%s and %s', (one, other) => {
    expect(namesDiffer(one, other)).toBe(true);
    expect(namesDiffer(other, one)).toBe(true);
  });

  it.each([
    ['HuggingFaceTB/SmolLM2-360M', 'base'],
    ['HuggingFaceTB/SmolLM2-360M', 'checkpoint-500'],
    ['/mnt/run7/base', '/models/SmolLM2-135M'],
    ['meta-llama/Llama-2-7b-hf', 'NousResearch/llama-2-7B-HF'],
    ['HuggingFaceTB/SmolLM2-135M', 'HuggingFaceTB--SmolLM2-135M'],
    ['HuggingFaceTB/SmolLM2-135M', 'HuggingFaceTB_SmolLM2-135M'],
  ])('not certainly %s and %s', (one, other) => {
    expect(namesDiffer(one, other)).toBe(false);
    expect(namesDiffer(other, one)).toBe(false);
  });
});
