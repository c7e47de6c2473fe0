/**
 * How a draft grows from the law after each prefix. The same function grows chains and trees, for heads, for draft
 * models and for the drafters of problems.
 * @packageDocumentation
 */
import { type Asking, isAsking, type MaybeAsking } from '../model/pass-request.ts';
import type { Sampler } from '../sampling/sampler.ts';
import type { DraftPlan, PlannedChild } from './choice.ts';
import { type Draft, type DraftLaw, isChain } from './draft.ts';
import type { DraftRequest, Drawing } from './drafter.ts';
import { mostLikelyTokens } from './most-likely.ts';
import { drawSiblings } from './siblings.ts';

/** A node of a draft under construction; the root is node -1 without tokens. */
export interface GrowingNode {
  readonly node: number;
  /** Drafted tokens from the root down to this node. */
  readonly drafted: readonly number[];
  /** Its planned children, at least one. */
  readonly planned: readonly PlannedChild[];
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
 * Grows a draft level by level. The law of a most likely token is a point mass; the law of a drawn token is the one
 * that it was drawn from. If there is no token of a planned rank, this child is left out, with all that was planned
 * below it.
 * @source Cai et al. 2024, arXiv 2401.10774, section 2.1.2
 */
export function* growDraft<T>({ drawing, plan, depth, position, lawsAfter }: GrowthOptions<T>): Asking<Draft<T>> {
  const { drawn } = plan;
  const draft: GrowingDraft<T> = { tokens: [], parents: [], laws: [] };
  let level: GrowingNode[] = plan.children.length > 0 ? [{ node: -1, drafted: [], planned: plan.children }] : [];
  for (let at = 0; at < depth && level.length > 0; at++) {
    const answer = lawsAfter(level, draft);
    const laws = isAsking(answer) ? yield* answer : answer;
    const next: GrowingNode[] = [];
    for (let i = 0; i < level.length; i++) {
      if (drawn === 'top') addMostLikely(draft, level[i]!, laws[i]!, next);
      else {
        const law = laws[i]!.law();
        const siblings = drawSiblings(drawing, position + at, law, level[i]!.planned.length, drawn);
        addDrawn(draft, level[i]!, siblings, law, next);
      }
    }
    level = next;
  }
  return isChain(draft) ? draft : { ...draft, drawn };
}

type GrowingDraft<T> = { readonly [List in 'tokens' | 'parents' | 'laws']: Draft<T>[List][number][] };

function addMostLikely<T>(draft: GrowingDraft<T>, parent: GrowingNode, law: LawAfter<T>, next: GrowingNode[]): void {
  const best = law.mostLikely(Math.max(...parent.planned.map(({ rank }) => rank)) + 1);
  for (const child of parent.planned) {
    if (child.rank < best.length) addChild(draft, parent, child, best[child.rank]!, 'point', next);
  }
}

function addDrawn<T>(
  draft: GrowingDraft<T>,
  parent: GrowingNode,
  tokens: readonly number[],
  law: ArrayLike<T>,
  next: GrowingNode[],
): void {
  for (let i = 0; i < tokens.length; i++) addChild(draft, parent, parent.planned[i]!, tokens[i]!, law, next);
}

/** Adds a node, and puts it into the next level if children are planned for it. */
function addChild<T>(
  { tokens, parents, laws }: GrowingDraft<T>,
  { node: parent, drafted }: GrowingNode,
  { children }: PlannedChild,
  token: number,
  law: DraftLaw<T>,
  next: GrowingNode[],
): void {
  const node = tokens.push(token) - 1;
  parents.push(parent);
  laws.push(law);
  if (children.length > 0) next.push({ node, drafted: [...drafted, token], planned: children });
}

/**
 * The law after a node, from the logits there and the processors. Bans and penalties count the tokens of the node's
 * branch.
 *
 * The most likely tokens are ranked by the logits at every temperature. At temperature 0 the law is a point mass and
 * would rank one token only.
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
