/** The built command line as a process: exit codes, full disks, closed streams, signals, pipes and devices. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { builtCommandLine, ended, type ProcessResult, shell } from '../../support/command-process.ts';
import { temporaryFolder } from '../../support/format-folders.ts';

const file = builtCommandLine();
afterAll(() => rmSync(file));

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

const MODEL = 'generate --model fixtures/embedded/base --adapter fixtures/embedded/adapter';
const GENERATE = `${MODEL} --max-new-tokens 3`;
const bash = (script: string, input?: string): Promise<ProcessResult> => ended(shell(file, script), input);

/** No stack trace, and one line that names the error. */
function expectRefused({ code, stderr }: ProcessResult, message: RegExp): void {
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/ {4}at |internal error/);
  expect(code).toBe(2);
}

describe('output that cannot be written', () => {
  it('a full disk under stdout', async () => {
    expectRefused(await bash('$turbo_lora rules > /dev/full'), /standard output: expected .*ENOSPC \(WriteError\)/);
    expectRefused(await bash('$turbo_lora --help > /dev/full'), /standard output: expected .*ENOSPC \(WriteError\)/);
  });

  it('a full disk under stderr: only the exit code tells', async () => {
    const { code, stdout } = await bash('$turbo_lora inspect no/such/folder 2> /dev/full');
    expect([code, stdout]).toEqual([2, '']);
  });

  it('closed streams', async () => {
    expect((await bash('$turbo_lora inspect no/such/folder >&- 2>&-')).code).toBe(2);
    expect((await bash('$turbo_lora rules >&- 2>&- <&-')).code).toBe(0);
  });

  it('a reader that goes away ends it quietly', async () => {
    const { code, stderr } = await bash('set -o pipefail; $turbo_lora rules --json | true');
    expect([code, stderr]).toEqual([141, '']);
  });

  it('a slow reader gets everything', async () => {
    const args = `logits --model fixtures/embedded/base --tokens ${Array(40).fill(7).join(',')} --position all --json`;
    const { stdout, code } = await bash(`$turbo_lora ${args} | (sleep 0.5; cat); exit \${PIPESTATUS[0]}`);
    expect(code).toBe(0);
    expect(stdout.length).toBeGreaterThan(300_000);
    expect(JSON.parse(stdout).logits.length).toBe(40);
  });
});

