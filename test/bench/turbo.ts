/** Turbo LoRA (LoRA and heads) over plain LoRA on the embedded model: passes, tokens and time, A B A B in one run. */
import { readFileSync } from 'node:fs';
import { printTable } from '../../src/cli/table.ts';
import type { LanguageModel } from '../../src/language-model/language-model.ts';
import { load } from '../../src/language-model/node.ts';
import { medianOf } from './timing.ts';

const ROOT = new URL('../../fixtures/embedded/', import.meta.url).pathname;
const REPEATS = 3;

interface Example {
  prompt: string;
  expected: string;
  task: string;
}

/** All prompts of a task decoded once. */
interface Run {
  exact: number;
  tokens: number;
  forwards: number;
  /** Milliseconds, the prompts' passes included. */
  whole: number;
  /** Milliseconds after the prompts' passes. */
  decoding: number;
}

export async function benchTurbo(): Promise<void> {
  const model = await load(`${ROOT}base`, { adapter: `${ROOT}adapter` });
  const lines = readFileSync(`${ROOT}evaluation.jsonl`, 'utf8').trim().split('\n');
  const examples = lines.map((line) => JSON.parse(line) as Example);
  const rows: string[][] = [];
  for (const task of new Set(examples.map((example) => example.task))) {
    const ofTask = examples.filter((example) => example.task === task);
    rows.push(await row(task, model, ofTask));
  }
  process.stdout.write('\nTurbo LoRA over plain LoRA, embedded model, greedy, held-out prompts\n');
  const head = [
    'task',
    'prompts',
    'exact',
    'tokens',
    'tokens/forward',
    'ms/token LoRA',
    'Turbo',
    'speed-up',
    'with prompts',
  ];
  printTable(head, rows, [1, 2, 3, 4, 5, 6, 7, 8]);
}

async function row(task: string, model: LanguageModel, examples: readonly Example[]): Promise<string[]> {
  await run(model, examples.slice(0, 5), 'turbo'); // warm up
  const pairs: { plain: Run; turbo: Run }[] = [];
  for (let i = 0; i < REPEATS; i++) {
    pairs.push({ plain: await run(model, examples, 'none'), turbo: await run(model, examples, 'turbo') });
  }
  const { turbo } = pairs[0]!;
  const median = (of: (pair: (typeof pairs)[number]) => number): number => medianOf(pairs.map(of));
  return [
    ...[task, `${examples.length}`, `${turbo.exact}`, `${turbo.tokens}`, (turbo.tokens / turbo.forwards).toFixed(2)],
    median(({ plain }) => plain.decoding / plain.tokens).toFixed(2),
    median((pair) => pair.turbo.decoding / pair.turbo.tokens).toFixed(2),
    `${median((pair) => pair.plain.decoding / pair.turbo.decoding).toFixed(2)}x`,
    `${median((pair) => pair.plain.whole / pair.turbo.whole).toFixed(2)}x`,
  ];
}

async function run(model: LanguageModel, examples: readonly Example[], draft: 'none' | 'turbo'): Promise<Run> {
  const total: Run = { exact: 0, tokens: 0, forwards: 0, whole: 0, decoding: 0 };
  for (const { prompt, expected } of examples) {
    const start = performance.now();
    const { text, tokens, targetForwards, prefillMilliseconds } = await model.complete(prompt, { draft });
    const milliseconds = performance.now() - start;
    total.exact += text === expected ? 1 : 0;
    total.tokens += tokens.length;
    total.forwards += targetForwards;
    total.whole += milliseconds;
    total.decoding += milliseconds - prefillMilliseconds;
  }
  return total;
}
