/** Markdown from values: tables, numbers, tokens. */
import type { LanguageModel } from 'turbo-lora';

/** A table; columns named in `right` are right-aligned. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly string[] = [],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = line(head.map((name) => (right.includes(name) ? '--:' : ':--')));
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** Blocks with an empty line between them. */
export function section(...blocks: readonly string[]): string {
  return blocks.join('\n\n');
}

export function fenced(text: string, language = 'text'): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

/** A probability with four decimals; what they cannot show is said to be small. */
export function probability(value: number): string {
  if (value === 0) return '0';
  if (value < 0.00005) return '&lt; 0.0001';
  if (value < 1 && value > 0.99995) return '&gt; 0.9999';
  return value.toFixed(4);
}

/** A number with a proper minus sign. */
export function number(value: number, decimals = 3): string {
  return value.toFixed(decimals).replace('-', '−');
}

const COUNTS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];

/** `one token`, `two tokens`. */
export function count(value: number, thing: string, things = `${thing}s`): string {
  return `${COUNTS[value] ?? value} ${value === 1 ? thing : things}`;
}

/** `first` for index 0. */
export function ordinal(index: number): string {
  return ORDINALS[index] ?? `number ${index + 1}`;
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** A token's text with its white space made visible. */
export function visibleText(model: LanguageModel, token: number): string {
  const text = model.tokenizer!.decode([token]);
  return text.replaceAll(' ', '␣').replaceAll('\n', '⏎').replaceAll('\t', '⇥');
}

/** Text for HTML: all but letters and digits by number, so that neither HTML nor Markdown reads anything into it. */
export function escaped(text: string): string {
  return Array.from(text, (c) => (/[A-Za-z0-9]/.test(c) ? c : `&#${c.codePointAt(0)};`)).join('');
}

/** A token as inline code. */
export function shownToken(model: LanguageModel, token: number): string {
  return `<code>${escaped(visibleText(model, token))}</code>`;
}
