/**
 * The layout of help: titles, terms and examples, coloured on a terminal.
 * @packageDocumentation
 */
import { styleText } from 'node:util';
import { type Argument, type Command, Help, type HelpConfiguration, type Option } from 'commander';

// Commander strips colours again where they are not wanted.
const styled =
  (format: 'bold' | 'cyan' | 'dim') =>
  (text: string): string =>
    styleText(format, text, { validateStream: false });

/** Longer lists of choices are left to `rules`, `faults` and shell completion. */
const MOST_LISTED = 15;

/** Terms up to this width have their description beside them, wider ones below them. */
const WIDEST_TERM = 28;

/** The settings that every command's help shares. */
export const helpSettings: HelpConfiguration = {
  minWidthToWrap: 20,
  padWidth: (command, helper) => Math.min(WIDEST_TERM, Help.prototype.padWidth.call(helper, command, helper)),
  formatItem: (term, termWidth, description, helper) => {
    const item = (beside: string): string =>
      Help.prototype.formatItem.call(helper, beside, termWidth, description, helper);
    return helper.displayWidth(term) <= termWidth ? item(term) : `  ${term}\n${item('')}`;
  },
  subcommandTerm: (command) => command.name(), // what it takes is in its own help
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
