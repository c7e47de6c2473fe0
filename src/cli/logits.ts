import { Command, Option } from 'commander';
import { ConflictError, OptionError } from '../errors.ts';
import type { BackendName } from '../language-model/backends.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import { load } from '../language-model/node.ts';
import { integers } from './arguments.ts';
import { backendOption } from './decoding-options.ts';
import { withExamples } from './help.ts';
import { print, printJson, sayMarked } from './output.ts';
import { printTable } from './table.ts';

interface LogitsArguments {
  model: string;
  adapter?: string;
  merge?: boolean;
  backend?: BackendName;
  tokens: number[];
  position: string;
  heads?: boolean;
  json?: boolean;
}

/** `logits`: what the model predicts after given tokens, in full precision. */
export function logitsCommand(): Command {
  const command = new Command('logits')
    .optionsGroup('Model:')
    .requiredOption('--model <dir>', 'folder of a Hugging Face checkpoint');
  command
    .option('--adapter <dir>', 'folder of a LoRA, of speculative heads, or of both (a Turbo LoRA)')
    .option('--merge', 'fold the LoRA into the weights first')
    .addOption(backendOption())
    .optionsGroup('Text:')
    .addOption(new Option('--tokens <ids>', 'token ids, 1,2,3').argParser(integers('tokens')).makeOptionMandatory())
    .option('--position <where>', 'last, all, or an index from 0', 'last')
    .optionsGroup('Output:')
    .option('--heads', 'print the logits of the speculative heads too')
    .option('--json', 'print every logit as JSON, not just the ten largest per position');
  return withExamples(
    command,
    ['turbo-lora logits --model ~/SmolLM2-135M --tokens 504,260', 'the ten most likely next tokens'],
    ['turbo-lora logits --model BASE --adapter TURBO --tokens 1,2,3 --position all --heads --json', 'all numbers'],
  ).action(run);
}

async function run(args: LogitsArguments): Promise<void> {
  const positions = positionsOf(args.position, args.tokens.length);
  const model = await load(args.model, {
    ...(args.adapter !== undefined && { adapter: args.adapter }),
    ...(args.merge !== undefined && { merge: args.merge }),
    backend: args.backend,
  });
  for (const warning of model.warnings) sayMarked('warning', warning);
  if (args.heads && model.heads === null)
    throw new ConflictError('--heads', 'an adapter with speculative heads', 'none');
  const { logits, heads } = await model.logits(args.tokens);
  const picked = (rows: Float64Array[]): number[] | number[][] => {
    const chosen = positions.map((position) => [...rows[position]!]);
    return args.position === 'all' ? chosen : chosen[0]!;
  };
  if (args.json) {
    printJson({ logits: picked(logits), ...(args.heads && { heads: heads.map(picked) }) });
    return;
  }
  for (const position of positions) {
    print(`after token ${position}\n`);
    printRanking(model, [logits[position]!, ...(args.heads ? heads.map((rows) => rows[position]!) : [])]);
  }
}

function positionsOf(text: string, length: number): number[] {
  if (text === 'all') return Array.from({ length }, (_, i) => i);
  if (text === 'last') return [length - 1];
  const position = Number(text);
  if (!/^\d+$/.test(text) || position >= length) {
    throw new OptionError('--position', `last, all or an index in [0, ${length})`, text);
  }
  return [position];
}

function printRanking(model: LanguageModel, columns: readonly Float64Array[]): void {
  const names = columns.map((_, i) => (i === 0 ? 'next token' : `head ${i - 1}`));
  const best = columns.map((logits) => [...logits.keys()].sort((a, b) => logits[b]! - logits[a]!).slice(0, 10));
  const rows = Array.from({ length: 10 }, (_, rank) =>
    columns.map((logits, i) => {
      const token = best[i]![rank];
      if (token === undefined) return '';
      const text = model.tokenizer === null ? '' : ` ${JSON.stringify(model.tokenizer.decode([token]))}`;
      return `${token}${text} ${logits[token]!.toFixed(4)}`;
    }),
  );
  printTable(names, rows);
}
