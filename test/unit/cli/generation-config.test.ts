/** What the command line says and does about a generation_config.json. */
import { cpSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../../support/command-line.ts';
import { subfolder, temporaryFolder, writeJson } from '../../support/format-folders.ts';

const root = temporaryFolder();
let count = 0;

function folderWith(generation: object): string {
  const folder = subfolder(root, `${count++}`);
  cpSync('fixtures/embedded/base', folder, { recursive: true });
  writeJson(folder, 'generation_config.json', generation);
  return folder;
}

const generate = (folder: string, ...more: string[]) =>
  commandLine('generate', '--model', folder, '--prompt', 'def ', '--max-new-tokens', '4', '--json', ...more);
const tokensOf = (stdout: string) => (JSON.parse(stdout) as { tokens: number[] }).tokens;

describe('generate', () => {
  it('says which defaults hold, and which options replace them', async () => {
    const folder = folderWith({ do_sample: true, top_p: 0.9, repetition_penalty: 1.2, eos_token_id: 0, foo: 3 });
    const { code, stderr, stdout } = await generate(folder);
    expect(code).toBe(0);
    expect(stderr).toContain('by default (generation_config.json): top_p 0.9, repetition_penalty 1.2\n');
    expect(stderr).toContain('by default (class default of transformers): temperature 1, top_k 50\n');
    expect(stderr).toMatch(/warning: .*foo \(3\) is unknown and not applied/);

    const greedy = await generate(folder, '--temperature', '0', '--repetition-penalty', '1');
    expect(greedy.stderr).not.toContain('by default');
    const aside = await generate(folder, '--no-generation-config');
    expect(aside.stderr).not.toContain('by default');
    expect(tokensOf(aside.stdout)).toEqual(tokensOf(greedy.stdout));
    expect(tokensOf(aside.stdout)).not.toEqual(tokensOf(stdout));
  });

  it('says nothing where nothing is set', async () => {
    const { stderr } = await generate('fixtures/embedded/base');
    expect(stderr).not.toContain('by default');
  });

  it('refuses what is not implemented, unless the file is ignored', async () => {
    const folder = folderWith({ guidance_scale: 2, eos_token_id: 0 });
    const refused = await generate(folder);
    expect(refused.code).not.toBe(0);
    expect(refused.stdout).toBe('');
    expect(refused.stderr).toMatch(/guidance_scale: expected 1 \(.*not implemented\).*--no-generation-config.*, got 2/);
    expect((await generate(folder, '--no-generation-config')).code).toBe(0);
  });

  it('takes every kind of setting', async () => {
    const base = 'fixtures/embedded/base';
    const plain = tokensOf((await generate(base)).stdout);
    const flags = [
      ...[
        ['--bad-words', `${plain[0]}`],
        ['--sequence-bias', `${plain[0]}=-100`],
        ['--logit-bias', `${plain[0]}=-100`],
      ],
      ...[
        ['--begin-suppress', `${plain[0]}`],
        ['--forced-eos', '5'],
      ],
    ];
    for (const flag of flags) {
      const { code, stdout } = await generate(base, ...flag);
      expect(code, flag.join(' ')).toBe(0);
      expect(tokensOf(stdout), flag.join(' ')).not.toEqual(plain);
    }
    expect((await generate(base, '--no-repeat-ngram-size', '1.5')).stderr).toContain('--no-repeat-ngram-size');
    expect((await generate(base, '--typical-p', '0')).stderr).toContain('typical-p: expected a number above 0');
  });
});

describe('inspect', () => {
  it('says what is applied, without effect, unknown and refused', async () => {
    const folder = folderWith({ do_sample: true, top_p: 0.9, pad_token_id: 1, foo: 3, num_beams: 4, eos_token_id: 0 });
    const { code, stdout } = await commandLine('inspect', folder);
    expect(code).toBe(1);
    const text = stdout.replace(/[\s│├┤┼─]+/g, ' ');
    expect(text).toContain(
      'temperature 1 (class default of transformers), top_k 50 (class default of transformers), top_p 0.9',
    );
    expect(text).toMatch(/without effect .*pad_token_id/);
    expect(text).toMatch(/not applied .*foo \(3\)/);
    expect(text).toMatch(/not supported .*num_beams/);
    const json = JSON.parse((await commandLine('inspect', folder, '--json')).stdout) as { generation: object };
    expect(json.generation).toMatchObject({ settings: { doSample: true, topP: 0.9 }, ignored: ['pad_token_id'] });
  });
});
