import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Argument, Command } from 'commander';
import { WriteError } from '../errors.ts';
import { REVEALING } from '../law/faults/examples.ts';
import { problemFrom } from '../law/problem-input.ts';
import { realize } from '../oracle/checkpoints/realize.ts';
import { STARTER } from './arguments.ts';
import { withExamples } from './help.ts';
import { print } from './output.ts';
import { makeFolder, writeFiles } from './output-folder.ts';

/** `audit init`: what an author of an engine starts from. */
export function auditInitCommand(): Command {
  const command = new Command('init')
    .description(
      'Write a problem that reveals all known faults of rejection, its checkpoint folders, and a small engine in Python over its tables to start from.',
    )
    .addArgument(new Argument('<dir>', 'a new or empty folder'));
  return withExamples(command, ['turbo-lora audit init my-engine', 'then follow what it prints']).action(init);
}

function init(folder: string): void {
  makeFolder('<dir>', folder);
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new WriteError('<dir>', 'an empty folder', folder);
  const { files, realization } = realize(problemFrom(REVEALING));
  const own = new Map<string, Uint8Array>([
    ['problem.json', new TextEncoder().encode(`${JSON.stringify(REVEALING, null, 2)}\n`)],
    ['engine.py', readFileSync(STARTER)],
  ]);
  writeFiles('<dir>', folder, new Map([...own, ...files]));
  print(
    [
      `In ${folder}: a problem (problem.json), an engine over its tables (engine.py), checkpoint folders (target, draft).`,
      '',
      'Rounds of tables, then of your own verification in its place:',
      '  python3 engine.py problem.json 2000 > rounds.jsonl',
      '  turbo-lora audit --rule rejection --problem problem.json --rounds rounds.jsonl',
      '',
      `An engine that takes checkpoints: run target with draft after tokens ${realization.prompt.tokens}, at temperature 1; judge`,
      '  its rounds:  turbo-lora audit --rule rejection --problem draft.problem.json --rounds rounds.jsonl',
      `  its texts:   turbo-lora audit texts --model target --tokens ${realization.prompt.tokens} --temperature 1 --max-new-tokens 5 --texts texts.jsonl`,
      '',
    ].join('\n'),
  );
}
