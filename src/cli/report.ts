import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, Command } from 'commander';
import { FormatError, MissingFileError } from '../errors.ts';
import { failureOf } from '../formats/folder/node.ts';
import { mergeReports, type NamedReport } from '../oracle/conformance/merge-reports.ts';
import { readReport } from '../oracle/conformance/read-report.ts';
import { oneOf } from './choice.ts';
import { printConformance } from './conform-report.ts';
import { withExamples } from './help.ts';
import { printJson } from './output.ts';
import { openReport } from './report-folder.ts';
import { UnexpectedResult } from './unexpected-result.ts';

const ACTIONS = ['merge'] as const;

interface ReportArguments {
  readonly out?: string;
  readonly json?: boolean;
}

/** `report`: what to do with reports of `conform`. */
export function reportCommand(): Command {
  const command = new Command('report')
    .addArgument(
      new Argument('<action>', 'what to do')
        .choices(ACTIONS)
        .argParser((text: string) => oneOf('action', text, ACTIONS)),
    )
    .argument('<reports...>', 'files, or folders with report.json')
    .option('--out <dir>', 'folder for the merged report')
    .option('--json', 'print one JSON object')
    .action((_: string, paths: readonly string[], { out, json }: ReportArguments) => {
      const report = mergeReports(paths.map(readFrom));
      if (out !== undefined) openReport('--out', out)(report);
      if (json) printJson(report);
      else printConformance(report);
      if (report.verdict !== 'PASS') throw new UnexpectedResult();
    });
  return withExamples(
    command,
    ['turbo-lora report merge shard-*/report.json --out merged', 'the verdict on all shards'],
    ['turbo-lora report merge old/report.json --out pages', 'write the files of a report again'],
  );
}

function readFrom(path: string): NamedReport {
  const file = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, 'report.json') : path;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new MissingFileError('report', 'a file that can be read', `${file} (${failureOf(error)})`, { cause: error });
  }
  try {
    return { name: path, report: readReport(JSON.parse(text), path) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new FormatError(path, 'JSON', error.message, { cause: error });
  }
}
