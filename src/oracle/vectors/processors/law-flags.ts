import { type LawInputs, processedScores } from './law-inputs.ts';
import type { VectorSettings } from './vector-settings.ts';

/** What the flags of laws mean, in the order in which they are listed. */
export const LAW_FLAGS = {
  Greedy: 'Temperature 0: the law is a point mass on the largest logit, the lowest id on ties.',
  DraftedPrefix: 'The row follows drafted tokens, which count as if they were generated.',
  RemovedLogit: 'A raw logit is minus infinity.',
  AllKept: 'A filter is set, and nothing is removed.',
  OneLeft: 'One token is left.',
  TieOrder: 'Of tokens with equal logits some stay and some go; which of them is open.',
  TiesStay: 'More than k tokens stay, because logits are equal at the border.',
  EndHeldBack: 'An end-of-text token would be possible if the text were longer.',
  Steep: 'The largest logit over the temperature is beyond 88, where exp overflows in float32.',
} as const;

/** A flag of a law. */
export type LawFlag = keyof typeof LAW_FLAGS;

const FILTERS = ['top_h', 'top_k', 'top_p', 'min_p', 'typical_p', 'epsilon_cutoff', 'eta_cutoff'] as const;

/** The flags of a law, in listing order. */
export function lawFlags(inputs: LawInputs, law: Float64Array): LawFlag[] {
  const { settings, drafted, logits } = inputs;
  const scores = processedScores(inputs);
  const kept = law.filter((mass) => mass > 0).length;
  const possible = scores.filter((score) => score !== Number.NEGATIVE_INFINITY).length;
  const isGreedy = settings.temperature === 0;
  const isFiltered = !isGreedy && FILTERS.some((key) => settings[key] !== undefined);
  const has: Record<LawFlag, boolean> = {
    Greedy: isGreedy,
    DraftedPrefix: drafted.length > 0,
    RemovedLogit: logits.includes(Number.NEGATIVE_INFINITY),
    AllKept: isFiltered && kept === possible,
    OneLeft: kept === 1,
    TieOrder: isFiltered && splitsTies(scores, law),
    TiesStay: isFiltered && settings.top_k !== undefined && settings.top_k > 0 && kept > settings.top_k,
    EndHeldBack: holdsBack(inputs, scores),
    Steep: !isGreedy && Math.max(...scores) / (settings.temperature ?? 1) > 88,
  };
  return (Object.keys(has) as LawFlag[]).filter((flag) => has[flag]);
}

function splitsTies(scores: Float64Array, law: Float64Array): boolean {
  const gone = new Set(scores.filter((score, i) => law[i] === 0 && score !== Number.NEGATIVE_INFINITY));
  return scores.some((score, i) => law[i]! > 0 && gone.has(score));
}

function holdsBack({ settings, ...inputs }: LawInputs, scores: Float64Array): boolean {
  const free: VectorSettings = { ...settings, min_new_tokens: undefined, min_length: undefined };
  const without = processedScores({ ...inputs, settings: free });
  return scores.some((score, i) => score === Number.NEGATIVE_INFINITY && without[i]! > score);
}
