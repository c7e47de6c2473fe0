import { Command } from 'commander';
import { inspectFolder } from '../formats/inspect.ts';
import { printJson, printTable } from './output.ts';

/** `inspect`: what a folder holds. */
export function inspectCommand(): Command {
  return new Command('inspect')
    .description('What a model or adapter folder holds, and what of it is supported.')
    .argument('<dir>', 'folder of a checkpoint, a LoRA, speculative heads, or several of these')
    .option('--json', 'as one JSON object')
    .action((directory: string, args: { json?: boolean }) => {
      const report = inspectFolder(directory);
      if (args.json) printJson(report);
      else printTable(['what', 'value'], flatten(report));
    });
}

function flatten(value: unknown, path = ''): string[][] {
  if (value !== null && typeof value === 'object' && !(Array.isArray(value) && value.every(isPlain))) {
    return Object.entries(value).flatMap(([key, inner]) => flatten(inner, path === '' ? key : `${path}.${key}`));
  }
  return [[path, Array.isArray(value) ? value.join(', ') : String(value)]];
}

function isPlain(value: unknown): boolean {
  return value === null || typeof value !== 'object';
}
