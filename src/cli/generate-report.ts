import type { Completion } from '../language-model/completion.ts';
import { print, printText, say } from './output.ts';
import type { Prompt } from './prompts.ts';
import { printTable } from './table.ts';

/** One prompt decoded both ways. */
export interface Comparison {
  readonly prompt: Prompt;
  readonly plain: Completion;
  readonly speculative: Completion;
  readonly agree: boolean;
}

/** A completion as the JSON output spells it. */
export function shown(completion: Completion): Record<string, unknown> {
  return {
    prompt_tokens: completion.promptTokens,
    tokens: completion.tokens,
    text: completion.text,
    stop: completion.stop,
    target_forwards: completion.targetForwards,
    drafted: completion.drafted,
    accepted: completion.accepted,
    tokens_per_forward: completion.tokensPerForward,
    ms: completion.milliseconds,
  };
}

function text({ tokens, text }: Completion): string {
  return text ?? tokens.join(',');
}

/** One completion for people: the text on stdout, the counts on stderr. */
export function printCompletion(_prompt: Prompt, completion: Completion): void {
  printText(`${text(completion)}\n`);
  const { tokens, targetForwards, drafted, accepted, tokensPerForward, milliseconds, stop } = completion;
  const drafts = drafted > 0 ? `, ${accepted} of ${drafted} drafted tokens accepted` : '';
  say(
    `${tokens.length} tokens in ${targetForwards} target forwards (${tokensPerForward.toFixed(2)} per forward)${drafts}, ` +
      `${milliseconds.toFixed(0)} ms, ended by ${stop}`,
  );
}

const HEAD = ['prompt', 'tokens', 'forwards plain', 'turbo', 'tokens/forward', 'ms plain', 'turbo', 'same'];
const RIGHT = [1, 2, 3, 4, 5, 6];

/** Both runs of every prompt: the texts, then a table and the verdict. */
export function printComparisons(comparisons: readonly Comparison[]): void {
  for (const { prompt, speculative } of comparisons) {
    const asked = typeof prompt === 'string' ? prompt : `tokens ${prompt.join(',')}`;
    printText(`${indent(asked, '> ')}\n${indent(text(speculative), '  ')}\n\n`);
  }
  const rows = comparisons.map((comparison, i) => row(`${i + 1}`, [comparison]));
  printTable(HEAD, comparisons.length > 1 ? [...rows, row('all', comparisons)] : rows, RIGHT);
  const differing = comparisons.filter(({ agree }) => !agree).length;
  const verdict =
    differing === 0
      ? 'The same tokens from both, for every prompt.'
      : `Different tokens for ${differing} of ${comparisons.length} prompts.`;
  print(`${verdict}\n`);
}

function row(label: string, comparisons: readonly Comparison[]): string[] {
  const total = (of: (comparison: Comparison) => number): number => comparisons.reduce((sum, c) => sum + of(c), 0);
  const tokens = total(({ speculative }) => speculative.tokens.length);
  const [plain, turbo] = [total((c) => c.plain.targetForwards), total((c) => c.speculative.targetForwards)];
  const [slow, fast] = [total((c) => c.plain.milliseconds), total((c) => c.speculative.milliseconds)];
  const agree = comparisons.every((comparison) => comparison.agree);
  return [
    label,
    `${tokens}`,
    `${plain}`,
    `${turbo}`,
    (tokens / turbo).toFixed(2),
    slow.toFixed(0),
    `${fast.toFixed(0)} (${(slow / fast).toFixed(2)}x)`,
    agree ? 'yes' : 'NO',
  ];
}

function indent(block: string, by: string): string {
  return block
    .trimEnd()
    .split('\n')
    .map((line) => by + line)
    .join('\n');
}