describe('--trace', () => {
  it('is tried before the work', async () => {
    expectRefused(
      await bash(`$turbo_lora generate --model no/such/folder --prompt x --trace ${folder}/none/trace`),
      /--trace: expected a writable file, got .*ENOENT.*WriteError/,
    );
  });

  it('a disk that fills up leaves nothing behind', async () => {
    const trace = join(folder, 'trace');
    writeFileSync(trace, 'old');
    // Signals that are ignored stay so; then the limit is an error, as a full disk is.
    const script = `trap '' XFSZ; ulimit -f 2; exec $turbo_lora ${MODEL} --max-new-tokens 60 --min-new-tokens 60 --draft none --tokens 5,6 --trace ${trace}`;
    expectRefused(await bash(script), /--trace: expected a writable file, got .*EFBIG.*WriteError/);
    expect(readdirSync(folder)).toEqual(['trace']);
    expect(readFileSync(trace, 'utf8')).toBe('old');
  });

  it('goes to stdout, a pipe or a device as it comes', async () => {
    const { stdout, code } = await bash(`$turbo_lora ${GENERATE} --tokens 5,6 --json --trace /dev/stdout`);
    expect(code).toBe(0);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.slice(0, -1).flatMap(({ emitted }) => emitted)).toEqual(lines.at(-1).tokens);
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const piped = await bash(
      `cat ${folder}/pipe & $turbo_lora ${GENERATE} --tokens 5,6 --trace ${folder}/pipe 2>&1; wait`,
    );
    expect(piped.stdout).toContain('"emitted"');
    expect(readdirSync(folder)).toEqual(['pipe']);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('%s ends the process and removes what was begun', async (signal) => {
    const script = `exec $turbo_lora ${MODEL} --max-new-tokens 40 --prompts - --trace ${folder}/trace`;
    const child = shell(file, script);
    const prompts = '{"tokens":[5,6]}\n'.repeat(200);
    const end = ended(child, prompts);
    await vi.waitFor(() => expect(readdirSync(folder).length).toBe(1), { timeout: 20_000 });
    child.kill(signal);
    const result = await end;
    expect(result.signal).toBe(signal);
    expect(result.stderr).not.toMatch(/ {4}at |error/);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('--prompts, --prompt-file, --problem and --rounds', () => {
  it('an endless device is refused in a moment', async () => {
    expectRefused(
      await bash(`$turbo_lora ${GENERATE} --prompts /dev/zero`),
      /\/dev\/zero line 1: expected at most 67108864 bytes/,
    );
    expectRefused(
      await bash(`$turbo_lora ${GENERATE} --prompt-file /dev/zero`),
      /\/dev\/zero: expected at most 268435456 bytes/,
    );
    expectRefused(
      await bash('$turbo_lora law --rule match --problem /dev/zero'),
      /\/dev\/zero: expected at most 100000000 bytes/,
    );
  });

  it('errors name the line', async () => {
    const prompts = '{"tokens":[5]}\n\n{"tokens":[5,512]}\n';
    expectRefused(
      await bash(`$turbo_lora ${GENERATE} --prompts -`, prompts),
      /error: standard input line 3: token 1: expected an id/,
    );
    const latin1 = 'printf \'{"prompt":"caf\\xe9"}\' |';
    expectRefused(
      await bash(`${latin1} $turbo_lora ${GENERATE} --prompts /dev/stdin`),
      /line 1: expected UTF-8, got 0xe9 as byte 15/,
    );
    expectRefused(
      await bash(`$turbo_lora ${GENERATE} --prompts -`, '{"prompt":"a","prompt":"b"}'),
      /line 1: expected each key once/,
    );
  });

  it('a prompt of a pipe, without its last newline', async () => {
    const fromOption = await bash(`$turbo_lora ${GENERATE} --prompt 'Extract the' --json`);
    const fromInput = await bash(`$turbo_lora ${GENERATE} --prompt-file - --json`, 'Extract the\n');
    expect(fromInput.code).toBe(0);
    expect(JSON.parse(fromInput.stdout).tokens).toEqual(JSON.parse(fromOption.stdout).tokens);
  });

  it('a problem and rounds of pipes', async () => {
    const problem = '{"vocabulary":2,"target":["3/5","2/5"],"draft":["4/5","1/5"]}';
    const law = await bash('$turbo_lora law --rule rejection --problem /dev/stdin --json', problem);
    expect(JSON.parse(law.stdout).lossless).toBe(true);
    const both = await bash('$turbo_lora audit --rule rejection --problem - --rounds -', problem);
    expectRefused(both, /--rounds: expected an input other than that of --problem/);
    writeFileSync(join(folder, 'problem'), problem);
    const long = `(head -c 70000000 /dev/zero | tr '\\0' ' '; echo 1) | $turbo_lora audit --rule rejection --problem ${folder}/problem --rounds -`;
    expectRefused(await bash(long), /standard input line 1: expected at most 67108864 bytes, got more/);
  });
});

describe('what a terminal would obey', () => {
  it('is not in messages', async () => {
    const name = `$'no\\e[2J\\nsuch'`;
    const { code, stderr } = await bash(
      `$turbo_lora inspect ${name}; $turbo_lora ${name}; $turbo_lora rules --${name}`,
    );
    expect(code).toBe(2);
    expect(stderr).not.toContain('\u001b');
    expect(stderr.match(/no\\u001b\[2J/g)?.length).toBe(3);
  });
});
