/** A regression pack of the embedded model: made, compared, and found changed. */
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { indexAt } from '../../../src/chance/inverse-cdf.ts';
import { openSafetensors, writeSafetensors } from '../../../src/formats/safetensors/node.ts';
import { packFrom } from '../../../src/oracle/pack/regression-pack.ts';
import { rowsOf } from '../../../src/oracle/vectors/hex-tensor.ts';
import { softmax } from '../../../src/sampling/softmax.ts';
import { commandLine } from '../../support/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'packs-'));
const [base, adapter, pack] = [join(folder, 'base'), join(folder, 'adapter'), join(folder, 'pack')];
const prompts = join(folder, 'prompts.jsonl');
cpSync('fixtures/embedded/base', base, { recursive: true });
cpSync('fixtures/embedded/adapter', adapter, { recursive: true });
writeFileSync(prompts, '{"prompt": "def total_price(items):\\n"}\n{"tokens": [5, 6, 7], "adapter": null}\n');
const add = (out: string, ...args: string[]) =>
  commandLine(
    ...['fixtures', 'add', '--model', base, '--adapter', `turbo=${adapter}`, '--prompts', prompts],
    ...['--out', out, '--max-new-tokens', '8', '--seeds', '1,2', ...args],
  );
const read = () => packFrom(JSON.parse(readFileSync(join(pack, 'pack.json'), 'utf8')));

describe('a regression pack', { timeout: 120_000 }, () => {
  it('has a case for the base and for each adapter, unless the prompt chooses', async () => {
    const { code, stdout } = await add(pack, '--json');
    expect([code, JSON.parse(stdout)]).toEqual([0, { cases: 3, adapters: ['turbo'] }]);
    const { tests, model } = read();
    expect(tests.map((test) => [test.id, test.adapter])).toEqual([
      ['case-1-1', null],
      ['case-1-2', 'turbo'],
      ['case-2-1', null],
    ]);
    expect(model.files.map(({ path }) => path)).toContain('model.safetensors');
    const logits = openSafetensors(join(pack, 'logits.safetensors'));
    for (const { id, prompt, positions, greedy, sampled } of tests) {
      const { shape, data } = logits.read(id);
      expect([shape[0], positions[0]]).toEqual([positions.length, prompt.length - 1]);
      // The first row is the one after the prompt: it decides the first token of each text.
      const row = Float64Array.from(data.subarray(0, shape[1]!), Number);
      expect(row.indexOf(Math.max(...row))).toBe(greedy.tokens[0]);
      for (const { tokens, uniforms } of sampled) {
        const [drawn] = rowsOf(id, uniforms);
        expect(indexAt(drawn![0]!, softmax(row))).toBe(tokens[0]);
        expect(drawn!.length).toBe(tokens.length);
      }
      expect(greedy.margin).toBeGreaterThan(0);
    }
    logits.close();
  });

  it('is the same when it is made again, and is not overwritten', async () => {
    const check = await commandLine('fixtures', 'check', '--pack', pack);
    expect([check.code, check.stdout]).toEqual([0, '']);
    expect(check.stderr).toMatch(/the same texts and logits/);
    const again = await add(pack);
    expect([again.code, again.stderr]).toEqual([
      2,
      expect.stringMatching(/--out: expected a folder without pack.json/),
    ]);
  });

  it('shows a changed weight, in the files, the texts and the logits', async () => {
    const path = join(base, 'model.safetensors');
    const original = readFileSync(path);
    const file = openSafetensors(path);
    const tensors = new Map([...file.tensors.keys()].map((name) => [name, file.read(name)]));
    file.close();
    for (const [name, { data }] of tensors) if (name.includes('norm')) data.fill(data[0]! as never);
    writeSafetensors(path, tensors);
    const { code, stdout } = await commandLine('fixtures', 'check', '--pack', pack, '--json');
    expect(code).toBe(1);
    const problems = JSON.parse(stdout).findings.map(({ problem }: { problem: string }) => problem);
    expect(problems).toContain('has changed since the pack was made');
    expect(problems).toContainEqual(expect.stringMatching(/^greedy text: token \d+ is \d+, not \d+$/));
    expect(problems).toContainEqual(expect.stringMatching(/^logits differ by up to \d/));
    writeFileSync(path, original);
    const moved = await commandLine(
      'fixtures',
      'check',
      '--pack',
      pack,
      '--model',
      base,
      '--adapter',
      `turbo=${adapter}`,
    );
    expect(moved.code).toBe(0);
  });

  it.each<[string, string[], RegExp]>([
    ['no prompts', ['add', '--model', base, '--out', 'x'], /--prompts: expected a file, got nothing/],
    ['a negative seed', ['add', '--model', base, '--prompts', prompts, '--out', 'x', '--seeds', '1,-1'], /--seeds/],
    ['a folder without a pack', ['check', '--pack', base], /a folder with pack.json/],
    [
      'an adapter that the pack lacks',
      ['check', '--pack', pack, '--adapter', 'x=y'],
      /--adapter: expected one of turbo/,
    ],
    ['a model without a pack', ['check', '--model', base], /--model: expected a --pack/],
    ['fixtures and a pack', ['check', '--pack', pack, '--fixtures', 'fixtures'], /expected no --fixtures/],
    ['options of another action', ['pack', '--out', 'x', '--top-k', '3'], /fixtures pack: expected no --top-k/],
  ])('refuses %s', async (_, args, message) => {
    const { code, stderr } = await commandLine('fixtures', ...args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});
