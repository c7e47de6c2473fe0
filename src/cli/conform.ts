import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, Command } from 'commander';
import { ConflictError, OptionError } from '../errors.ts';
import { folderAt, openFile } from '../formats/folder/node.ts';
import type { JudgedCase } from '../oracle/conformance/conform-case.ts';
import { casesOfShard, conformanceReport, type Run, silentReport } from '../oracle/conformance/conformance-report.ts';
import type { Engine } from '../oracle/conformance/engine.ts';
import { greet, judge } from '../oracle/conformance/judge.ts';
import { EngineProcess } from '../oracle/conformance/node/engine-process.ts';
import type { ConformanceReport } from '../oracle/conformance/report.ts';
import { shardFrom, WHOLE } from '../oracle/conformance/shard.ts';
import type { Fixtures } from '../oracle/conformance/suites/suite.ts';
import { CONFORM_SUITES, casesOf } from '../oracle/conformance/suites/suites.ts';
import { ENGINE_DTYPES, type EngineDtype } from '../oracle/noise/formats.ts';
import { FIXTURES, number } from './arguments.ts';
import { choice } from './choice.ts';
import { caseNamed, judgeOne } from './conform-case.ts';
import { printConformance } from './conform-report.ts';
import { withExamples } from './help.ts';
import { type HttpArguments, httpEngine, withHttpOptions } from './http-options.ts';
import { onInterrupt } from './interrupt.ts';
import { printJson, progress } from './output.ts';
import { openReport } from './report-folder.ts';
import { didYouMean } from './suggestion.ts';
import { UnexpectedResult } from './unexpected-result.ts';
import { packageVersion } from './version.ts';

interface ConformArguments extends HttpArguments {
  readonly suite?: readonly string[];
  readonly shard?: string;
  readonly case?: string;
  readonly report?: string;
  readonly timeout: number;
  readonly dtype?: EngineDtype;
  readonly json?: boolean;
}

/** `conform`: judges an engine that runs as a child process. */
export function conformCommand(): Command {
  const command = new Command('conform')
    .usage('[options] -- <command...>\n       turbo-lora conform [options] --http <url> --checkpoint <dir>')
    .addArgument(new Argument('[command...]', 'how the engine is started, after --'))
    .option(
      '--suite <names...>',
      `only these suites, or parts of them (rounds/rejection): ${SUITE_NAMES}`,
      collectSuite,
    )
    .option('--shard <I/N>', 'only every N-th case, from the I-th on; `report merge` joins the reports')
    .option('--case <id>', 'only this case; print what is asked and answered')
    .addOption(
      choice('--dtype <name>', 'the number format that the engine computes in, if it says another', ENGINE_DTYPES),
    )
    .option('--report <dir>', 'folder for report.html, report.json and junit.xml')
    .option('--timeout <seconds>', 'limit for one answer; ten times as much for the first', number('timeout'), 10)
    .option('--json', 'print one JSON object')
    .action(async (words: readonly string[], args: ConformArguments) => {
      if (!(args.timeout > 0 && args.timeout <= 86_400)) {
        throw new OptionError('--timeout', 'seconds in (0, 86400]', `${args.timeout}`);
      }
      if (args.case === undefined) await judgeAll(words, args);
      else await judgeCase(words, args.case, args);
    });
  return withExamples(
    withHttpOptions(command),
    ['turbo-lora conform -- python my_engine.py', 'everything that the engine supports'],
    ['turbo-lora conform --suite rounds/rejection --report out -- ./my-engine', 'one rule, with a report'],
    ['turbo-lora conform --case round-rejection-grid-5 -- ./my-engine', 'one case, with what is asked and answered'],
    [
      'turbo-lora conform --http http://localhost:8000 --checkpoint fixtures/problems/shared-noise/target',
      'a server that runs a model of the fixtures',
    ],
    ['turbo-lora conform --shard 1/8 --report shard-1 -- ./my-engine', 'an eighth of the cases, on one of 8 machines'],
  );
}

const SUITE_NAMES = [...CONFORM_SUITES.keys()].join(', ');

function collectSuite(name: string, before: readonly string[] = []): readonly string[] {
  const names = [...CONFORM_SUITES.values()].flatMap((it) => [
    it.name,
    ...it.parts.map((part) => `${it.name}/${part}`),
  ]);
  if (names.includes(name)) return [...before, name];
  const expected = `a suite (${SUITE_NAMES}) or a part of one`;
  throw new OptionError('--suite', expected, `${name}${didYouMean(name, names)}`);
}

async function judgeAll(words: readonly string[], args: ConformArguments): Promise<void> {
  const cases = casesOf(COMMITTED, args.suite ?? [...CONFORM_SUITES.keys()]);
  const shard = args.shard === undefined ? WHOLE : shardFrom(args.shard);
  const write = args.report === undefined ? null : openReport('--report', args.report);
  const run: Run = { judge: packageVersion(), cases, shard };
  const report = await withEngine(words, args, (engine) => reportOn(engine, run, args.dtype));
  write?.(report);
  if (args.json) printJson(report);
  else printConformance(report);
  if (report.verdict !== 'PASS' && !mayBeMerged(report)) throw new UnexpectedResult();
}

async function judgeCase(words: readonly string[], id: string, args: ConformArguments): Promise<void> {
  for (const name of ['suite', 'shard', 'report'] as const) {
    if (args[name] !== undefined) throw new ConflictError('--case', `no --${name}`, `--${name} ${args[name]}`);
  }
  const test = caseNamed(casesOf(COMMITTED, [...CONFORM_SUITES.keys()]), id);
  await withEngine(words, args, (engine) => judgeOne(engine, test, args));
}

/** Some shards without anything wrong: the verdict is left to all of them together. */
function mayBeMerged({ verdict, plan }: ConformanceReport): boolean {
  return verdict === 'UNDECIDED' && plan.shards > 1;
}

async function reportOn(engine: Engine, run: Run, dtype: EngineDtype | undefined): Promise<ConformanceReport> {
  const hello = await greet(engine);
  if (typeof hello === 'string') return silentReport(hello, run);
  const cases = casesOfShard(run);
  const judged: JudgedCase[] = [];
  const bar = progress(hello.name, cases.length, 'cases');
  for await (const each of judge(engine, cases, dtype ?? hello.dtype)) {
    judged.push(each);
    bar.advance();
  }
  bar.done();
  return conformanceReport(hello, run, judged);
}

/** Works with an engine that a command starts, or with a server. What was started ends with the work, or a Ctrl-C. */
async function withEngine<T>(
  words: readonly string[],
  args: ConformArguments,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const server = httpEngine(words, args, args.timeout);
  const started = server === null ? startedBy(words, args.timeout) : null;
  const forget = onInterrupt(() => started?.kill()); // a Ctrl-C does not reach its process group
  const engine = (server ?? started) as Engine;
  try {
    return await work(engine);
  } finally {
    await engine.close();
    forget();
  }
}

function startedBy(words: readonly string[], timeoutSeconds: number): EngineProcess {
  const [file, ...args] = words as [string, ...string[]];
  return new EngineProcess({ file, args, timeoutSeconds });
}

/** The fixtures that come with the package. */
const COMMITTED: Fixtures = {
  text: (path) => readFileSync(join(FIXTURES, path), 'utf8'),
  at: (path) => join(FIXTURES, path),
  folder: (path) => folderAt(join(FIXTURES, path)),
  answered: openFile,
};
