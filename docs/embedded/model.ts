/** The model that the chapters run: small enough to ship, trained well enough to have something to say. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type LanguageModel, load } from 'turbo-lora';

const folder = fileURLToPath(new URL('../../fixtures/embedded/', import.meta.url));

/** The embedded model and the prompts that go with it. */
export interface Embedded {
  readonly model: LanguageModel;
  /** Shortest first, so that a walk through one of them stays short. */
  readonly prompts: readonly string[];
}

export async function loadEmbedded(): Promise<Embedded> {
  const model = await load(`${folder}base`, { adapter: `${folder}adapter` });
  const lines = readFileSync(`${folder}prompts.jsonl`, 'utf8').split('\n');
  const prompts = lines.filter((line) => line !== '').map((line) => (JSON.parse(line) as { prompt: string }).prompt);
  return { model, prompts: prompts.sort((a, b) => a.length - b.length) };
}
