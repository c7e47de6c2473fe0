/**
 * Options that a model folder sets, against what `generate` of transformers prepares: every vector of
 * fixtures/goldens/generation.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { folderAt } from '../../src/formats/folder/node.ts';
import { readGenerationConfig } from '../../src/formats/generation-config.ts';
import { APPLIED_KEYS } from '../../src/formats/generation-keys.ts';
import { defaultsOf, LIBRARY_DEFAULTS, withDefaults } from '../../src/language-model/defaults.ts';
import { SHAPING } from '../../src/sampling/number-settings.ts';
import { checkSettings, type SamplingSettings } from '../../src/sampling/settings.ts';
import { subfolder, temporaryFolder, writeJson } from '../support/format-folders.ts';

interface Vector {
  id: string;
  comment: string;
  config: object;
  generation_config: object | null;
  arguments: Record<string, unknown>;
  expected: Record<string, unknown> & {
    do_sample: boolean;
    temperature: number;
    new_tokens: number | null;
    min_new_tokens: number;
    stop_strings?: string[];
    ends: number[];
  };
}

const file = JSON.parse(readFileSync('fixtures/goldens/generation/cases.json', 'utf8')) as {
  prompt: number[];
  vocab_size: number;
  tests: Vector[];
};
const root = temporaryFolder();
const promptLength = file.prompt.length;

describe('what a model folder sets', () => {
  it('is there to compare with', () => expect(file.tests.length).toBeGreaterThanOrEqual(70));
  for (const [index, vector] of file.tests.entries()) it(vector.id, () => check(vector, `${index}`));
});

/** Values of transformers under the names of options, in the form that options take. */
function named(values: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(values).filter(([key]) => Object.hasOwn(APPLIED_KEYS, key) && key !== 'do_sample');
  return Object.fromEntries(
    entries.map(([key, value]) => [
      APPLIED_KEYS[key]!.option,
      key.startsWith('forced_') && !Array.isArray(value) ? [value] : value,
    ]),
  );
}

function check({ config, generation_config, arguments: given, expected }: Vector, name: string): void {
  const folder = subfolder(root, name);
  writeJson(folder, 'config.json', config);
  if (generation_config !== null) writeJson(folder, 'generation_config.json', generation_config);
  const read = readGenerationConfig(folderAt(folder), file.vocab_size);
  const options = withDefaults(defaultsOf(read), named(given), promptLength);
  expect(read.eosTokens).toEqual(expected.ends);
  expect(options.stopStrings).toEqual(expected.stop_strings);

  const actual = checkSettings({ ...options, eosTokens: read.eosTokens }, file.vocab_size);
  const { do_sample, temperature, new_tokens, min_new_tokens, ends, ...others } = expected;
  const wanted = checkSettings({ ...named(others), eosTokens: ends }, file.vocab_size);
  expect(actual.temperature).toBe(do_sample ? temperature : 0);
  expect(actual.maxNewTokens).toBe(new_tokens ?? LIBRARY_DEFAULTS.maxNewTokens);
  expect(Math.max(actual.minNewTokens, actual.minLength - promptLength, 0)).toBe(min_new_tokens);
  const compared = ['temperature', 'maxNewTokens', 'minNewTokens', 'minLength', ...(do_sample ? [] : SHAPING)];
  expect(without(actual, compared)).toEqual(without(wanted, compared));
}

function without(settings: SamplingSettings, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(settings).filter(([key]) => !keys.includes(key)));
}
