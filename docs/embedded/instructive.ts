/** Finding rounds that show something: some drafted tokens accepted, one rejected. */
import { float64, type LanguageModel, residual } from 'turbo-lora';
import { mostLikely } from '../writing/laws.ts';
import type { Embedded } from './model.ts';
import { type RecordedRound, type Recording, recordedRounds } from './rounds.ts';

/** A round and the prompt that it belongs to. */
export interface FoundRound {
  readonly prompt: string;
  readonly round: RecordedRound;
}

/** Whether a full draft was accepted in part, at least `least` tokens of it. */
function isMixed({ draft, verdict, hidden, step }: RecordedRound, heads: number, least: number): boolean {
  const accepted = verdict.accepted.length;
  const full = hidden !== null && draft.tokens.length === heads && step.stop === null;
  return full && accepted >= least && accepted < heads;
}

/** At temperature 0: the first round of any prompt with two accepted tokens and a rejected one, or with one and one. */
export function instructiveGreedyRound({ model, prompts }: Embedded): FoundRound {
  const recording: Recording = { temperature: 0, choice: 'top1', rule: 'greedy', seed: 0 };
  const heads = model.heads!.length;
  return firstRound(
    'greedy',
    model,
    prompts,
    [recording],
    [2, 1].map((least) => (round) => isMixed(round, heads, least)),
  );
}

/** At temperature 1: a mixed round whose residual leaves a real choice. A residual of one token would teach little. */
export function instructiveSampledRound({ model, prompts }: Embedded): FoundRound {
  const recordings = Array.from({ length: 24 }, (_, seed): Recording => {
    return { temperature: 1, choice: 'sample', rule: 'rejection', seed };
  });
  const heads = model.heads!.length;
  return firstRound(
    'sampled',
    model,
    prompts,
    recordings,
    [0.15, 0.02].map((share) => (round) => isMixed(round, heads, 1) && secondResidualShare(round) >= share),
  );
}

/** The first round that meets the first wish; if none does, the second wish, and so on. */
function firstRound(
  kind: string,
  model: LanguageModel,
  prompts: readonly string[],
  recordings: readonly Recording[],
  wishes: readonly ((round: RecordedRound) => boolean)[],
): FoundRound {
  for (const fits of wishes) {
    for (const recording of recordings) {
      for (const prompt of prompts) {
        for (const round of recordedRounds(model, model.encode(prompt), recording)) {
          if (fits(round)) return { prompt, round };
        }
      }
    }
  }
  throw new Error(`no prompt of fixtures/embedded has a ${kind} round with accepted and rejected drafts`);
}

/** Share of the residual's mass on its second largest entry. */
function secondResidualShare({ draft, laws, verdict }: RecordedRound): number {
  const node = verdict.accepted.length;
  const excess = residual(float64, laws[node]!, draft.laws[node]!, draft.tokens[node]!);
  const total = excess.reduce((sum, weight) => sum + weight, 0);
  const second = mostLikely(excess, 2)[1];
  return second === undefined ? 0 : excess[second]! / total;
}
