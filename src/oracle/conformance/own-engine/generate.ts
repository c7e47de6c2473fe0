import { promptLookup } from '../../../draft/prompt-lookup.ts';
import { UnsupportedError } from '../../../errors.ts';
import type { BatchRequest } from '../../../language-model/batch.ts';
import { USUAL_RULE } from '../../../verify/rules.ts';
import type { AskedDrafter, AskedText, GenerateOutputs, GenerateQuestion } from '../operations/generate.ts';
import type { OwnModels } from './models.ts';

/** Texts that are decoded in the same passes. */
const AT_ONCE = 64;

/**
 * Answers `generate`: all requests and repetitions are one batch.
 * @throws {@link UnsupportedError} for more drafted tokens than there are heads; and as {@link OwnModels.adapter} and
 * {@link LanguageModel.batch} do.
 */
export async function ownTexts(models: OwnModels, question: GenerateQuestion): Promise<GenerateOutputs> {
  const { model: path, requests, repetitions } = question;
  const model = models.model(path);
  const asked = requests.flatMap((request) => {
    const options = optionsOf(models, path, request);
    return Array.from({ length: repetitions }, (_, i) => ({ ...options, seed: seedOf(request.seed, i) }));
  });
  const { completions } = await model.batch(asked, { atOnce: AT_ONCE });
  const sum = (of: 'drafted' | 'accepted') => completions.reduce((total, completion) => total + completion[of], 0);
  const texts = requests.map((_, r) =>
    completions.slice(r * repetitions, (r + 1) * repetitions).map(({ tokens }) => tokens),
  );
  return { texts, drafted: sum('drafted'), accepted: sum('accepted') };
}

function optionsOf(models: OwnModels, path: string, request: AskedText): BatchRequest {
  const { prompt, adapter, maxTokens, endTokens, sampling, drafter } = request;
  const { name, parts } = models.adapter(path, adapter, drafter?.kind === 'heads' ? drafter.folder : null);
  if (drafter?.kind === 'heads' && (parts.heads?.length ?? 0) < drafter.tokens) {
    throw new UnsupportedError('drafter', `at most the ${parts.heads?.length ?? 0} heads`, `${drafter.tokens} tokens`);
  }
  return {
    ...{ prompt, adapter: name, maxNewTokens: maxTokens, eosTokens: endTokens, ...sampling },
    ...drafting(models, drafter, request),
  };
}

/** A drafter that can sample does, and what it drafts is verified as most engines do. */
function drafting(
  models: OwnModels,
  drafter: AskedDrafter | null,
  { sampling, endTokens }: AskedText,
): Partial<BatchRequest> {
  if (drafter === null) return { draft: 'none' };
  const verify = USUAL_RULE;
  const { tokens } = drafter;
  if (drafter.kind === 'lookup') {
    return { verify, draft: promptLookup({ length: tokens, longestMatch: drafter.ngram, eosTokens: endTokens }) };
  }
  const draft = drafter.kind === 'heads' ? 'turbo' : models.model(drafter.model);
  return { verify, draft, draftTokens: tokens, draftChoice: sampling.temperature > 0 ? 'sample' : 'top1' };
}

/** A 32-bit seed for each repetition, by the finaliser of MurmurHash3. */
function seedOf(seed: number, repetition: number): number {
  const low = mixed((seed % 2 ** 32) ^ mixed(Math.floor(seed / 2 ** 32) + 1));
  return mixed(low ^ mixed(repetition + 1));
}

function mixed(bits: number): number {
  let hash = bits | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
