/**
 * How help looks: titles, terms and examples, coloured where there is a terminal.
 * @packageDocumentation
 */
import { styleText } from 'node:util';
import type { Argument, Command, HelpConfiguration, Option } from 'commander';

// Commander takes colours out again where they are not wanted.
const styled =
  (format: 'bold' | 'cyan' | 'dim') =>
  (text: string): string =>
    styleText(format, text, { validateStream: false });

/** More choices than this are left to `rules`, `faults` and shell completion. */
const MOST_LISTED = 15;

/** The settings that every command's help shares. */
export const helpSettings: HelpConfiguration = {
  styleTitle: styled('bold'),
  styleOptionText: styled('cyan'),
  styleSubcommandText: styled('cyan'),
  styleArgumentText: styled('dim'),
  optionDescription,
  argumentDescription: listed,
};

function optionDescription(option: Option): string {
  const { defaultValue, defaultValueDescription } = option;
  const byDefault = defaultValueDescription ?? (typeof defaultValue === 'string' ? defaultValue : undefined);
  return `${listed(option)}${byDefault === undefined ? '' : ` (default: ${byDefault})`}`;
}

function listed({ description, argChoices }: Option | Argument): string {
  if (argChoices === undefined || argChoices.length > MOST_LISTED) return description;
  return `${description}: ${argChoices.join(' | ')}`;
}

/** A command line, and what it does. */
export type Example = readonly [line: string, what: string];

/** Ends the help of a command with examples. */
export function withExamples(command: Command, ...examples: readonly Example[]): Command {
  const lines = examples.map(([line, what]) => `  ${styled('dim')(`# ${what}`)}\n  $ ${line}`);
  return command.addHelpText('after', [`\n${styled('bold')('Examples:')}`, ...lines].join('\n'));
}
