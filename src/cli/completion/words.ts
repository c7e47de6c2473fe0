/**
 * What a shell can complete, read from the commander tree: commands, options and what their values are.
 * @packageDocumentation
 */
import type { Argument, Command, Option } from 'commander';
import { collect } from '../arguments.ts';

/** What a value may be: one of some words, a path, anything, or nothing for an option without a value. */
export type Value =
  | { readonly kind: 'words'; readonly words: readonly string[]; readonly prefixes: readonly string[] }
  | { readonly kind: 'folder' | 'file' | 'text' | 'none' };

/** An option of a command. */
export interface OptionWords {
  /** With dashes, the long name first. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly value: Value;
  readonly repeats: boolean;
}

/** A command, or the program itself. */
export interface CommandWords {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionWords[];
  /** The command's argument; `none` when it takes none. */
  readonly value: Value;
}

/** The program first, then its commands. */
export function completionWords(root: Command): readonly CommandWords[] {
  return [root, ...root.commands].map((command) => ({
    name: command.name(),
    description: command.description(),
    options: command.createHelp().visibleOptions(command).map(optionWords),
    value: command.registeredArguments.map(argumentValue)[0] ?? { kind: 'none' },
  }));
}

function optionWords(option: Option): OptionWords {
  const { long, short, description, flags, argChoices, parseArg } = option;
  return {
    flags: [long, short].filter((flag) => flag !== undefined),
    description,
    value: option.required || option.optional ? valueKind(flags, argChoices) : { kind: 'none' },
    repeats: parseArg === collect,
  };
}

function argumentValue(argument: Argument): Value {
  return valueKind(`<${argument.name()}>`, argument.argChoices);
}

/**
 * Help and completion read the same placeholders: `<dir>` is a folder, `<file>` a file, `word:DIR` a word followed by a
 * folder.
 */
function valueKind(placeholder: string, choices: readonly string[] | undefined): Value {
  if (choices !== undefined) {
    const prefixes = choices.filter((word) => word.endsWith(':DIR')).map((word) => word.slice(0, -'DIR'.length));
    return { kind: 'words', words: choices.filter((word) => !word.endsWith(':DIR')), prefixes };
  }
  if (/\bdir>/.test(placeholder)) return { kind: 'folder' };
  return { kind: /\bfile>/.test(placeholder) ? 'file' : 'text' };
}
