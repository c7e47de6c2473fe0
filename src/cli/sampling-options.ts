/**
 * The command-line options that set a generation's distribution and length: one table, used by help, parsing and shell
 * completion.
 * @packageDocumentation
 */
import { type Command, Option } from 'commander';
import { OptionError } from '../errors.ts';
import type { DefaultedOptions } from '../language-model/defaults.ts';
import { quoted } from '../quoted.ts';
import type { SequenceBias } from '../sampling/token-settings.ts';
import { collect, integer, integers, number } from './arguments.ts';

/** One option: its spelling, its help text, how it is read, and what it sets. */
export interface SamplingOption {
  /** Title of its group in the help. */
  readonly group: 'Length' | 'Sampling' | 'Penalties and bans';
  readonly flags: string;
  readonly help: string;
  /** The option of a generation that it sets. */
  readonly option: keyof DefaultedOptions;
  /** Reads one value; absent for an option without a value. */
  parse?(text: string, earlier: unknown): unknown;
  /** Builds the setting from all values of a repeatable option. */
  readonly all?: (texts: readonly string[]) => unknown;
}

type Row = Omit<SamplingOption, 'group'>;

const one = (
  option: Row['option'],
  flags: string,
  help: string,
  parser: (label: string) => (text: string) => unknown,
): Row => ({ option, flags, help, parse: parser(labelOf(flags)) });

/** A repeatable option. */
const several = (
  option: Row['option'],
  flags: string,
  help: string,
  read: (label: string) => (text: string) => unknown = () => (text) => text,
): Row => ({ option, flags, help, parse: collect, all: (texts) => texts.map(read(labelOf(flags))) });

const LENGTH: readonly Row[] = [
  one('maxNewTokens', '--max-new-tokens <n>', 'generate at most n tokens (default: 128)', integer),
  one('minNewTokens', '--min-new-tokens <n>', 'generate at least n tokens', integer),
  one('minLength', '--min-length <n>', 'make prompt and text at least n tokens long together', integer),
  several('stopStrings', '--stop <text>', 'stop when this text appears; repeatable'),
  one('eosTokens', '--eos <ids>', 'tokens that end the text, instead of the model’s', integers),
  one('forcedBosTokens', '--forced-bos <ids>', 'force one of these after a one-token prompt', integers),
  one('forcedEosTokens', '--forced-eos <ids>', 'force one of these as the last allowed token', integers),
  one(
    'exponentialDecayLengthPenalty',
    '--exponential-decay-length-penalty <start,factor>',
    'make ending more and more likely after start tokens',
    startAndFactor,
  ),
];

const SAMPLING: readonly Row[] = [
  one('temperature', '--temperature <t>', '0 is greedy (default: 0)', number),
  one('topH', '--top-h <h>', 'keep the most likely tokens that carry a share h of the entropy', number),
  one('topK', '--top-k <n>', 'keep the n most likely tokens', integer),
  one('topP', '--top-p <p>', 'keep the smallest set of most likely tokens with mass p', number),
  one('minP', '--min-p <p>', 'keep tokens with at least p times the largest probability', number),
  one('typicalP', '--typical-p <p>', 'keep the most typical tokens with mass p', number),
  one('epsilonCutoff', '--epsilon-cutoff <e>', 'keep tokens with at least probability e', number),
  one(
    'etaCutoff',
    '--eta-cutoff <e>',
    'keep tokens with at least probability e, or less where the distribution is flat',
    number,
  ),
];

