/**
 * The options that `generate` and `compare` share, in the groups of their help.
 * @packageDocumentation
 */
import { type Command, Option } from 'commander';
import { OptionError } from '../errors.ts';
import { BACKEND_NAMES, type BackendName } from '../language-model/backends.ts';
import type { GenerateOptions } from '../language-model/options.ts';
import { RULES } from '../verify/rules.ts';
import { collect, integer, integers } from './arguments.ts';
import { choice } from './choice.ts';
import { samplingOptionsOf, withSamplingOptions } from './sampling-options.ts';
import { didYouMean } from './suggestion.ts';

/** What the options of {@link withDecodingOptions} parse to. */
export interface DecodingArguments {
  readonly adapter?: string[];
  readonly merge?: boolean;
  readonly context?: number;
  readonly backend?: BackendName;
  readonly prompt?: string;
  readonly tokens?: number[];
  readonly prompts?: string;
  readonly promptFile?: string;
  readonly chat?: boolean;
  readonly system?: string;
  readonly seed?: number;
  readonly generationConfig?: boolean;
  readonly draft?: string;
  readonly draftTokens?: number;
  readonly draftTree?: number[];
  readonly draftSample?: boolean;
  readonly verify?: string;
  readonly trace?: string;
  readonly traceLaws?: boolean;
  readonly json?: boolean;
}

/** Adds the options of a generation. The command adds those of the model itself, before these. */
export function withDecodingOptions(command: Command): Command {
  return [promptOptions, draftOptions, lengthOptions, samplingOptions, penaltyOptions, outputOptions].reduce(
    (so, more) => more(so),
    command,
  );
}

/** Adds `--adapter`, `--merge`, `--context` and `--backend`. */
export function modelOptions(command: Command): Command {
  return command
    .option(
      '--adapter <[name=]dir>',
      'folder of a LoRA, of speculative heads, or of both (a Turbo LoRA); repeatable, prompts then choose one by name',
      collect,
    )
    .option('--merge', 'fold the LoRA into the weights first')
    .option(
      '--context <n>',
      'most tokens of prompt and text together (default: the model’s max_position_embeddings)',
      integer('context', 2),
    )
    .addOption(backendOption());
}

/** `--backend`. */
export function backendOption(): Option {
  const where =
    'where the model runs: cpu in float64, gpu:… in float32 on gpu.js, which has to be installed (default: cpu)';
  return choice('--backend <name>', where, BACKEND_NAMES);
}

function promptOptions(command: Command): Command {
  return command
    .optionsGroup('Prompt:')
    .option('--prompt <text>', 'one prompt')
    .addOption(new Option('--tokens <ids>', 'one prompt as token ids, 1,2,3').argParser(integers('tokens')))
    .option('--prompt-file <file>', 'one prompt, read from a text file; - for standard input')
    .option(
      '--prompts <file>',
      'JSON lines, each with a "prompt" (text), "tokens" (ids) or, with --chat, "messages", and optionally an "adapter" (name or null); - for standard input',
    )
    .optionsGroup('Chat:')
    .option('--chat', 'apply the chat template of the model’s folder; a text is the user’s message')
    .option('--system <text>', 'system message of a chat');
}

function lengthOptions(command: Command): Command {
  return withSamplingOptions(command, 'Length');
}

function samplingOptions(command: Command): Command {
  return withSamplingOptions(command, 'Sampling')
    .option('--seed <n>', 'seed of the random tape (default: 0)', integer('seed'))
    .option('--no-generation-config', 'ignore generation_config.json, except for its end-of-text tokens');
}

function penaltyOptions(command: Command): Command {
  return withSamplingOptions(command, 'Penalties and bans');
}

const SOURCES = ['none', 'turbo', 'lookup', 'model:DIR'];

function draftOptions(command: Command): Command {
  return command
    .optionsGroup('Speculation:')
    .addOption(
      new Option('--draft <source>', 'what drafts (default: turbo if the adapter has heads, else none)')
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
    .option('--trace <file>', 'write one JSON line per target pass, readable by `audit` (spec/trace.schema.json)')
    .option('--trace-laws', 'add the target and draft distributions to each line of the trace')
    .option('--json', 'print one JSON object per prompt');
}

/**
 * The library's options for these arguments, without the drafter, which the caller chooses. Options not given are left
 * out.
 */
export function generateOptions(args: DecodingArguments): GenerateOptions {
  const { seed, draftTokens, draftTree, verify } = args;
  const draftChoice = args.draftSample ? ('sample' as const) : undefined;
  const given = { ...samplingOptionsOf({ ...args }), seed, draftTokens, draftTree, verify, draftChoice };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
