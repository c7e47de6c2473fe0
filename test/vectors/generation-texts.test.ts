/**
 * Whole texts under a `generation_config.json`, against `generate` of transformers: every vector of
 * fixtures/goldens/generation.
 */
import { cpSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { load } from '../../src/language-model/node.ts';
import { subfolder, temporaryFolder, writeJson } from '../support/format-folders.ts';

interface Vector {
  id: string;
  generation_config: object;
  prompt: number[];
  new_tokens: number[];
}

const file = JSON.parse(readFileSync('fixtures/goldens/generation/texts.json', 'utf8')) as {
  base: string;
  tests: Vector[];
};
const root = temporaryFolder();

describe('greedy texts', () => {
  it('are there', () => expect(file.tests.length).toBeGreaterThanOrEqual(24));

  for (const { id, generation_config, prompt, new_tokens } of file.tests) {
    it(`${id}: ${Object.keys(generation_config).join(', ')}`, async () => {
      const folder = subfolder(root, id);
      cpSync(`fixtures/goldens/${file.base}`, folder, { recursive: true });
      writeJson(folder, 'generation_config.json', generation_config);
      const model = await load(folder);
      for (const draft of ['none', 'lookup', model] as const) {
        const { tokens } = await model.complete(prompt, { draft });
        expect(tokens, draft === model ? 'a draft model' : `draft ${draft}`).toEqual(new_tokens);
      }
    });
  }
});
