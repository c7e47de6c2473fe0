/** What tests hand to drafters: a request, and a sampler that can be watched. */

import { sampled } from '../../src/chance/sampled.ts';
import { seededTape } from '../../src/chance/seeded-tape.ts';
import type { DraftRequest } from '../../src/draft/drafter.ts';
import { createSampler, type Sampler, type TextContext } from '../../src/sampling/sampler.ts';
import { checkSettings, type SamplingInput } from '../../src/sampling/settings.ts';

/** A request with room for nine tokens and no hidden state. */
export function requestFor(tokens: readonly number[], more: Partial<DraftRequest<number>> = {}): DraftRequest<number> {
  const chance = sampled(seededTape(1));
  return { tokens, promptLength: 1, hidden: null, maxDepth: 9, chance, lift: (law) => law, ...more };
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
