/**
 * How drafters turn logits into a draft: one growing for chains and trees, for heads and draft models.
 * @packageDocumentation
 */
import type { Sampler } from '../sampling/sampler.ts';
import type { DraftPlan } from './choice.ts';
import { type Draft, type DraftLaw, isChain } from './draft.ts';
import type { DraftRequest } from './drafter.ts';
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

/**
 * Grows a draft level by level, at most `depth` deep. `logitsOf` gives the logits after each of a level's nodes; the draft
 * that it is handed holds all nodes so far.
 *
 * Most likely tokens are ranked by the logits as processors leave them (bans and penalties, which count the tokens of the node's branch)
 * and are point masses. The ranking is that of the logits at every temperature, also at 0, where the law is a point mass
 * and would offer one token only. A rank that bans leave no token for is missing, and with it all that would follow it.
 * Drawn tokens carry the law that they were drawn from.
 * @shape logitsOf: [V] per node
 * @source Cai et al. 2024, arXiv 2401.10774, section 2.1.2; Medusa `medusa/model/utils.py` (`generate_candidates` takes
 * the top k of the raw logits)
 */
export function growDraft<T>(
  request: DraftRequest<T>,
  { drawn, ranksAfter }: DraftPlan,
  depth: number,
  sampler: Sampler,
  logitsOf: (level: readonly GrowingNode[], draft: Draft<T>) => readonly Float64Array[],
): Draft<T> {
  const { tokens: text, promptLength } = request;
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
    const logits = logitsOf(level, draft);
    level = level.flatMap((parent, i) => {
      const ranks = ranksAfter(parent.path);
      const context = { tokens: [...text, ...parent.drafted], promptLength };
      if (drawn === 'top') {
        const best = mostLikelyTokens(sampler.scores(logits[i]!, context), Math.max(...ranks) + 1);
        return ranks.filter((rank) => rank < best.length).map((rank) => add(parent, rank, best[rank]!, 'point'));
      }
      const law = sampler.law(logits[i]!, context);
      const siblings = drawSiblings(request, text.length + at, law, ranks.length, drawn);
      return siblings.tokens.map((token, rank) => add(parent, rank, token, siblings.law));
    });
  }
  return isChain(draft) ? draft : { ...draft, drawn };
}
