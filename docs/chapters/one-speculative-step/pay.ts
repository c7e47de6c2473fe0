/** After the verdict: the rollback, and what the whole answer took. */
import type { Completion, LanguageModel, Step } from 'turbo-lora';
import { claim, rolledBackNumbers } from '../../embedded/evidence.ts';
import type { FoundRound } from '../../embedded/instructive.ts';
import { passesPicture } from '../../pictures/passes.ts';
import { count, fenced, section, table, visibleText } from '../../writing/markdown.ts';

export async function paySections(model: LanguageModel, found: FoundRound): Promise<string[]> {
  return [rollbackSection(model, found), await tallySection(model, found)];
}

function rollbackSection(model: LanguageModel, { round }: FoundRound): string {
  const { cache, draft, verdict } = round;
  const rejected = draft.tokens.length - verdict.accepted.length;
  const numbers = rolledBackNumbers(model, round);
  return section(
    '## Rolling back',
    `The pass left keys and values of all its rows in the cache, including rows for tokens that were rejected.`,
    table(
      ['moment', 'rows in the cache', 'what they are'],
      [
        ['before the round', `${cache.before}`, 'the text without its last token, which has not been read'],
        ['during it', `${cache.during}`, `+ the last token, + ${count(draft.tokens.length, 'drafted token')}`],
        [
          'after it',
          `${cache.after}`,
          `− ${count(rejected, 'rejected token')}; the token just emitted has not been read`,
        ],
      ],
      ['rows in the cache'],
    ),
    `The rule is: after every round the cache is what plain decoding of the same tokens would have left. For this
round the build compared the two, ${numbers} numbers, and found the same bits in every place. Then the next round
begins, from the hidden state of row ${verdict.accepted.length}, the last row that counted.`,
    `> **Hazard.** What is rolled back is more than the cache: positions, the counts for penalties, a grammar’s
> state, the text held back for stop strings. Whatever a guess advanced must be restored when the guess is rejected. Here
> samplers keep no state at all: they get the tokens before their row.`,
  );
}

async function tallySection(model: LanguageModel, { prompt }: FoundRound): Promise<string> {
  const plain = await run(model, prompt, 'none');
  const turbo = await run(model, prompt, 'turbo');
  claim(
    plain.completion.tokens.join() === turbo.completion.tokens.join(),
    'speculative decoding writes the text of plain decoding',
  );
  const row = (name: string, { completion }: Run): string[] => [
    name,
    `${completion.tokens.length}`,
    `${completion.targetForwards}`,
    completion.tokensPerForward.toFixed(2),
    completion.drafted === 0 ? '–' : `${completion.accepted} of ${completion.drafted}`,
  ];
  const head = ['decoding', 'tokens', 'passes', 'tokens per pass', 'guesses accepted'];
  return section(
    '## What the whole answer took',
    fenced(turbo.completion.text!.trimEnd()),
    table(head, [row('plain', plain), row('turbo', turbo)], head.slice(1)),
    passesPicture({
      plain: plain.steps,
      turbo: turbo.steps,
      nameOf: (token) => visibleText(model, token),
      caption: 'Both rows write the same tokens. Each column is one pass; point at a square to see its token.',
    }),
    `Both ways wrote the same text, token for token. The first pass of a turbo run drafts nothing: there is no hidden
state yet. How much more a pass with guesses costs than one without depends on the machine. The number of passes depends only on the
model, and that is guaranteed here.`,
  );
}

interface Run {
  readonly completion: Completion;
  readonly steps: readonly Step[];
}

async function run(model: LanguageModel, prompt: string, draft: 'none' | 'turbo'): Promise<Run> {
  const steps: Step[] = [];
  const completion = await model.complete(prompt, { draft, maxNewTokens: 160, onStep: (step) => steps.push(step) });
  return { completion, steps };
}
