/**
 * From the strings of a command line to numbers and lists.
 * @packageDocumentation
 */
import { OptionError } from '../errors.ts';

/** A parser of one number option. Range checks are left to the code that uses the number. */
export function number(label: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || Number.isNaN(value))
      throw new OptionError(`--${label}`, 'a number', JSON.stringify(text));
    return value;
  };
}

/** A parser of a list of integers, `1,2,3`. */
export function integers(label: string): (text: string) => number[] {
  return (text) =>
    text.split(',').map((part) => {
      if (!/^\s*-?\d+\s*$/.test(part)) {
        throw new OptionError(`--${label}`, 'integers with commas between them', JSON.stringify(text));
      }
      return Number(part);
    });
}

/** Collects the values of an option that may be given several times. */
export function collect(text: string, earlier: string[] | undefined): string[] {
  return [...(earlier ?? []), text];
}

/** The embedded model's folders, which come with the package. */
export function embedded(name: 'base' | 'adapter' | 'prompts.jsonl'): string {
  return decodeURIComponent(new URL(`../../fixtures/embedded/${name}`, import.meta.url).pathname);
}
