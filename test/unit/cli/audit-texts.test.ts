/** `audit texts`: exit codes, reports and refusals. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { load } from '../../../src/language-model/node.ts';
import type { GenerateOptions } from '../../../src/language-model/options.ts';
import { commandLine } from '../../support/command-line.ts';

const root = 'fixtures/problems/target-row-late';
const folder = mkdtempSync(join(tmpdir(), 'audit-texts-'));
const write = (name: string, lines: readonly unknown[]): string => {
  const file = join(folder, name);
  writeFileSync(file, lines.map((line) => JSON.stringify(line)).join('\n'));
  return file;
};

/** Texts of this package as an engine, with a draft model. */
async function sampledTexts(options: GenerateOptions, count: number): Promise<(readonly number[])[]> {
  const [model, draft] = [await load(`${root}/target`), await load(`${root}/draft`)];
  const shared = { prompt: [14, 13], draft, draftChoice: 'sample', verify: 'rejection', maxNewTokens: 4 } as const;
  const requests = Array.from({ length: count }, (_, seed) => ({ ...shared, ...options, seed }));
  return (await model.batch(requests, { atOnce: 64 })).completions.map(({ tokens }) => tokens);
}

const audit = (texts: string, ...more: string[]) =>
  commandLine(
    ...['audit', 'texts', '--model', `${root}/target`, '--tokens', '14,13', '--max-new-tokens', '4'],
    ...['--texts', texts, ...more],
  );

describe('audit texts', () => {
  const hot = sampledTexts({ temperature: 1 }, 600);
  const sampling = ['--temperature', '0.6', '--repetition-penalty', '1.2'];

  it('passes a correct engine, and says beforehand how many texts it takes: exit 0', async () => {
    const texts = write('correct.jsonl', await sampledTexts({ temperature: 0.6, repetitionPenalty: 1.2 }, 600));
    const { code, stdout, stderr } = await audit(texts, ...sampling);
    expect([code, stdout]).toEqual([0, expect.stringContaining('No departure from the target distribution detected')]);
    expect(stdout).toMatch(/600 texts of at most 4 tokens/);
    expect(stderr).toMatch(/A total variation at the first token is seen, at the latest, of 0.2 in \d+, 0.1 in \d+/);
    const report = JSON.parse((await audit(texts, ...sampling, '--json')).stdout);
    expect(report).toMatchObject({ texts: 600, alarm: false, first_alarm_text: null, counted: false, unjudged: 0 });
    expect(report.prefixes[0]).toMatchObject({ prefix: [], visits: 600 });
    expect(report.prefixes[0].total_variation).toBeLessThan(report.prefixes[0].smallest_visible_total_variation);
  });

  it('finds an engine that ignored the settings: exit 1, with the prefix that shows it', async () => {
    const texts = write('hot.jsonl', await hot);
    const { code, stdout } = await audit(texts, ...sampling);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/ALARM in text \d+: .*do not follow the target/)]);
    expect(stdout).toMatch(/next token +│ expected +│ observed/);
    const report = JSON.parse((await audit(texts, ...sampling, '--json')).stdout);
    expect(report.worst_prefix.tokens[0].expected).not.toBeCloseTo(report.worst_prefix.tokens[0].observed, 1);
    expect((await audit(texts, '--temperature', '1')).code).toBe(0);
  });

  it('takes counts, and greedy texts token by token', async () => {
    const [greedy] = await sampledTexts({ temperature: 0 }, 1);
    const counts = write('counts.jsonl', [{ tokens: greedy, times: 1000 }]);
    expect((await audit(counts)).code).toBe(0);
    const report = JSON.parse((await audit(counts, '--temperature', '1', '--json')).stdout);
    expect(report).toMatchObject({ texts: 1000, counted: true, alarm: true, first_alarm_text: null });
    const wrong = [...greedy!.slice(0, 3), (greedy![3]! + 1) % 3];
    const { code, stdout } = await audit(write('wrong.jsonl', [greedy, wrong]));
    expect([code, stdout]).toEqual([1, expect.stringContaining('ALARM in text 2')]);
  });

  it('finds a text that stops early', async () => {
    const { code, stdout } = await audit(write('short.jsonl', [[0, 1]]), '--temperature', '1');
    expect([code, stdout]).toEqual([1, expect.stringContaining('end of the text')]);
  });

  const refused: [string, readonly unknown[], string[], RegExp][] = [
    ['no texts', [], [], /expected at least one text, got none/],
    ['what is not a text', ['a b'], [], /line 1: expected token ids/],
    ['an unknown key', [{ tokens: [0], time: 2 }], [], /line 1: time: expected no key but tokens and times/],
    ['a count that is not one', [{ tokens: [0], times: 0 }], [], /line 1: times: expected an integer of at least 1/],
    ['an id that is not one', [[0, -1]], [], /line 1, token 1: expected a token id, got -1/],
    ['a count after single texts', [[0, 0, 0, 0], { tokens: [0], times: 2 }], [], /line 2: times: expected none/],
    ['stop strings', [[0]], ['--stop', 'a'], /stop strings: expected none/],
    ['two prompts', [[0]], ['--prompt', 'a'], /expected one of --prompt, --tokens and --prompt-file, got 2/],
    ['an option of rounds', [[0]], ['--rule', 'rejection'], /unknown option '--rule'/],
  ];
  it.each(refused)('refuses %s: exit 2', async (_, lines, more, message) => {
    const { code, stderr } = await audit(write('bad.jsonl', lines), ...more);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });

  it('wants a model and texts, and has its own help', async () => {
    expect(await commandLine('audit', 'texts')).toMatchObject({ code: 2 });
    const { code, stdout } = await commandLine('audit', 'texts', '--help');
    expect([code, stdout]).toEqual([0, expect.stringContaining('Judge sampled completions')]);
    expect((await commandLine('audit', '--help')).stdout).toMatch(/texts +/);
    expect((await commandLine('audit', 'text')).code).toBe(2);
  });
});
