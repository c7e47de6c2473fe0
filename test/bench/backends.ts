/** Time per token of the embedded model with its adapter, without drafting, on every backend that there is. */
import { readFileSync } from 'node:fs';
import { printTable } from '../../src/cli/table.ts';
import { BACKEND_NAMES, openBackend } from '../../src/language-model/backends.ts';
import { LanguageModel } from '../../src/language-model/language-model.ts';
import { embeddedFolder, embeddedModel } from '../../src/language-model/node.ts';
import type { Backend, Shaped } from '../../src/ops/backend.ts';
import { tensorFlow, tensorFlowBackend } from './tfjs-backend.ts';
import { medianOf } from './timing.ts';

const TOKENS = 24;
const REPEATS = 3;

export async function benchBackends(): Promise<void> {
  const reference = await embeddedModel();
  const prompts = readFileSync(embeddedFolder('prompts.jsonl'), 'utf8').trim().split('\n').slice(0, 4);
  const texts = prompts.map((line) => (JSON.parse(line) as { prompt: string }).prompt);
  const rows: string[][] = [];
  for await (const backend of backends()) {
    if (typeof backend === 'string') {
      rows.push([backend, '', '', '', 'not on this machine']);
      continue;
    }
    const model = new LanguageModel({ ...reference, backend });
    const runs: Run[] = [];
    for (let i = 0; i <= REPEATS; i++) runs.push(await run(model, texts)); // the first compiles
    const warm = runs.slice(1);
    const cells = [medianOf(warm.map(({ prompt }) => prompt)), medianOf(warm.map(({ token }) => token))];
    rows.push([backend.name, runs[0]!.prompt.toFixed(1), ...cells.map((cell) => cell.toFixed(2)), runs[0]!.text]);
  }
  const [expected, ...others] = rows;
  for (const row of others) if (row[1] !== '') row[4] = row[4] === expected![4] ? 'those of cpu' : 'others';
  expected![4] = '';
  process.stdout.write(
    `\nEmbedded model with its LoRA, no drafting, greedy: ${texts.length} prompts, ${TOKENS} tokens each\n`,
  );
  printTable(['backend', 'ms per prompt, first time', 'again', 'ms per token', 'texts'], rows, [1, 2, 3]);
}

/** What there is, or the name of what there is not. */
async function* backends(): AsyncGenerator<Backend<Shaped, Shaped> | string> {
  const tf = tensorFlow();
  await tf.setBackend('cpu');
  await tf.ready();
  yield await openBackend('cpu');
  yield tensorFlowBackend(tf) as Backend<Shaped, Shaped>;
  for (const name of BACKEND_NAMES.slice(1)) {
    try {
      yield await openBackend(name);
    } catch {
      yield name;
    }
  }
}

interface Run {
  /** Milliseconds of a prompt's pass. */
  readonly prompt: number;
  /** Milliseconds per token after it. */
  readonly token: number;
  readonly text: string;
}

async function run(model: LanguageModel, texts: readonly string[]): Promise<Run> {
  const total = { prompt: 0, decoding: 0, tokens: 0, text: '' };
  for (const prompt of texts) {
    const start = performance.now();
    const { prefillMilliseconds, tokens, text } = await model.complete(prompt, { draft: 'none', maxNewTokens: TOKENS });
    total.prompt += prefillMilliseconds;
    total.decoding += performance.now() - start - prefillMilliseconds;
    total.tokens += tokens.length;
    total.text += text;
  }
  const { length } = texts;
  return { prompt: total.prompt / length, token: total.decoding / (total.tokens - length), text: total.text };
}
