import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FormatError, UnsupportedError } from '../../../src/errors.ts';
import { folderAt } from '../../../src/formats/folder/node.ts';
import { readEosTokens, readGenerationConfig } from '../../../src/formats/generation-config.ts';
import { subfolder, temporaryFolder, writeJson } from '../../support/format-folders.ts';

const root = temporaryFolder();
let count = 0;

function read(generation: object | null, model: object | null = {}) {
  const folder = subfolder(root, `${count++}`);
  if (generation !== null) writeJson(folder, 'generation_config.json', generation);
  if (model !== null) writeJson(folder, 'config.json', model);
  return readGenerationConfig(folderAt(folder), 100);
}

describe('readGenerationConfig', () => {
  it('a number or a list, ascending, each once', () => {
    expect(read({ eos_token_id: 0 }).eosTokens).toEqual([0]);
    expect(read({ eos_token_id: [99, 3, 99] }).eosTokens).toEqual([3, 99]);
  });

  it('is from config.json without the file, and from the file alone with it', () => {
    expect(read(null, { eos_token_id: 7 })).toMatchObject({ source: 'config.json', eosTokens: [7] });
    expect(read({}, { eos_token_id: 7 })).toMatchObject({ source: 'generation_config.json', eosTokens: [] });
    expect(read({ eos_token_id: null }, { eos_token_id: [7, 8] }).eosTokens).toEqual([]);
    expect(read({ eos_token_id: 5 }, { eos_token_id: 7 }).eosTokens).toEqual([5]);
    expect(read(null, null)).toMatchObject({ source: null, eosTokens: [], settings: {}, refused: [], warnings: [] });
    expect(read(null, { temperature: 0.5, hidden_size: 8 })).toMatchObject({
      ...{ settings: { temperature: 0.5 }, ignored: ['temperature'], warnings: [] },
    });
  });

  it.each([100, -1, 1.5, '2', [1, 100], [null], { a: 1 }])('refuses %j', (eos) => {
    expect(() => read({ eos_token_id: eos })).toThrow(FormatError);
    expect(() => read({ eos_token_id: eos })).toThrow(
      /generation_config\.json: eos_token_id: expected integers in \[0, 100\)/,
    );
    expect(() => read(null, { eos_token_id: eos })).toThrow(/config\.json: eos_token_id/);
  });

  it('a key that is null or absent is left out', () => {
    expect(read({ top_k: null, do_sample: null, eos_token_id: null, num_beams: null, foo: null })).toMatchObject({
      ...{ settings: {}, refused: [], ignored: [], warnings: [] },
    });
  });

  it('tokens, sequences, texts and pairs', () => {
    const { settings } = read({
      ...{
        suppress_tokens: [3, 1, 3],
        begin_suppress_tokens: [0],
        forced_bos_token_id: 4,
        forced_eos_token_id: [6, 5],
      },
      ...{ bad_words_ids: [[1], [3, 2]], sequence_bias: [[[9, 8], -1.5]], stop_strings: 'end' },
      ...{ exponential_decay_length_penalty: [0, 1.5], remove_invalid_values: true, max_length: 1 },
    });
    expect(settings).toEqual({
      ...{ bannedTokens: [1, 3], beginSuppressTokens: [0], forcedBosTokens: [4], forcedEosTokens: [5, 6] },
      ...{ badWords: [[1], [3, 2]], sequenceBias: [[[9, 8], -1.5]], stopStrings: ['end'] },
      ...{ exponentialDecayLengthPenalty: [0, 1.5], removeInvalidValues: true, maxLength: 1 },
    });
    expect(read({ stop_strings: ['a', 'b'] }).settings.stopStrings).toEqual(['a', 'b']);
  });

  it.each([
    ...[
      { temperature: 'hot' },
      { temperature: -1 },
      { top_k: 1.5 },
      { top_p: 1.1 },
      { typical_p: 0 },
      { do_sample: 1 },
    ],
    ...[{ do_sample: true, temperature: 0 }, { suppress_tokens: [100] }, { forced_bos_token_id: 'a' }],
    ...[{ bad_words_ids: [1] }, { bad_words_ids: [[]] }, { bad_words_ids: 1 }, { bad_words_ids: [[100]] }],
    ...[
      { sequence_bias: [[[1]]] },
      { sequence_bias: [[[1], '1']] },
      { sequence_bias: [[[], 1]] },
      { sequence_bias: {} },
    ],
    ...[{ exponential_decay_length_penalty: 1 }, { exponential_decay_length_penalty: [1] }],
    ...[{ exponential_decay_length_penalty: [1, 0] }, { exponential_decay_length_penalty: [-1, 2] }],
    ...[{ exponential_decay_length_penalty: [1, 2, 3] }, { exponential_decay_length_penalty: [1, '2'] }],
    ...[{ stop_strings: [''] }, { stop_strings: 5 }, { max_length: 0 }, { max_new_tokens: 0 }],
  ])('refuses %j by its key', (generation) => {
    const key = Object.keys(generation).at(-1)!;
    expect(() => read(generation)).toThrow(FormatError);
    expect(() => read(generation)).toThrow(new RegExp(`generation_config\\.json: ${key}: expected `));
  });

  const refused: [string, unknown[], unknown[]][] = [
    ['num_beams', [4, 0], [1]],
    ['guidance_scale', [1.5], [1]],
    ['watermarking_config', [{}], []],
    ['penalty_alpha', [0.6], [0]],
    ['dola_layers', ['low'], []],
    ['constraints', [[]], []],
    ['force_words_ids', [[[1]]], []],
    ['token_healing', [true], [false]],
    ['assistant_ensemble_weight', [0.5], []],
    ['max_time', [1], []],
  ];
  for (const [key, values, neutral] of refused) {
    it(`${key} is refused by name, unless it is neutral`, () => {
      for (const value of values) {
        const { refused: errors } = read({ [key]: value });
        expect(errors).toHaveLength(1);
        expect(errors[0]).toBeInstanceOf(UnsupportedError);
        expect(errors[0]!.message).toMatch(new RegExp(`generation_config\\.json: ${key}: expected .* not implemented`));
        expect(read(null, { [key]: value }).refused).toHaveLength(1);
      }
      for (const value of [...neutral, null]) expect(read({ [key]: value }).refused).toEqual([]);
    });
  }

  it('says which keys have no effect, and which are unknown', () => {
    const config = read({
      ...{ transformers_version: '5', use_cache: true, pad_token_id: 3, output_scores: false },
      ...{ temperature: 0.6, chat_format: 'chatml', new_key: false, other_key: null },
    });
    expect(config.ignored).toEqual(['transformers_version', 'use_cache', 'pad_token_id', 'temperature']);
    expect(config.warnings).toHaveLength(1);
    expect(config.warnings[0]).toMatch(/generation_config\.json: chat_format \("chatml"\) is unknown and not applied$/);
    expect(read({ do_sample: true, temperature: 0.6 }).ignored).toEqual([]);
  });

  it('a file that is not JSON', () => {
    const folder = subfolder(root, 'broken');
    writeFileSync(join(folder, 'generation_config.json'), '{');
    expect(() => readGenerationConfig(folderAt(folder), 100)).toThrow(/generation_config\.json: expected JSON/);
  });

  it('end-of-text tokens alone, whatever else the file says', () => {
    const folder = subfolder(root, 'aside');
    writeJson(folder, 'generation_config.json', { temperature: 'hot', num_beams: 4, eos_token_id: [5, 4] });
    expect(readEosTokens(folderAt(folder), 100)).toEqual([4, 5]);
    expect(() => readEosTokens(folderAt(folder), 5)).toThrow(FormatError);
    expect(readEosTokens(folderAt(subfolder(root, 'empty')), 100)).toEqual([]);
  });
});
