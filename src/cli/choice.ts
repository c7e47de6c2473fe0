/**
 * Options whose value is one of a list of words. Help, shell completion and error messages read the same list.
 * @packageDocumentation
 */
import { Option } from 'commander';
import { OptionError } from '../errors.ts';
import { didYouMean } from './suggestion.ts';

/** An option whose value is one of `values`. Any other value is refused, with the nearest of them as a suggestion. */
export function choice(flags: string, description: string, values: readonly string[]): Option {
  const option = new Option(flags, description).choices(values);
  return option.argParser((text: string) => oneOf(option.long!, text, values));
}

/**
 * The text, if it is one of `values`.
 * @throws {@link OptionError} otherwise, with the nearest of them as a suggestion.
 */
export function oneOf(label: string, text: string, values: readonly string[]): string {
  if (values.includes(text)) return text;
  throw new OptionError(label, `one of ${values.join(', ')}`, `${text}${didYouMean(text, values)}`);
}