const PENALTIES: readonly Row[] = [
  one('repetitionPenalty', '--repetition-penalty <r>', 'divide the logits of tokens already in the text', number),
  one(
    'encoderRepetitionPenalty',
    '--encoder-repetition-penalty <r>',
    'multiply the logits of tokens in the prompt',
    number,
  ),
  one('frequencyPenalty', '--frequency-penalty <f>', 'subtract f per generated occurrence', number),
  one('presencePenalty', '--presence-penalty <f>', 'subtract f once per generated token', number),
  one('noRepeatNgramSize', '--no-repeat-ngram-size <n>', 'never repeat n tokens of the text in a row', integer),
  one(
    'encoderNoRepeatNgramSize',
    '--encoder-no-repeat-ngram-size <n>',
    'never repeat n tokens of the prompt in a row',
    integer,
  ),
  {
    ...several('logitBias', '--logit-bias <id=bias>', 'add a bias to the logit of a token; repeatable', idAndBias),
    all: (texts) => biasesByToken(texts),
  },
  several(
    'sequenceBias',
    '--sequence-bias <ids=bias>',
    'add a bias to a token that would complete these, 1,2,3=-1.5; repeatable',
    idsAndBias,
  ),
  several('badWords', '--bad-words <ids>', 'never complete this sequence, 1,2,3; repeatable', integers),
  one('bannedTokens', '--ban <ids>', 'never generate these tokens', integers),
  one('beginSuppressTokens', '--begin-suppress <ids>', 'do not begin with these tokens', integers),
  {
    option: 'removeInvalidValues',
    flags: '--remove-invalid-values',
    help: 'replace NaN by 0 and infinity by the largest finite number',
  },
];

/** The whole table, in the order of the help. */
export const SAMPLING_OPTIONS: readonly SamplingOption[] = [
  ...LENGTH.map((row) => ({ group: 'Length' as const, ...row })),
  ...SAMPLING.map((row) => ({ group: 'Sampling' as const, ...row })),
  ...PENALTIES.map((row) => ({ group: 'Penalties and bans' as const, ...row })),
];

/** Adds the options of one group to a command, under its title in the help. */
export function withSamplingOptions(command: Command, group: SamplingOption['group']): Command {
  command.optionsGroup(`${group}:`);
  for (const row of SAMPLING_OPTIONS) if (row.group === group) command.addOption(commanderOption(row));
  return command;
}

function commanderOption({ flags, help, parse }: Row): Option {
  const option = new Option(flags, help);
  option.negate = false; // --no-repeat-ngram-size is not the negation of --repeat-ngram-size
  return parse === undefined ? option : option.argParser<unknown>(parse);
}

/**
 * The options of a generation that a parsed command line gives; those not given are absent.
 * @throws {@link OptionError} when a value of a repeatable option cannot be read.
 */
export function samplingOptionsOf(args: Readonly<Record<string, unknown>>): DefaultedOptions {
  const given = SAMPLING_OPTIONS.flatMap((row) => {
    const { option, all } = row;
    const value = args[commanderOption(row).attributeName()];
    if (value === undefined) return [];
    return [[option, all === undefined ? value : all(value as string[])] as const];
  });
  return Object.fromEntries(given);
}

function labelOf(flags: string): string {
  return new Option(flags).name(); // without the dashes and the value
}

function startAndFactor(label: string): (text: string) => [start: number, factor: number] {
  return (text) => {
    const [start, factor, ...rest] = text.split(',');
    if (factor === undefined || rest.length > 0) {
      throw new OptionError(`--${label}`, 'an integer and a number separated by a comma', quoted(text));
    }
    return [integer(label)(start!), number(label)(factor)];
  };
}

function idsAndBias(label: string): (text: string) => SequenceBias {
  return (text) => {
    const [ids, bias, ...rest] = text.split('=');
    if (bias === undefined || rest.length > 0) {
      throw new OptionError(`--${label}`, 'token ids, an equals sign and a number', quoted(text));
    }
    return [integers(label)(ids!), number(label)(bias)];
  };
}

function idAndBias(label: string): (text: string) => readonly [token: number, bias: number] {
  return (text) => {
    const [ids, bias] = idsAndBias(label)(text);
    if (ids.length !== 1)
      throw new OptionError(`--${label}`, 'one token id, an equals sign and a number', quoted(text));
    return [ids[0]!, bias];
  };
}

function biasesByToken(texts: readonly string[]): Map<number, number> {
  const biases = new Map<number, number>();
  for (const [token, bias] of texts.map(idAndBias('logit-bias'))) {
    if (biases.has(token)) throw new OptionError('--logit-bias', 'one bias per token', `two for token ${token}`);
    biases.set(token, bias);
  }
  return biases;
}
