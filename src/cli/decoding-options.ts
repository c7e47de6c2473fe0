/**
 * The options that `generate` and `compare` share, in the groups of their help.
 * @packageDocumentation
 */
import { type Command, Option } from 'commander';
import { OptionError } from '../errors.ts';
import { RULES } from '../verify/rules.ts';
import { collect, integer, integers, number } from './arguments.ts';
import { choice } from './choice.ts';
import { didYouMean } from './suggestion.ts';

/** What the options of {@link withDecodingOptions} parse to. */
export interface DecodingArguments {
  readonly adapter?: string;
  readonly merge?: boolean;
  readonly prompt?: string;
  readonly tokens?: number[];
  readonly prompts?: string;
  readonly promptFile?: string;
  readonly maxNewTokens?: number;
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly minP?: number;
  readonly repetitionPenalty?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly minNewTokens?: number;
  readonly ban?: number[];
  readonly stop?: string[];
  readonly seed?: number;
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
  return [promptOptions, lengthOptions, samplingOptions, draftOptions, outputOptions].reduce(
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
  return command
    .optionsGroup('Length:')
    .option('--max-new-tokens <n>', 'generate at most n tokens (default: 128)', integer('max-new-tokens'))
    .option('--min-new-tokens <n>', 'do not end the text before n tokens', integer('min-new-tokens'))
    .option('--stop <text>', 'stop when this text appears; may be repeated', collect);
}

function samplingOptions(command: Command): Command {
  return command
    .optionsGroup('Sampling:')
    .option('--temperature <t>', '0 is greedy (default: 0)', number('temperature'))
    .option('--top-k <n>', 'keep the n most likely tokens', integer('top-k'))
    .option('--top-p <p>', 'keep the smallest set of tokens with mass p', number('top-p'))
    .option('--min-p <p>', 'keep tokens of at least p times the largest probability', number('min-p'))
    .option('--repetition-penalty <r>', 'divide the logits of tokens already in the text', number('repetition-penalty'))
    .option('--frequency-penalty <f>', 'subtract f per generated occurrence', number('frequency-penalty'))
    .option('--presence-penalty <f>', 'subtract f once per generated token', number('presence-penalty'))
    .addOption(new Option('--ban <ids>', 'never generate these tokens').argParser(integers('ban')))
    .option('--seed <n>', 'seed of the random tape (default: 0)', integer('seed'));
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
