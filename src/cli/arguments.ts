/**
 * Parses numbers and lists on the command line, strictly: there is one way to write a number, and nothing is guessed.
 * @packageDocumentation
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command, Option } from 'commander';
import { OptionError } from '../errors.ts';
import { quoted } from '../quoted.ts';

/** Decimal ASCII digits with an optional sign, point and exponent; no spaces, no `0x10`, no `Infinity`. */
const DECIMAL = /^-?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d+)?$/;
const INTEGER = /^-?\d+$/;

/** Parser for a numeric option. Range checks are left to the code that uses the number. */
export function number(label: string): (text: string) => number {
  return (text) => {
    if (!DECIMAL.test(text)) throw new OptionError(`--${label}`, 'a decimal number', quoted(text));
    const value = Number(text);
    if (!Number.isFinite(value) || (value === 0 && /[1-9]/.test(text.replace(/[eE].*/, '')))) {
      throw new OptionError(`--${label}`, 'a number that fits in float64', quoted(text));
    }
    return value;
  };
}

/** Parser for an integer option. Without `least`, range checks are left to the code that uses the number. */
export function integer(label: string, least?: number): (text: string) => number {
  const expected = least === undefined ? 'an integer' : `an integer of at least ${least}`;
  return (text) => {
    const value = safeInteger(label, text, expected, text);
    if (least !== undefined && value < least) throw new OptionError(`--${label}`, expected, text);
    return value;
  };
}

/** Parser for a list of integers, `1,2,3`; spaces around the commas are allowed. */
export function integers(label: string): (text: string) => number[] {
  return (text) =>
    text
      .split(',')
      .map((part) => safeInteger(label, part.replace(/^ +| +$/g, ''), 'integers separated by commas', text));
}

function safeInteger(label: string, digits: string, expected: string, text: string): number {
  if (!INTEGER.test(digits)) throw new OptionError(`--${label}`, expected, quoted(text));
  const value = Number(digits);
  if (!Number.isSafeInteger(value)) throw new OptionError(`--${label}`, `${expected} within ±(2^53 - 1)`, quoted(text));
  return value;
}

/** Collects the values of a repeatable option. */
export function collect(text: string, earlier: string[] | undefined): string[] {
  return [...(earlier ?? []), text];
}

/**
 * Makes a command refuse what would be misread: an option with a value that is given twice, unless it collects its
 * values; an empty `<dir>` or `<file>`, which would mean the current folder; and another option in place of one, as in
 * `--adapter --json`. A required option that is missing is reported last, because a misspelt one is missing too.
 * @throws {@link OptionError} while the command line is parsed.
 */
export function refuseMisreadings(command: Command): Command {
  for (const option of command.options) {
    if (!option.required && !option.optional) continue;
    let given = false;
    command.on(`option:${option.name()}`, (text: string) => {
      if (given && !isCollecting(option)) throw new OptionError(option.long!, 'one value', 'several');
      given = true;
      if (isPath(option.flags)) refuseOption(command, option.long!, refuseEmpty(option.long!, text));
    });
  }
  for (const argument of command.registeredArguments) {
    if (['dir', 'file'].includes(argument.name())) {
      argument.argParser((text: string) => refuseEmpty(`<${argument.name()}>`, text));
    }
  }
  requireLast(command);
  return command;
}

/** Checks for required options after all other checks of the command line. */
function requireLast(command: Command): void {
  const required = command.options.filter(({ mandatory }) => mandatory);
  for (const option of required) option.makeOptionMandatory(false);
  command.hook('preAction', (_, acting) => {
    if (acting !== command) return; // a command inside it runs
    const missing = required.find((option) => command.getOptionValue(option.attributeName()) === undefined);
    if (missing !== undefined) command.error(`error: required option '${missing.flags}' not specified`);
  });
}

function isCollecting(option: Option): boolean {
  return option.variadic || option.parseArg === collect;
}

function isPath(flags: string): boolean {
  return /[<\]](dir|file)>/.test(flags);
}

function refuseEmpty(label: string, text: string): string {
  if (text === '') throw new OptionError(label, 'a path', 'an empty string');
  return text;
}

function refuseOption(command: Command, label: string, text: string): void {
  if (command.options.some(({ long }) => long === text)) throw new OptionError(label, 'a path', `the option ${text}`);
}

/** The embedded model's folders, which come with the package. */
export function embedded(name: 'base' | 'adapter' | 'prompts.jsonl'): string {
  return join(FIXTURES, 'embedded', name);
}

/** The fixtures, which come with the package. */
export const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url));

/** The engine that `audit init` writes, which comes with the package. */
export const STARTER = fileURLToPath(new URL('../../examples/audit/engine.py', import.meta.url));
