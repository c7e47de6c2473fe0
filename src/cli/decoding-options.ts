/**
 * The options that `generate` and `compare` share, in the groups of their help.
 * @packageDocumentation
 */
import { type Command, Option } from 'commander';
import { OptionError } from '../errors.ts';
import { RULES } from '../verify/rules.ts';
import { integer, integers } from './arguments.ts';
import { choice } from './choice.ts';
import { withSamplingOptions } from './sampling-options.ts';
import { didYouMean } from './suggestion.ts';

/** What the options of {@link withDecodingOptions} parse to. */
export interface DecodingArguments {
  readonly adapter?: string;
  readonly merge?: boolean;
  readonly prompt?: string;
  readonly tokens?: number[];
  readonly prompts?: string;
  readonly promptFile?: string;
  readonly seed?: number;
  readonly generationConfig?: boolean;
  readonly draft?: string;
  readonly draftTokens?: number;
  readonly draftTree?: number[];
  readonly draftSample?: boolean;
  readonly verify?: string;
  readonly trace?: string;
  readonly json?: boolean;
}

/** Adds the options of a generation. Those of the model come first and belong to the command. */
export function withDecodingOptions(command: Command): Command {
  return [promptOptions, lengthOptions, samplingOptions, penaltyOptions, draftOptions, outputOptions].reduce(
    (so, more) => more(so),
    command,
  );
}

/** Adds `--adapter` and `--merge`. */
export function adapterOptions(command: Command): Command {
  return command
    .option('--adapter <dir>', 'folder of a LoRA, of speculative heads, or of both (a Turbo LoRA)')
    .option('--merge', 'fold the LoRA into the weights first');
}

function promptOptions(command: Command): Command {
  return command
    .optionsGroup('Prompt:')
    .option('--prompt <text>', 'one prompt')
    .addOption(new Option('--tokens <ids>', 'one prompt as token ids, 1,2,3').argParser(integers('tokens')))
    .option('--prompt-file <file>', 'one prompt, the text of a file; - for standard input')
    .option('--prompts <file>', 'JSON lines, each {"prompt": "…"} or {"tokens": [1,2]}; - for standard input');
}

function lengthOptions(command: Command): Command {
  return withSamplingOptions(command, 'Length');
}

function samplingOptions(command: Command): Command {
  return withSamplingOptions(command, 'Sampling')
    .option('--seed <n>', 'seed of the random tape (default: 0)', integer('seed'))
    .option('--no-generation-config', 'leave generation_config.json aside, but for its end-of-text tokens');
}

function penaltyOptions(command: Command): Command {
  return withSamplingOptions(command, 'Penalties and bans');
}

const SOURCES = ['none', 'turbo', 'lookup', 'model:DIR'];

function draftOptions(command: Command): Command {
  return command
    .optionsGroup('Speculation:')
    .addOption(
      new Option('--draft <source>', 'who drafts (default: turbo if the adapter has heads, else none)')
        .choices(SOURCES)
        .argParser(draftSource),
    )
    .option('--draft-tokens <k>', 'tokens drafted per round (default: one per head, else 4)', integer('draft-tokens'))
    .addOption(
      new Option('--draft-tree <counts>', 'draft a tree: children per depth, such as 3,2,1').argParser(
        integers('draft-tree'),
      ),
    )
    .option('--draft-sample', 'sample drafts instead of taking the most likely tokens')
    .addOption(choice('--verify <rule>', 'acceptance rule (default: match; see `rules`)', [...RULES.keys()]));
}

/** Checks a value of `--draft`. @throws {@link OptionError} unless it is one of the sources. */
function draftSource(text: string): string {
  if (text.startsWith('model:') ? text.length > 'model:'.length : SOURCES.includes(text)) return text;
  throw new OptionError('--draft', 'none, turbo, lookup or model:DIR', `${text}${didYouMean(text, SOURCES)}`);
}

function outputOptions(command: Command): Command {
  return command
    .optionsGroup('Output:')
    .option('--trace <file>', 'write one JSON line per pass of the target: drafts, emitted tokens, random numbers')
    .option('--json', 'print one JSON object per prompt');
}
