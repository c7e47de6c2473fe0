import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/formats/json.ts';
import { loadTokenizer } from '../../../../src/formats/node/by-path.ts';
import { subfolder, temporaryFolder, writeJson } from '../../../support/format-folders.ts';

const root = temporaryFolder();
let count = 0;

function load(golden: string, tokenizerClass: string, prefixSpace: boolean | null, changes: object = {}) {
  const path = new URL(`../../../../fixtures/goldens/tokenizer/${golden}/tokenizer.json`, import.meta.url);
  const folder = subfolder(root, `${count++}`);
  writeJson(folder, 'tokenizer.json', { ...(JSON.parse(readFileSync(path, 'utf8')) as JsonObject), ...changes });
  writeJson(folder, 'tokenizer_config.json', { tokenizer_class: tokenizerClass, add_prefix_space: prefixSpace });
  return loadTokenizer(join(folder))!;
}

const byteLevel = (add_prefix_space: boolean) => ({
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space, trim_offsets: true, use_regex: true },
});

describe('add_prefix_space', () => {
  // External: AutoTokenizer of transformers 5.23 on the same folders, for "The cat" and " The cat".
  it.each([
    ['prepend', 'LlamaTokenizer', false, {}, [443, 298, 387], [477, 298, 387], 'The cat', ' The cat'],
    ['prepend', 'LlamaTokenizerFast', false, {}, [443, 298, 387], [477, 298, 387], 'The cat', ' The cat'],
    ['byte-level', 'GPT2Tokenizer', false, byteLevel(true), [330, 319], [220, 330, 319], 'The cat', ' The cat'],
    ['byte-level', 'GPT2Tokenizer', true, byteLevel(false), [220, 330, 319], [220, 330, 319], ' The cat', ' The cat'],
    ['byte-level', 'Qwen2Tokenizer', true, {}, [220, 330, 319], [220, 330, 319], ' The cat', ' The cat'],
    [
      ...(['byte-level', 'PreTrainedTokenizerFast', false, byteLevel(true)] as const),
      ...([[220, 330, 319], [220, 330, 319], ' The cat', ' The cat'] as const),
    ],
  ])('%s of a %s: %s', (golden, name, value, changes, bare, spaced, bareText, spacedText) => {
    const tokenizer = load(golden, name, value, changes);
    expect(tokenizer.encode('The cat', { addSpecialTokens: false })).toEqual(bare);
    expect(tokenizer.encode(' The cat', { addSpecialTokens: false })).toEqual(spaced);
    expect([tokenizer.decode([...bare]), tokenizer.decode([...spaced])]).toEqual([bareText, spacedText]);
  });

  it('Metaspace adds nothing and drops nothing', () => {
    const tokenizer = load('metaspace-unsplit', 'LlamaTokenizer', false);
    const ids = tokenizer.encode(' a', { addSpecialTokens: false });
    expect(tokenizer.decode(ids)).toBe(' a');
    expect(tokenizer.encode('a', { addSpecialTokens: false })).not.toEqual(ids);
    const normal = load('metaspace-unsplit', 'LlamaTokenizer', null);
    expect(normal.encode('a', { addSpecialTokens: false })).toEqual(ids);
  });
});
