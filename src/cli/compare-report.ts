/**
 * The report of a comparison, as text and as JSON.
 * @packageDocumentation
 */
import { styleText } from 'node:util';
import { type Comparison, type Expectation, type Side, speedups, spreadOf, timesPerToken } from './comparison.ts';
import { shown, textOf } from './generate-report.ts';
import { print, printText } from './output.ts';
import { printTable, terminalWidth } from './table.ts';
import { wrap } from './wrap.ts';

/** What was compared. */
export interface Compared {
  /** What drafted. */
  readonly drafter: string;
  readonly rule: string;
  readonly expectation: Expectation;
  /** The prompts as given. */
  readonly asked: readonly string[];
}

/** The comparison of one prompt as the JSON output spells it. */
export function shownComparison(comparison: Comparison, { drafter, rule, expectation }: Compared): object {
  const first = (side: Side): object => {
    return { ...shown(comparison[side][0]!), ms_per_token: spreadOf(timesPerToken([comparison], side)) };
  };
  return {
    ...{ drafter, rule, expected: expectation, agree: comparison.agree },
    runs: comparison.plain.length,
    speedup: spreadOf(speedups([comparison])),
    prompt_tokens: comparison.plain[0]!.completion.promptTokens,
    plain: first('plain'),
    speculative: first('speculative'),
  };
}

const RIGHT = [1, 2, 3, 4, 5, 6, 7];
/** The range, then whether the tokens are the same: the lines below the table say both too. */
const DROP = [7, 8];

/** The texts, a table, what was timed, and the verdict. */
export function printComparisons(comparisons: readonly Comparison[], compared: Compared): void {
  for (const [i, { speculative }] of comparisons.entries()) {
    printText(`${indent(compared.asked[i]!, '> ')}\n${indent(textOf(speculative[0]!.completion), '  ')}\n\n`);
  }
  const { drafter } = compared;
  const head = [
    '',
    'passes plain',
    drafter,
    'tokens per pass',
    'ms per token plain',
    drafter,
    'speedup',
    'range',
    'same',
  ];
  const rows = comparisons.map((comparison, i) => row(`${i + 1}`, [comparison]));
  printTable(head, comparisons.length > 1 ? [...rows, row('all', comparisons)] : rows, RIGHT, DROP);
  const runs = comparisons[0]!.plain.length;
  const times =
    `Times: prefill and decoding, without loading; medians of ${runs} run${runs === 1 ? '' : 's'} after a warm-up, ` +
    'the two sides alternating which goes first. Speedup: the median ratio over the runs, and the range.';
  print(`${wrap(times, terminalWidth()).join('\n')}\n`);
  const { colour, text } = verdict(comparisons, compared);
  const lines = wrap(text, terminalWidth()).map((line) => styleText(colour, line, { stream: process.stdout }));
  print(`${lines.join('\n')}\n`);
}

function row(label: string, comparisons: readonly Comparison[]): string[] {
  const totals = (side: Side): { tokens: number; passes: number } => {
    const completions = comparisons.map((comparison) => comparison[side][0]!.completion);
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    return {
      tokens: sum(completions.map((completion) => completion.tokens.length)),
      passes: sum(completions.map((completion) => completion.targetForwards)),
    };
  };
  const { tokens, passes } = totals('speculative');
  const times = (side: Side): string => spreadOf(timesPerToken(comparisons, side)).median.toPrecision(3);
  const { median, least, most } = spreadOf(speedups(comparisons));
  return [
    label,
    `${totals('plain').passes}`,
    `${passes}`,
    (tokens / passes).toFixed(2),
    times('plain'),
    times('speculative'),
    `${median.toFixed(2)}x`,
    `${least.toFixed(2)}-${most.toFixed(2)}`,
    comparisons.every(({ agree }) => agree) ? 'yes' : 'no',
  ];
}

/** Whether texts that must be equal are not. */
export function isUnexpected(comparisons: readonly Comparison[], expectation: Expectation): boolean {
  return expectation === 'same' && comparisons.some(({ agree }) => !agree);
}

interface Verdict {
  readonly colour: 'green' | 'red' | 'yellow';
  readonly text: string;
}

function verdict(comparisons: readonly Comparison[], { rule, expectation }: Compared): Verdict {
  const differing = comparisons.filter(({ agree }) => !agree).length;
  const some = `Different tokens for ${differing} of ${comparisons.length} prompts`;
  if (expectation === 'same') {
    if (differing === 0) return { colour: 'green', text: 'The same tokens from both, for every prompt.' };
    return { colour: 'red', text: `${some}: rule ${rule} must give the same tokens.` };
  }
  const found = differing === 0 ? 'The same tokens from both, by chance' : some;
  if (expectation === 'lossy')
    return { colour: 'yellow', text: `${found}. Rule ${rule} is lossy: it changes the distribution of the text.` };
  return {
    colour: 'green',
    text: `${found}. Rule ${rule} preserves the distribution of the text, not the text itself: both are valid samples.`,
  };
}

function indent(block: string, by: string): string {
  return block
    .trimEnd()
    .split('\n')
    .map((line) => by + line)
    .join('\n');
}
