import { stopCondition } from '../decode/stop.ts';
import { OptionError } from '../errors.ts';
import type { CompletionLaw } from '../law/audit/text-audit.ts';
import { prepareText } from './generation.ts';
import type { MaybeGiven } from './given.ts';
import type { GenerateOptions } from './options.ts';
import type { RunningModel } from './parts.ts';
import type { Prompt } from './prompt.ts';

/**
 * The law of the completions of a prompt: after each prefix the float64 law that {@link LanguageModel.generate} draws
 * from, whatever drafts. Penalties and lengths count the prompt and the prefix. Each prefix is one pass through the
 * model, over the tokens in which it differs from the prefix before.
 * @throws as {@link LanguageModel.generate} does before its first token; {@link OptionError} for stop strings, which
 * end a text inside a token.
 */
export function completionLaw(
  model: RunningModel,
  prompt: Prompt,
  options: MaybeGiven<GenerateOptions> = {},
): CompletionLaw {
  const { options: settings, tokens, eosTokens, sampler, target } = prepareText(model, prompt, options);
  const { contextLength, vocabularySize } = model.transformer.config;
  const { maxNewTokens, stopStrings = [] } = settings;
  if (stopStrings.length > 0)
    throw new OptionError('stop strings', 'none, for a law of tokens', stopStrings.join(', '));
  const promptLength = tokens.length;
  const stop = stopCondition({ promptLength, maxNewTokens, contextLength, eosTokens });
  const logitsAfter = (text: readonly number[]): Float64Array => {
    // What the cache holds of this text stays, except for its last token, whose row is wanted.
    let kept = 0;
    while (kept < Math.min(held.length, text.length - 1) && held[kept] === text[kept]) kept += 1;
    target.cache.keep(kept);
    held = [];
    const read = text.slice(kept);
    const logits = target.read(read, { firstRow: read.length - 1 }).logits(0);
    held = text;
    return logits;
  };
  let held: readonly number[] = [];
  const after = (prefix: readonly number[]): Float64Array | null => {
    if (prefix.some((token) => !(Number.isInteger(token) && token >= 0 && token < vocabularySize))) return null;
    const text = [...tokens, ...prefix];
    return sampler.law(logitsAfter(text), { tokens: text, promptLength });
  };
  return { law: { after }, maxTokens: stop.room(promptLength), endTokens: eosTokens };
}
