import { Argument, Command } from 'commander';
import { problemFrom } from '../law/problem-input.ts';
import type { Realization, RealizedHeads } from '../oracle/checkpoints/realization.ts';
import { REALIZED_DTYPES, realize } from '../oracle/checkpoints/realize.ts';
import { integer } from './arguments.ts';
import { choice, oneOf } from './choice.ts';
import { withExamples } from './help.ts';
import { inputName, readJsonInput } from './input-stream.ts';
import { printJson, say } from './output.ts';
import { makeFolder, writeFiles } from './output-folder.ts';
import { sayNormalized } from './problem-options.ts';
import { printTable } from './table.ts';

const ACTIONS = ['realize'] as const;

interface ProblemArguments {
  readonly problem: string;
  readonly out: string;
  readonly dtype: string;
  readonly seed: number;
  readonly vocabulary?: number;
  readonly normalize?: boolean;
  readonly json?: boolean;
}

/** `problem`: problems of `law` and `audit` in other forms. */
export function problemCommand(): Command {
  const command = new Command('problem')
    .addArgument(
      new Argument('<action>', 'what to do')
        .choices(ACTIONS)
        .argParser((text: string) => oneOf('action', text, ACTIONS)),
    )
    .optionsGroup('Problem:')
    .requiredOption('--problem <file>', 'target and draft distributions and the shape of drafts; - for standard input')
    .option('--normalize', 'divide distributions that sum to 1 only up to rounding by their exact sum')
    .optionsGroup('Folders:')
    .requiredOption('--out <dir>', 'folder for target, draft, turbo and medusa, and the problems with their exact laws')
    .addOption(choice('--dtype <name>', 'width of the weights', REALIZED_DTYPES).default(REALIZED_DTYPES[0]))
    .option('--seed <integer>', 'what the random weights are made from', integer('seed'), 0)
    .option(
      '--vocabulary <size>',
      'tokens of the models (default: 16, or 320 for a large problem)',
      integer('vocabulary'),
    )
    .optionsGroup('Output:')
    .option('--json', 'print one JSON object');
  return withExamples(
    command,
    ['turbo-lora problem realize --problem problem.json --out folders', 'in bfloat16'],
    ['turbo-lora problem realize --problem problem.json --out folders --dtype float32', 'nearer to the fractions'],
  ).action((_: string, args: ProblemArguments) => realizeTo(args));
}

async function realizeTo({ problem: file, out, normalize = false, json, ...options }: ProblemArguments): Promise<void> {
  const problem = problemFrom(await readJsonInput(file), inputName(file), { normalize });
  sayNormalized(problem);
  makeFolder('--out', out);
  const realized = realize(problem, options);
  writeFiles('--out', out, realized.files);
  if (json) printJson(realized.realization);
  else print(out, realized.realization);
}

function print(out: string, { target, draft, turbo, medusa, prompt, headsPrompt }: Realization): void {
  const difference = (number: number): string => number.toPrecision(3);
  const heads = (name: string, made: RealizedHeads): string[][] =>
    'objection' in made ? [] : [[name, difference(made.difference), made.problem, headsPrompt.text]];
  printTable(
    ['folder', 'largest difference', 'exact distributions', 'prompt'],
    [
      ['target', difference(target.difference), draft.problem, prompt.text],
      ['draft', difference(draft.difference), draft.problem, prompt.text],
      ...heads('turbo', turbo),
      ...heads('medusa', medusa),
    ],
  );
  for (const [name, made] of Object.entries({ turbo, medusa })) {
    if ('objection' in made) say(`no ${name} heads: ${made.objection}`);
  }
  say(`in ${out}`);
}
