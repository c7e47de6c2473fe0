import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, Command } from 'commander';
import { OptionError, WriteError } from '../errors.ts';
import { failureOf } from '../formats/folder/node.ts';
import { greet, type JudgedCase, judge, type PlannedCase, plannedCases } from '../oracle/conformance/judge.ts';
import { EngineProcess } from '../oracle/conformance/node/engine-process.ts';
import { type ConformanceReport, conformanceReport, silentReport } from '../oracle/conformance/report.ts';
import { roundFileShape } from '../oracle/vectors/rounds/round-vectors.ts';
import { RULES } from '../verify/rules.ts';
import { FIXTURES, number } from './arguments.ts';
import { choice } from './choice.ts';
import { printConformance } from './conform-report.ts';
import { withExamples } from './help.ts';
import { onInterrupt } from './interrupt.ts';
import { printJson, progress } from './output.ts';
import { openOutput } from './output-file.ts';
import { UnexpectedResult } from './unexpected-result.ts';

interface ConformArguments {
  readonly rule?: string;
  readonly report?: string;
  readonly timeout: number;
  readonly json?: boolean;
}

/** `conform`: judges an engine that runs as a child process. */
export function conformCommand(): Command {
  const command = new Command('conform')
    .description('Judge an engine by the test vectors, and say which known fault explains what it does wrong.')
    .usage('[options] -- <command...>')
    .addArgument(new Argument('<command...>', 'how the engine is started, after --'))
    .addOption(choice('--rule <name>', 'only the vectors of this acceptance rule', [...RULES.keys()]))
    .option('--report <dir>', 'folder for report.json')
    .option('--timeout <seconds>', 'limit for one answer; ten times as much for the first', number('timeout'), 10)
    .option('--json', 'print one JSON object')
    .action(async (words: readonly string[], args: ConformArguments) => {
      if (!(args.timeout > 0 && args.timeout <= 86_400)) {
        throw new OptionError('--timeout', 'seconds in (0, 86400]', `${args.timeout}`);
      }
      const report = await reportOn(words, args);
      if (args.report !== undefined) writeReport(args.report, report);
      if (args.json) printJson(report);
      else printConformance(report);
      if (report.verdict !== 'PASS') throw new UnexpectedResult();
    });
  return withExamples(
    command,
    ['turbo-lora conform -- python my_engine.py', 'all vectors that the engine supports'],
    ['turbo-lora conform --rule rejection --report out -- ./my-engine', 'one rule, with a report'],
  );
}

async function reportOn(words: readonly string[], { rule, timeout }: ConformArguments): Promise<ConformanceReport> {
  const planned = committedCases(rule === undefined ? [...RULES.keys()] : [rule]);
  const [file, ...args] = words as [string, ...string[]];
  const engine = new EngineProcess({ file, args, timeoutSeconds: timeout });
  const forget = onInterrupt(() => engine.kill()); // a Ctrl-C does not reach its process group
  try {
    const hello = await greet(engine);
    if (typeof hello === 'string') return silentReport(hello, planned);
    const judged: JudgedCase[] = [];
    const bar = progress(hello.name, planned.length, 'cases');
    for await (const each of judge(engine, planned)) {
      judged.push(each);
      bar.advance();
    }
    bar.done();
    return conformanceReport(hello, planned, judged);
  } finally {
    await engine.close();
    forget();
  }
}

/** The vectors that come with the package. */
function committedCases(rules: readonly string[]): readonly PlannedCase[] {
  const folder = join(FIXTURES, 'vectors', 'rounds');
  return plannedCases(
    rules.map((rule) => roundFileShape.parse(JSON.parse(readFileSync(join(folder, `${rule}.json`), 'utf8')))),
  );
}

function writeReport(folder: string, report: ConformanceReport): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new WriteError('--report', 'a folder that can be made', `${folder} (${failureOf(error)})`, { cause: error });
  }
  const file = openOutput('--report', join(folder, 'report.json'));
  file.write(`${JSON.stringify(report, null, 1)}\n`);
  file.finish();
}
