/** Finding rounds that show something: some drafted tokens accepted, one rejected. */
import type { LanguageModel } from 'turbo-lora';
import { float64 } from 'turbo-lora/numerics';
import { residual } from 'turbo-lora/verify';
import { mostLikely, normalized } from '../writing/laws.ts';
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
  const recordings = Array.from({ length: 6 }, (_, seed): Recording => {
    return { temperature: 1, choice: 'sample', rule: 'rejection', seed };
  });
  const heads = model.heads!.length;
  return firstRound(
    'sampled',
    model,
    prompts,
    recordings,
    [0.15, 0.02, 0].map((share) => (round) => isMixed(round, heads, 1) && offersChoice(round, share)),
  );
}

/** The first round that meets the first wish; if none does, the one that meets the earliest of the others. */
function firstRound(
  kind: string,
  model: LanguageModel,
  prompts: readonly string[],
  recordings: readonly Recording[],
  wishes: readonly ((round: RecordedRound) => boolean)[],
): FoundRound {
  const found: FoundRound[] = []; // by wish
  for (const recording of recordings) {
    for (const prompt of prompts) {
      for (const round of recordedRounds(model, model.encode(prompt), recording)) {
        const wish = wishes.findIndex((fits) => fits(round));
        if (wish === 0) return { prompt, round };
        if (wish > 0) found[wish] ??= { prompt, round };
      }
    }
  }
  const best = found.find((round) => round !== undefined);
  if (best !== undefined) return best;
  throw new Error(`no prompt of fixtures/embedded has a ${kind} round with accepted and rejected drafts`);
}

/** Whether the residual's second largest entry has this share of its mass and one of its three largest was drawn. */
function offersChoice({ draft, laws, verdict }: RecordedRound, share: number): boolean {
  const node = verdict.accepted.length;
  const excess = residual(float64, laws[node]!, draft.laws[node]!, draft.tokens[node]!);
  const largest = mostLikely(excess, 3);
  if (share === 0) return true;
  return largest.includes(verdict.token) && (normalized(excess)[largest[1] ?? -1] ?? 0) >= share;
}
