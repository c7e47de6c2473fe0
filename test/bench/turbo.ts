/** Turbo LoRA (LoRA and heads) over plain LoRA on the embedded model: passes, tokens and time, A B A B in one run. */
import { readFileSync } from 'node:fs';
import { printTable } from '../../src/cli/output.ts';
import { load } from '../../src/language-model/load.ts';
import type { GenerateOptions } from '../../src/language-model/options.ts';
import { medianOf } from './timing.ts';

const ROOT = new URL('../../fixtures/embedded/', import.meta.url).pathname;
const REPEATS = 5;

interface Example {
  prompt: string;
  expected: string;
  task: string;
}

export async function benchTurbo(): Promise<void> {
  const model = await load(`${ROOT}base`, { adapter: `${ROOT}adapter` });
  const examples = readFileSync(`${ROOT}evaluation.jsonl`, 'utf8').trim().split('\n');
  const byTask = groupByTask(examples.map((line) => JSON.parse(line) as Example));
  const rows: string[][] = [];
  for (const [task, all] of byTask) {
    const totals = run(all);
    rows.push([task, ...totals]);
  }
  process.stdout.write('\nTurbo LoRA over plain LoRA, embedded model, greedy, all held-out prompts\n');
  const head = ['task', 'prompts', 'exact', 'tokens', 'tokens/forward', 'ms/token LoRA', 'Turbo LoRA', 'speed-up'];
  printTable(head, rows, [1, 2, 3, 4, 5, 6, 7]);

  function run(all: readonly Example[]): string[] {
    const decode = (options: GenerateOptions) => all.map(({ prompt }) => model.complete(prompt, options));
    decode({ draft: 'none' });
    const pairs = Array.from(
      { length: REPEATS },
      () => [decode({ draft: 'none' }), decode({ draft: 'turbo' })] as const,
    );
    const perToken = (run: 0 | 1): number[] =>
      pairs.map((pair) => sum(pair[run].map((c) => c.milliseconds)) / sum(pair[run].map((c) => c.tokens.length)));
    const turbo = pairs[0]![1];
    const exact = turbo.filter(({ text }, i) => text === all[i]!.expected).length;
    const tokens = sum(turbo.map((c) => c.tokens.length));
    const forwards = sum(turbo.map((c) => c.targetForwards));
    const [plainTimes, turboTimes] = [perToken(0), perToken(1)];
    const speedUp = medianOf(plainTimes.map((plain, i) => plain / turboTimes[i]!));
    return [
      ...[`${all.length}`, `${exact}`, `${tokens}`, (tokens / forwards).toFixed(2)],
      ...[medianOf(plainTimes).toFixed(2), medianOf(turboTimes).toFixed(2), `${speedUp.toFixed(2)}x`],
    ];
  }
}

function groupByTask(examples: readonly Example[]): Map<string, Example[]> {
  const groups = new Map<string, Example[]>();
  for (const example of examples) groups.set(example.task, [...(groups.get(example.task) ?? []), example]);
  return groups;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
