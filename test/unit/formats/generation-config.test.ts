import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../../src/errors.ts';
import { readGenerationConfig } from '../../../src/formats/generation-config.ts';
import { subfolder, temporaryFolder, writeJson } from '../../support/format-folders.ts';

const root = temporaryFolder();
let count = 0;

function read(generation: object | null, model: object | null = {}) {
  const folder = subfolder(root, `${count++}`);
  if (generation !== null) writeJson(folder, 'generation_config.json', generation);
  if (model !== null) writeJson(folder, 'config.json', model);
  return readGenerationConfig(folder, 100);
}

describe('readGenerationConfig', () => {
  it('a number or a list, ascending, each once', () => {
    expect(read({ eos_token_id: 0 }).eosTokens).toEqual([0]);
    expect(read({ eos_token_id: [99, 3, 99] }).eosTokens).toEqual([3, 99]);
  });

  it('falls back to config.json, then to none', () => {
    expect(read({}, { eos_token_id: 7 }).eosTokens).toEqual([7]);
    expect(read({ eos_token_id: null }, { eos_token_id: [7, 8] }).eosTokens).toEqual([7, 8]);
    expect(read({ eos_token_id: 5 }, { eos_token_id: 7 }).eosTokens).toEqual([5]);
    expect(read(null, null).eosTokens).toEqual([]);
  });

  it.each([100, -1, 1.5, '2', [1, 100], [null], { a: 1 }])('refuses %j', (eos) => {
    expect(() => read({ eos_token_id: eos })).toThrow(FormatError);
    expect(() => read({ eos_token_id: eos })).toThrow(
      /generation_config\.json: eos_token_id: expected integers in \[0, 100\)/,
    );
    expect(() => read(null, { eos_token_id: eos })).toThrow(/config\.json: eos_token_id/);
  });

  it('suggestions are reported, and so is what is not applied', () => {
    const config = read({
      ...{ do_sample: true, temperature: 0.6, top_k: 20, top_p: 0.9, min_p: 0.1, repetition_penalty: 1.1 },
      ...{ transformers_version: '5', max_length: 20, typical_p: 0.5, no_repeat_ngram_size: 3, epsilon_cutoff: null },
    });
    expect(config.suggested).toEqual({
      ...{ doSample: true, temperature: 0.6, topK: 20, topP: 0.9, minP: 0.1, repetitionPenalty: 1.1 },
    });
    expect(config.warnings.map((text) => text.replace(/^.*\//, ''))).toEqual([
      'generation_config.json: typical_p (0.5) is not applied',
      'generation_config.json: no_repeat_ngram_size (3) is not applied',
    ]);
    expect(read({}).suggested).toEqual({});
    expect(() => read({ temperature: 'hot' })).toThrow(FormatError);
  });

  it('a file that is no JSON', () => {
    const folder = subfolder(root, 'broken');
    writeFileSync(join(folder, 'generation_config.json'), '{');
    expect(() => readGenerationConfig(folder, 100)).toThrow(/generation_config\.json: expected JSON/);
  });
});
