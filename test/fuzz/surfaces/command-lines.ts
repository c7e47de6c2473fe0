import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { byteFaults, damaged } from '../../support/damage.ts';
import { hold, type Surface } from '../surface.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const main = join(root, 'dist/cli/main.js');

interface Case {
  readonly args: readonly string[];
  /** Files that the arguments name, base64. */
  readonly files: Readonly<Record<string, string>>;
  /** Standard input, base64. */
  readonly input: string;
}

const word = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '1',
    '-1',
    '0.5',
    '1e400',
    '0x10',
    ' 1',
    '1,2,3',
    '1,,2',
    'x',
    '../x',
    '--',
    '-',
    '\u001b[31m',
  ),
  fc.constantFrom(
    'none',
    'turbo',
    'lookup',
    'model:',
    'model:BASE',
    'match',
    'rejection',
    'block',
    'greedy',
    'lenience',
  ),
  fc.constantFrom('BASE', 'ADAPTER', 'prompts.jsonl', 'problem.json', 'rounds.jsonl', 'out.jsonl', '/dev/full', '.'),
  fc.string({ maxLength: 8 }).filter((text) => !text.includes('\0')),
);
const flags = [
  ...['--model', '--adapter', '--prompt', '--tokens', '--prompts', '--max-new-tokens', '--temperature', '--top-k'],
  ...['--top-p', '--min-p', '--seed', '--draft', '--draft-tokens', '--draft-tree', '--verify', '--stop', '--ban'],
  ...['--trace', '--position', '--rule', '--target', '--problem', '--rounds', '--fault', '--false-alarm'],
  ...[
    '--logprobs',
    '--prompt-file',
    '--system',
    '--context',
    '--runs',
    '--batch',
    '--budget',
    '--typical-p',
    '--bad-words',
  ],
];
const switches = [
  '--json',
  '--merge',
  '--draft-sample',
  '--heads',
  '--chat',
  '--trace-laws',
  '--normalize',
  '--help',
  '--nonsense',
];
const option = fc.oneof(
  fc.tuple(fc.constantFrom(...flags), word).map((pair): string[] => pair),
  fc.constantFrom(...switches).map((one) => [one]),
  word.map((one) => [one]),
);
/** Command lines that would work, to be spoilt by what is added to them. */
const whole = fc.constantFrom(
  ['generate', '--model', 'BASE', '--adapter', 'ADAPTER', '--prompt', 'def f', '--max-new-tokens', '4'],
  ['generate', '--model', 'BASE', '--prompts', 'prompts.jsonl', '--max-new-tokens', '3', '--json'],
  ['compare', '--max-new-tokens', '3', '--prompt', 'def f'],
  ['logits', '--model', 'BASE', '--tokens', '1,2', '--json'],
  ['law', '--rule', 'rejection', '--target', '2/5 3/5', '--draft', '1/2 1/2'],
  ['law', '--rule', 'block', '--problem', 'problem.json'],
  ['audit', '--problem', 'problem.json', '--rule', 'rejection', '--rounds', 'rounds.jsonl'],
  ['audit', '--problem', 'problem.json', '--rule', 'rejection', '--rounds', '-', '--json'],
  ['inspect', 'BASE'],
  ['rules'],
  ['faults', '--json'],
  ['completion', 'bash'],
  [],
);

const contents = {
  'prompts.jsonl': '{"prompt": "def f"}\n{"tokens": [5, 6]}\n',
  'problem.json': '{"vocabulary": 2, "target": ["2/5", "3/5"], "draft": ["1/2", "1/2"]}\n',
  'rounds.jsonl':
    '{"drafted": [0], "accepted": 1, "emitted": [0, 1]}\n{"drafted": [1], "accepted": 0, "emitted": [0]}\n',
};
const spoilt = (text: string): fc.Arbitrary<string> =>
  fc
    .option(byteFaults, { freq: 1 })
    .map((faults) => (faults === null ? Buffer.from(text) : damaged(Buffer.from(text), faults)).toString('base64'));

/** Command lines of any kind, run as processes: their exit codes, what they print, what they leave behind. */
export const commandLines: Surface<Case> = {
  name: 'command lines',
  longest: 60_000,
  cases: fc.record({
    args: fc.tuple(whole, fc.array(option, { maxLength: 3 })).map(([begin, more]) => [...begin, ...more.flat()]),
    files: fc.record({
      'prompts.jsonl': spoilt(contents['prompts.jsonl']),
      'problem.json': spoilt(contents['problem.json']),
      'rounds.jsonl': spoilt(contents['rounds.jsonl']),
    }),
    input: spoilt(contents['rounds.jsonl']),
  }),
  run({ args, files, input }, folder) {
    const place = join(folder, 'command');
    rmSync(place, { recursive: true, force: true });
    mkdirSync(place);
    for (const [name, content] of Object.entries(files))
      writeFileSync(join(place, name), Buffer.from(content, 'base64'));
    const named = (arg: string): string =>
      arg
        .replace(/BASE$/, join(root, 'fixtures/embedded/base'))
        .replace(/^ADAPTER$/, join(root, 'fixtures/embedded/adapter'));
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, [main, ...args.map(named)], {
      ...{ cwd: place, input: Buffer.from(input, 'base64'), encoding: 'utf8', timeout: 40_000, maxBuffer: 2 ** 28 },
    });
    const told = `exit ${signal ?? status}\n${stderr.slice(-1500)}`;
    const ends = args[0] === 'audit' ? [0, 1, 2, 4, 5, 8, 9, 12, 13] : [0, 1, 2];
    hold(signal === null && ends.includes(status!), `an end that is not foreseen: ${told}`);
    hold(!/internal error|^ {4}at /m.test(stderr), `a stack trace: ${told}`);
    hold(status !== 2 || stderr !== '', `silent: ${told}`);
    hold(!/(?![\n\t\r])\p{Cc}/u.test(stderr), `control characters on stderr: ${told}`);
    if (status === 0 && args.includes('--json') && !args.includes('--help')) {
      for (const line of stdout.split('\n').filter((one) => one !== '')) JSON.parse(line);
    }
    hold(
      readdirSync(place).every((name) => !name.endsWith('.tmp')),
      `a temporary file is left: ${told}`,
    );
    return status === 2 ? 'refused' : 'taken';
  },
};
