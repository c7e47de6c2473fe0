import { Command } from 'commander';
import { folderAt } from '../formats/folder/node.ts';
import type { GenerationConfig } from '../formats/generation-config.ts';
import {
  type CheckpointReport,
  type FolderReport,
  type HeadsReport,
  inspectFolder,
  type LoraReport,
  type TensorSizes,
} from '../formats/inspect.ts';
import { defaultsOf } from '../language-model/defaults.ts';
import type { ModelSummary } from '../model/summary.ts';
import { withExamples } from './help.ts';
import { printJson } from './output.ts';
import { printTable } from './table.ts';
import { UnexpectedResult } from './unexpected-result.ts';

/** `inspect`: what a folder holds. */
export function inspectCommand(): Command {
  const command = new Command('inspect')
    .argument('<dir>', 'folder of a checkpoint, a LoRA, speculative heads, or several of these')
    .option('--json', 'print one JSON object');
  return withExamples(command, [
    'turbo-lora inspect ~/SmolLM2-135M',
    'shape, sizes and support of a checkpoint',
  ]).action(run);
}

function run(directory: string, args: { json?: boolean }): void {
  const report = inspectFolder(folderAt(directory));
  if (args.json) printJson(report);
  else printTable(['what', directory], rowsOf(report));
  if (report.problems.length > 0) throw new UnexpectedResult('the folder is not fully supported');
}

function rowsOf(report: FolderReport): string[][] {
  const { checkpoint, lora, heads, tokenizer, generation, problems } = report;
  const rows = [
    ...(checkpoint === null ? [] : checkpointRows(checkpoint)),
    ...(lora === null ? [] : loraRows(lora)),
    ...(heads === null ? [] : headsRows(heads)),
    ...(tokenizer === null ? [] : [['tokenizer', `${count(tokenizer.vocabularySize)} tokens`]]),
    ...(generation === null ? [] : generationRows(generation)),
  ];
  return [
    ...rows,
    ...(problems.length === 0 ? [['supported', 'yes']] : problems.map((text) => ['not supported', text])),
  ];
}

/** What applies to generation, where it comes from, and what has no effect; refused settings are among the problems. */
function generationRows(generation: GenerationConfig): string[][] {
  const { eosTokens, ignored, warnings } = generation;
  const applied = defaultsOf(generation).applied.filter(({ option }) => option !== 'eosTokens');
  const words = applied.map(({ key, value, source }) => {
    const from = source === generation.source ? '' : ` (${source})`;
    return `${key} ${JSON.stringify(value)}${from}`;
  });
  return [
    ['end of text', `tokens ${eosTokens.join(', ') || 'none'}`],
    ...(words.length === 0 ? [] : [['generation', words.join(', ')]]),
    ...(ignored.length === 0 ? [] : [['without effect', ignored.join(', ')]]),
    ...warnings.map((text) => ['not applied', text]),
  ];
}

function checkpointRows({ family, architecture, config, sizes, parametersByRole }: CheckpointReport): string[][] {
  const roles = Object.entries(parametersByRole ?? {}).filter(([, parameters]) => parameters > 0);
  return [
    ['checkpoint', `${architecture ?? 'unknown architecture'} (${family ?? 'unknown family'}), ${describe(sizes)}`],
    ...(config === null ? [] : shapeRows(config)),
    ...(roles.length === 0 ? [] : [['parameters', roles.map(([role, n]) => `${role} ${count(n)}`).join(', ')]]),
  ];
}

function shapeRows(config: ModelSummary): string[][] {
  const { layers, hiddenSize, heads, keyValueHeads, headSize, mlpSize, vocabularySize, contextLength, experts } =
    config;
  const windows = config.windows.map((window) =>
    window === null ? 'all tokens' : `${window.kind === 'chunk' ? 'a chunk of ' : ''}${window.size} tokens`,
  );
  const rope = config.rope.map(
    ({ theta, scaling: { type } }) => `${count(theta)}${type === 'default' ? '' : `, scaled: ${type}`}`,
  );
  const mixed = experts === null ? '' : `, ${experts.perToken} of ${experts.count} experts`;
  return [
    [
      'shape',
      `${layers} layers, hidden ${hiddenSize}, MLP ${mlpSize}${mixed}, ${heads} heads (${keyValueHeads} key-value) of ${headSize}`,
    ],
    [
      'text',
      `vocabulary ${count(vocabularySize)}${config.tiedEmbeddings ? ' (tied)' : ''}, context ${count(contextLength)}`,
    ],
    ['attention', `sees ${windows.join(' or ')}${rope.length === 0 ? '' : `; rope theta ${rope.join(' or ')}`}`],
  ];
}

function loraRows({ config, sizes, modules }: LoraReport): string[][] {
  const kinds = [...new Set(modules.map((path) => path.split('.').at(-1)!))];
  const rank =
    config === null
      ? 'unreadable configuration'
      : `rank ${config.rank}, alpha ${config.alpha}${config.rankStabilized ? ' (rsLoRA)' : ''}`;
  return [
    ['LoRA', `${rank}, ${describe(sizes)}`],
    ['LoRA modules', `${modules.length}: ${kinds.join(', ')}`],
    ...(config?.baseName ? [['LoRA trained on', config.baseName]] : []),
  ];
}

function headsRows({ config, headsInFile, sizes }: HeadsReport): string[][] {
  const held = config === null || headsInFile === null || headsInFile === config.heads;
  const heads = `${config?.heads} heads${held ? '' : ` (the file holds ${headsInFile})`}`;
  return [['speculative heads', `${config === null ? 'unreadable configuration' : heads}, ${describe(sizes)}`]];
}

function describe(sizes: TensorSizes | null): string {
  if (sizes === null) return 'weights not readable';
  const megabytes = (sizes.bytes / 1e6).toFixed(1);
  return `${count(sizes.parameters)} parameters, ${megabytes} MB as ${Object.keys(sizes.dtypes).join(', ')}`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
