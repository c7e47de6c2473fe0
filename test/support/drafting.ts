/** What tests hand to drafters: a request, and a sampler that can be watched. */

import { sampled } from '../../src/chance/sampled.ts';
import { seededTape } from '../../src/chance/seeded-tape.ts';
import type { Draft } from '../../src/draft/draft.ts';
import type { Drafter, DraftRequest } from '../../src/draft/drafter.ts';
import { foundAtOnce } from '../../src/model/pass-request.ts';
import { float64 } from '../../src/numerics/arithmetic.ts';
import { createSampler, type Sampler, type TextContext } from '../../src/sampling/sampler.ts';
import { checkSettings, type SamplingInput } from '../../src/sampling/settings.ts';

/** A request with room for nine tokens and no hidden state. */
export function requestFor(tokens: readonly number[], more: Partial<DraftRequest<number>> = {}): DraftRequest<number> {
  const chance = sampled(seededTape(1));
  const numbers = { arithmetic: float64, lift: (law: Float64Array) => law };
  return { tokens, promptLength: 1, hidden: null, maxDepth: 9, chance, ...numbers, ...more };
}

/** What a drafter proposes, its passes made at once. */
export function proposed<T>(drafter: Drafter, request: DraftRequest<T>): Draft<T> {
  return foundAtOnce(drafter.propose(request));
}

/** A production sampler that notes every context in which it was asked for a law or for scores. */
export function watchedSampler(vocabularySize: number, input: SamplingInput = { temperature: 1 }) {
  const settings = checkSettings(input, vocabularySize);
  const inner = createSampler(settings, vocabularySize);
  const contexts: TextContext[] = [];
  const note = ({ tokens, promptLength }: TextContext): void => {
    contexts.push({ tokens: [...tokens], promptLength });
  };
  const sampler: Sampler = {
    settings,
    law(logits, context) {
      note(context);
      return inner.law(logits, context);
    },
    scores(logits, context) {
      note(context);
      return inner.scores(logits, context);
    },
  };
  return { sampler, contexts };
}
