import { fileURLToPath } from 'node:url';
import type { LanguageModel } from './language-model.ts';
import { load } from './load.ts';

/**
 * Path of a part of the embedded model, which comes with the package: its checkpoint, its Turbo LoRA adapter, or prompts
 * that it was not trained on (JSON lines).
 * @example
 * import assert from 'node:assert/strict';
 * import { embeddedFolder, inspectFolder } from 'turbo-lora';
 * assert.equal(inspectFolder(embeddedFolder('adapter')).heads?.config?.heads, 4);
 */
export function embeddedFolder(part: 'base' | 'adapter' | 'prompts.jsonl'): string {
  // Sources and built files lie equally deep below the package's root.
  return fileURLToPath(new URL(`../../fixtures/embedded/${part}`, import.meta.url));
}

/**
 * Loads the embedded model: about a million parameters of the Llama architecture with a Turbo LoRA adapter, trained to pull named entities
 * out of sentences and to complete short functions. It needs no download and loads in a fraction of a second.
 * @throws what {@link load} throws, should the package be damaged.
 * @example
 * import assert from 'node:assert/strict';
 * import { embeddedModel } from 'turbo-lora';
 * const model = await embeddedModel();
 * const { text, tokensPerForward } = await model.complete('def total_price(items):\n', { maxNewTokens: 24 });
 * assert.equal(text, '  return sum(item["price"] for item in items)\n');
 * assert.ok(tokensPerForward > 2);
 */
export function embeddedModel(): Promise<LanguageModel> {
  return load(embeddedFolder('base'), { adapter: embeddedFolder('adapter') });
}
