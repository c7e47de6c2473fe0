import { MismatchError, OptionError } from '../errors.ts';
import type { Session } from '../model/session.ts';
import type { Sampler } from '../sampling/sampler.ts';
import { chain, type DraftLaw, EMPTY_DRAFT } from './draft.ts';
import type { Drafter } from './drafter.ts';
import { mostLikelyTokens } from './most-likely.ts';

/** What a draft model drafter needs. */
export interface DraftModelOptions {
  /** The draft model with a cache of its own. */
  readonly session: Session;
  /** Vocabulary of the target, which must be the draft model's too. */
  readonly vocabularySize: number;
  readonly sampler: Sampler;
  readonly choice: 'top1' | 'sample';
  readonly length: number;
}

/**
 * Drafts with a smaller model. It keeps a cache of its own and before each draft rolls it back to what it shares with
 * the text: rejected drafts go, and a token that it drafted but never read (the last one, when all were accepted) is
 * read now.
 * @throws {@link MismatchError} when the vocabularies differ; {@link OptionError} when the length is not at least 1.
 * @source Leviathan et al. 2022, arXiv 2211.17192, section 2
 */
export function draftModelDrafter(options: DraftModelOptions): Drafter {
  const { session, sampler, choice, length } = options;
  const { vocabularySize, contextLength } = session.model.config;
  if (vocabularySize !== options.vocabularySize) {
    throw new MismatchError('draft model', `the target's vocabulary of ${options.vocabularySize}`, `${vocabularySize}`);
  }
  if (!Number.isInteger(length) || length < 1) {
    throw new OptionError('drafted tokens', 'an integer of at least 1', `${length}`);
  }
  const read: number[] = []; // the tokens in the draft model's cache
  return {
    name: `draft model (${choice})`,
    propose({ tokens, promptLength, maxDepth, chance, lift }) {
      // The draft model may have a shorter context than the target: it then drafts less, in the end nothing.
      const depth = Math.min(length, maxDepth, contextLength - tokens.length + 1);
      if (depth < 1) return EMPTY_DRAFT;
      const shared = sharedPrefix(read, tokens);
      session.cache.keep(shared);
      read.length = shared;
      const drafted: number[] = [];
      const laws: DraftLaw<never>[] = [];
      let feed = tokens.slice(shared);
      while (drafted.length < depth) {
        const logits = session.read(feed, { firstRow: feed.length - 1 }).logits(0);
        read.push(...feed);
        const law = sampler.law(logits, { tokens: [...tokens, ...drafted], promptLength });
        const position = tokens.length + drafted.length;
        const lifted = choice === 'top1' ? 'point' : lift(law);
        const token =
          lifted === 'point' ? mostLikelyTokens(law, 1)[0]! : chance.draw({ purpose: 'draft', position }, lifted);
        drafted.push(token);
        laws.push(lifted as DraftLaw<never>);
        feed = [token];
      }
      return chain(drafted, laws);
    },
  };
}

/** Length of the common prefix, at most one less than the text: its last token must be read to draft from. */
function sharedPrefix(read: readonly number[], tokens: readonly number[]): number {
  const most = Math.min(read.length, tokens.length - 1);
  let shared = 0;
  while (shared < most && read[shared] === tokens[shared]) shared += 1;
  return shared;
}
