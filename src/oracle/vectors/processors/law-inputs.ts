import { createSampler } from '../../../sampling/sampler.ts';
import { samplerSettings, type VectorSettings } from './vector-settings.ts';

/** What a law is made from. */
export interface LawInputs {
  readonly vocabulary: number;
  readonly prompt: readonly number[];
  readonly generated: readonly number[];
  /** Drafted tokens between the text and this row. */
  readonly drafted: readonly number[];
  readonly settings: VectorSettings;
  /** @shape [V] */
  readonly logits: Float64Array;
}

/**
 * The law of the next token.
 * @shape returns [V]
 * @throws {@link LawError} when no token is left, or a logit is NaN or plus infinity; as
 * {@link samplerSettings} does.
 */
export function processedLaw(inputs: LawInputs): Float64Array {
  const { vocabulary, prompt, generated, drafted, settings, logits } = inputs;
  const sampler = createSampler(samplerSettings(settings, vocabulary), vocabulary);
  return sampler.law(logits, { tokens: [...prompt, ...generated, ...drafted], promptLength: prompt.length });
}

/**
 * Logits after bans and penalties, before the settings that shape the distribution.
 * @shape returns [V]
 * @throws as {@link processedLaw} does.
 */
export function processedScores(inputs: LawInputs): Float64Array {
  const { vocabulary, prompt, generated, drafted, settings, logits } = inputs;
  const sampler = createSampler(samplerSettings(settings, vocabulary), vocabulary);
  return sampler.scores(logits, { tokens: [...prompt, ...generated, ...drafted], promptLength: prompt.length });
}
