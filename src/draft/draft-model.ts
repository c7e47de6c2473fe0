import { MismatchError, OptionError } from '../errors.ts';
import type { Session } from '../model/session.ts';
import type { Sampler } from '../sampling/sampler.ts';
import { branchTo, chain, type DraftLaw, type Drawn, EMPTY_DRAFT } from './draft.ts';
import type { Drafter, DraftRequest } from './drafter.ts';
import { mostLikelyTokens } from './most-likely.ts';
import { checkChildren, drawToken, type GrowingDraft, growTree } from './siblings.ts';

/** What a draft model drafter needs. */
export interface DraftModelOptions {
  /** The draft model with a cache of its own. */
  readonly session: Session;
  /** Vocabulary of the target, which must be the draft model's too. */
  readonly vocabularySize: number;
  readonly sampler: Sampler;
  readonly choice: 'top1' | 'sample';
  /** Drafted tokens of a chain. */
  readonly length: number;
  /** A full tree instead of a chain, with so many children per depth; `choice` and `length` are not used then. */
  readonly tree?: { readonly children: readonly number[]; readonly drawn: Drawn };
}

/**
 * Drafts with a smaller model. It keeps a cache of its own and before each draft rolls it back to what it shares with
 * the text: rejected drafts go, and a token that it drafted but never read (the last one, when all were accepted) is
 * read now.
 *
 * A tree is grown level by level. For each level the model reads the whole tree so far, behind the text, and in the end
 * goes back to the text.
 * @throws {@link MismatchError} when the vocabularies differ; {@link OptionError} when the length or a number of children
 * is not at least 1.
 * @source Leviathan et al. 2022, arXiv 2211.17192, section 2
 */
export function draftModelDrafter(options: DraftModelOptions): Drafter {
  const { session, sampler, choice, tree } = options;
  const length = tree === undefined ? options.length : tree.children.length;
  const { vocabularySize, contextLength } = session.model.config;
  if (vocabularySize !== options.vocabularySize) {
    throw new MismatchError('draft model', `the target's vocabulary of ${options.vocabularySize}`, `${vocabularySize}`);
  }
  if (!Number.isInteger(length) || length < 1) {
    throw new OptionError('drafted tokens', 'an integer of at least 1', `${length}`);
  }
  if (tree !== undefined) checkChildren(tree.children);
  const read: number[] = []; // the tokens in the draft model's cache
  return {
    name: `draft model (${tree === undefined ? choice : `tree, ${tree.drawn}`})`,
    propose(request) {
      const { tokens, promptLength, maxDepth, lift } = request;
      // The draft model may have a shorter context than the target: it then drafts less, in the end nothing.
      const depth = Math.min(length, maxDepth, contextLength - tokens.length + 1);
      if (depth < 1) return EMPTY_DRAFT;
      const shared = sharedPrefix(read, tokens);
      session.cache.keep(shared);
      read.length = shared;
      if (tree !== undefined) return growFrom(options, request, tree.children.slice(0, depth), read);
      const drafted: number[] = [];
      const laws: DraftLaw<never>[] = [];
      let feed = tokens.slice(shared);
      while (drafted.length < depth) {
        const logits = session.read(feed, { firstRow: feed.length - 1 }).logits(0);
        read.push(...feed);
        const law = sampler.law(logits, { tokens: [...tokens, ...drafted], promptLength });
        const position = tokens.length + drafted.length;
        const lifted = choice === 'top1' ? 'point' : lift(law);
        const token = lifted === 'point' ? mostLikelyTokens(law, 1)[0]! : drawToken(request, position, lifted);
        drafted.push(token);
        laws.push(lifted as DraftLaw<never>);
        feed = [token];
      }
      return chain(drafted, laws);
    },
  };
}

/** A tree beside the text, whose first `read.length` tokens are in the cache; afterwards all of it is. */
function growFrom<T>(
  { session, sampler, tree }: DraftModelOptions,
  request: DraftRequest<T>,
  children: readonly number[],
  read: number[],
) {
  const { tokens, promptLength } = request;
  const unread = tokens.slice(read.length);
  read.push(...unread);
  const law = (logits: Float64Array, drafted: readonly number[]): Float64Array =>
    sampler.law(logits, { tokens: [...tokens, ...drafted], promptLength });
  const lawsOf = (level: readonly number[], draft: GrowingDraft<T>): Float64Array[] => {
    if (draft.tokens.length === 0) {
      return [law(session.read(unread, { firstRow: unread.length - 1 }).logits(0), [])];
    }
    session.cache.keep(tokens.length);
    const rows = session.read([...draft.tokens], { parents: [...draft.parents] });
    return level.map((node) => {
      const branch = branchTo(draft, node);
      return law(
        rows.logits(node),
        branch.map((ancestor) => draft.tokens[ancestor]!),
      );
    });
  };
  const draft = growTree(request, children, tree!.drawn, lawsOf);
  session.cache.keep(tokens.length);
  return draft;
}

/** Length of the common prefix, at most one less than the text: its last token must be read to draft from. */
function sharedPrefix(read: readonly number[], tokens: readonly number[]): number {
  const most = Math.min(read.length, tokens.length - 1);
  let shared = 0;
  while (shared < most && read[shared] === tokens[shared]) shared += 1;
  return shared;
}
