/**
 * How the law after a prefix becomes a draft: one growing for chains and trees, for heads, draft models and the drafters of
 * problems.
 * @packageDocumentation
 */
import { type Asking, asked, type MaybeAsking } from '../model/pass-request.ts';
import type { Sampler } from '../sampling/sampler.ts';
import type { DraftPlan } from './choice.ts';
import { type Draft, type DraftLaw, isChain } from './draft.ts';
import type { DraftRequest, Drawing } from './drafter.ts';
import { mostLikelyTokens } from './most-likely.ts';
import { drawSiblings } from './siblings.ts';

/** A node of a draft under construction; the root is node -1 without tokens. */
export interface GrowingNode {
  readonly node: number;
  /** Ranks from the root down to this node. */
  readonly path: readonly number[];
  /** Drafted tokens from the root down to this node. */
  readonly drafted: readonly number[];
}

/** What a drafter says of the token after a prefix. */
export interface LawAfter<T> {
  /** The `count` most likely tokens, most likely first; fewer when there are no more. */
  mostLikely(count: number): readonly number[];
  /** The law that tokens are drawn from. @shape [V] */
  law(): ArrayLike<T>;
}

/** What a draft grows from. */
export interface GrowthOptions<T> {
  readonly drawing: Drawing<T>;
  readonly plan: DraftPlan;
  /** Length of the longest branch, at most. */
  readonly depth: number;
  /** Index in the whole text of the first drafted token. */
  readonly position: number;
  /** The law after each of a level's nodes; the draft holds all nodes so far. */
  lawsAfter(level: readonly GrowingNode[], draft: Draft<T>): MaybeAsking<readonly LawAfter<T>[]>;
}

/**
 * Grows a draft level by level. Most likely tokens are point masses; a rank that there is no token for is missing, and with it
 * all that would follow it. Drawn tokens carry the law that they were drawn from.
 * @source Cai et al. 2024, arXiv 2401.10774, section 2.1.2
 */
export function* growDraft<T>({ drawing, plan, depth, position, lawsAfter }: GrowthOptions<T>): Asking<Draft<T>> {
  const { drawn, ranksAfter } = plan;
  const draft = { tokens: [] as number[], parents: [] as number[], laws: [] as DraftLaw<T>[] };
  const add = (parent: GrowingNode, rank: number, token: number, law: DraftLaw<T>): GrowingNode => {
    draft.parents.push(parent.node);
    draft.laws.push(law);
    const node = draft.tokens.push(token) - 1;
    return { node, path: [...parent.path, rank], drafted: [...parent.drafted, token] };
  };
  let level: GrowingNode[] = [{ node: -1, path: [], drafted: [] }];
  for (let at = 0; at < depth; at++) {
    level = level.filter(({ path }) => ranksAfter(path).length > 0);
    if (level.length === 0) break;
    const laws = yield* asked(lawsAfter(level, draft));
    level = level.flatMap((parent, i) => {
      const ranks = ranksAfter(parent.path);
      if (drawn === 'top') {
        const best = laws[i]!.mostLikely(Math.max(...ranks) + 1);
        return ranks.filter((rank) => rank < best.length).map((rank) => add(parent, rank, best[rank]!, 'point'));
      }
      const law = laws[i]!.law();
      const siblings = drawSiblings(drawing, position + at, law, ranks.length, drawn);
      return siblings.map((token, rank) => add(parent, rank, token, law));
    });
  }
  return isChain(draft) ? draft : { ...draft, drawn };
}

/**
 * The law of logits after a node, as processors leave them; bans and penalties count the tokens of its branch.
 *
 * The most likely tokens are ranked by the logits at every temperature, also at 0, where the law is a point mass and would offer
 * one token only.
 * @shape logits: [V]
 * @source Medusa `medusa/model/utils.py` (`generate_candidates` takes the top k of the raw logits)
 */
export function lawOfLogits<T>(
  { tokens, promptLength, lift }: DraftRequest<T>,
  sampler: Sampler,
  { drafted }: GrowingNode,
  logits: Float64Array,
): LawAfter<T> {
  const context = { tokens: [...tokens, ...drafted], promptLength };
  return {
    mostLikely: (count) => mostLikelyTokens(sampler.scores(logits, context), count),
    law: () => lift(sampler.law(logits, context)),
  };
}
