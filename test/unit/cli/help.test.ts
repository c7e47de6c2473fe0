import { Help } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { program } from '../../../src/cli/program.ts';
import { commandLine } from '../../support/command-line.ts';

const NAMES = (await program()).commands.map((command) => command.name());
const helpOf = async (...command: string[]): Promise<string> => (await commandLine(...command, '--help')).stdout;

afterEach(() => vi.unstubAllEnvs());

describe('help', () => {
  it('of the program lists every command under a heading', async () => {
    const help = await helpOf();
    expect(help).toMatch(
      /Generate text:\n {2}generate .*[\s\S]*Look inside a model:\n {2}inspect [\s\S]*Prove and audit/,
    );
    for (const name of NAMES) expect(help).toMatch(new RegExp(`^ {2}${name} `, 'm'));
  });

  it.each(NAMES)('of %s has an example, whose options exist', async (name) => {
    const help = await helpOf(name);
    const examples = [...help.slice(help.indexOf('Examples:')).matchAll(/\$ (.*)/g)].map(([, line]) => line!);
    expect(examples.length).toBeGreaterThan(0);
    const command = (await program()).commands.find((candidate) => candidate.name() === name)!;
    const known = new Help().visibleOptions(command).map(({ long }) => long);
    for (const example of examples) {
      expect(example).toContain(`turbo-lora ${name}`);
      for (const [option] of example.matchAll(/--[a-z-]+/g)) expect(known).toContain(option);
    }
  });

  it.each(NAMES)('of %s is one list only where there are few options', async (name) => {
    const help = await helpOf(name);
    const groups = help.split('\n').filter((line) => /^[A-Z][a-z ]+:$/.test(line) && line !== 'Examples:');
    const options = help.split('\n').filter((line) => /^ {2}(-., )?--/.test(line)).length;
    expect(options / groups.length).toBeLessThanOrEqual(12);
  });

  it.each([[], ...NAMES.map((name) => [name])])('fits 80 columns: %s', async (...command) => {
    const lines = (await helpOf(...command)).split('\n').filter((line) => !line.startsWith('  $ '));
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it('is coloured on request, and plain in a pipe', async () => {
    expect(await helpOf('rules')).not.toContain('\u001b');
    vi.stubEnv('NO_COLOR', undefined);
    vi.stubEnv('FORCE_COLOR', '1');
    expect(await helpOf('rules')).toContain('\u001b[1m');
  });

  it('`help law` is `law --help`', async () => {
    expect((await commandLine('help', 'law')).stdout).toBe(await helpOf('law'));
  });
});

describe('did you mean', () => {
  it.each([
    [['generrate'], 'Did you mean generate?'],
    [['compare', '--tempreature', '1'], 'Did you mean --temperature?'],
    [['compare', '--verify', 'rejektion'], 'did you mean rejection?'],
    [['compare', '--verify', 'trav'], 'did you mean traversal?'],
    [['compare', '--draft', 'tubro'], 'did you mean turbo?'],
    [['law', '--rule', 'macth'], 'did you mean match?'],
    [['law', '--rule', 'rejct'], 'did you mean rejection?'],
    [['law', '--rule', 'match', '--fault', 'greedy-drft'], 'did you mean greedy-draft?'],
  ])('%j', async (args, suggestion) => {
    const { code, stdout, stderr } = await commandLine(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(suggestion);
  });

  it('nothing that is far away', async () => {
    expect((await commandLine('compare', '--verify', 'zzz')).stderr).not.toMatch(/did you mean/i);
  });
});
