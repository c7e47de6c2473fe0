import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { inspectFolder } from '../../../src/formats/node/by-path.ts';
import { load } from '../../../src/language-model/node.ts';
import { byteFaults, change, damaged, mutated } from '../../support/damage.ts';
import { hold, mayRefuse, type Outcome, type Surface } from '../surface.ts';

const golden = (name: string): string => new URL(`../../../fixtures/goldens/${name}`, import.meta.url).pathname;

/** One file of a golden's folder, with new content. */
interface Case {
  readonly golden: string;
  readonly part: 'base' | 'adapter';
  readonly file: string;
  readonly content: string;
}

/** Contents of a file after random damage: as JSON if it is that, and as bytes. Base64. */
function contents(path: string): fc.Arbitrary<string> {
  const original = readFileSync(path);
  const bytes = byteFaults.map((faults) => damaged(original, faults).toString('base64'));
  if (!path.endsWith('.json')) return bytes;
  const json: unknown = JSON.parse(original.toString());
  const changed = fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map((changes) => Buffer.from(JSON.stringify(changes.reduce(mutated, json))).toString('base64'));
  return fc.oneof({ weight: 3, arbitrary: changed }, { weight: 1, arbitrary: bytes });
}

function casesOf(files: readonly [golden: string, part: Case['part'], file: string][]): fc.Arbitrary<Case> {
  return fc.oneof(
    ...files.map(([name, part, file]) =>
      contents(join(golden(name), part, file)).map((content): Case => ({ golden: name, part, file, content })),
    ),
  );
}

/** Loads the damaged folder; whatever loads must speak: finite logits, or an error that says why not. */
async function run(input: Case, folder: string): Promise<Outcome> {
  const copy = join(folder, 'copy');
  rmSync(copy, { recursive: true, force: true });
  cpSync(golden(input.golden), copy, { recursive: true });
  writeFileSync(join(copy, input.part, input.file), Buffer.from(input.content, 'base64'));
  await mayRefuse(() => inspectFolder(join(copy, input.part)));
  return mayRefuse(async () => {
    const adapter = input.part === 'adapter' ? { adapter: join(copy, 'adapter') } : {};
    const model = await load(join(copy, 'base'), adapter);
    await mayRefuse(async () => {
      const { logits, heads } = await model.logits([1, 2, 3]);
      const rows = [...logits, ...heads.flat()];
      hold(
        rows.every((row) => row.every(Number.isFinite)),
        'a logit is not finite',
      );
    });
  });
}

/** Checkpoint folders with one damaged file. */
export const checkpointFolders: Surface<Case> = {
  name: 'checkpoints',
  cases: casesOf([
    ['llama-rope-yarn-mscale', 'base', 'config.json'],
    ['qwen2-layer-types', 'base', 'config.json'],
    ['mistral-window', 'base', 'config.json'],
    ['llama-mha', 'base', 'model.safetensors'],
    ['llama-sharded', 'base', 'model.safetensors.index.json'],
    ['qwen2-bias', 'base', 'config.json'],
  ]),
  run,
};

/** Adapter folders with one damaged file. */
export const adapterFolders: Surface<Case> = {
  name: 'adapters',
  cases: casesOf([
    ['turbo-lora-v2', 'adapter', 'adapter_config.json'],
    ['turbo-lora-v2', 'adapter', 'adapter_model.safetensors'],
    ['turbo-lora-v2', 'adapter', 'config.json'],
    ['turbo-lora-v2', 'adapter', 'medusa_lm_head.safetensors'],
    ['lora-patterns', 'adapter', 'adapter_config.json'],
  ]),
  run,
};
