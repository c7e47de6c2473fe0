import { OptionError } from '../errors.ts';
import type { Session } from '../model/session.ts';
import type { Stored } from '../numerics/stored.ts';
import { rowOf } from '../numerics/tensor.ts';
import { float64Ops } from '../ops/float64/index.ts';
import type { Sampler } from '../sampling/sampler.ts';
import { branchTo, chain, type Draft, type DraftLaw, type Drawn, EMPTY_DRAFT } from './draft.ts';
import type { Drafter, DraftRequest } from './drafter.ts';
import { headLogits, type SpeculativeHeads } from './heads.ts';
import { mostLikelyTokens } from './most-likely.ts';
import { checkChildren, drawToken, growTree } from './siblings.ts';

/** How heads' logits become a draft. */
export type HeadsChoice =
  | { readonly kind: 'top1'; readonly length: number }
  | { readonly kind: 'sample'; readonly length: number }
  /** A full tree with so many children per depth, drawn from each head's law. */
  | { readonly kind: 'drawn tree'; readonly children: readonly number[]; readonly drawn: Drawn }
  /** Paths of ranks, as Medusa writes them: [0, 2] is the third best guess of head 1 after the best of head 0. */
  | { readonly kind: 'tree'; readonly choices: readonly (readonly number[])[] };

/** What a heads drafter needs. */
export interface HeadsDrafterOptions {
  /** The target, whose LM head (with the request's adapter) the heads share. */
  readonly target: Session;
  readonly heads: SpeculativeHeads<Stored>;
  /** The processors that the draft law goes through, normally the target's. */
  readonly sampler: Sampler;
  readonly choice: HeadsChoice;
}

/**
 * Drafts with Turbo LoRA or Medusa heads. Each head reads the same state, so its law does not depend on the tokens
 * that the heads before it guessed (but for processors that count tokens).
 *
 * - `top1`: a chain of each head's most likely token, a point mass per token (what LoRAX does).
 * - `sample`: a chain drawn from each head's law, handed over with that law.
 * - `drawn tree`: the same with several siblings per node, drawn independently or without replacement.
 * - `tree`: the most likely tokens per head, combined as `choices` says (Medusa's tree), point masses.
 * @throws {@link OptionError} when more heads are asked for than there are, or a tree is none.
 * @source LoRAX `server/lorax_server/adapters/medusa.py`; Medusa `medusa/model/utils.py` (`generate_medusa_buffers`)
 */
export function headsDrafter({ target, heads, sampler, choice }: HeadsDrafterOptions): Drafter {
  const deepest = depthOfChoice(choice);
  if (!Number.isInteger(deepest) || deepest < 1 || deepest > heads.length) {
    throw new OptionError('drafted tokens', `an integer in [1, ${heads.length}] (the adapter's heads)`, `${deepest}`);
  }
  if (choice.kind === 'tree') checkChoices(choice.choices);
  if (choice.kind === 'drawn tree') checkChildren(choice.children);
  return {
    name: `heads (${choice.kind})`,
    propose(request) {
      const depth = Math.min(deepest, request.maxDepth);
      if (request.hidden === null || depth < 1) return EMPTY_DRAFT;
      const logits = headLogits(float64Ops, heads.slice(0, depth), request.hidden, (states) => target.project(states));
      const law = (head: number, drafted: readonly number[]): Float64Array =>
        sampler.law(rowOf('head logits', logits[head]!, 0), {
          tokens: [...request.tokens, ...drafted],
          promptLength: request.promptLength,
        });
      if (choice.kind === 'tree') return draftTree(choice.choices, depth, law);
      if (choice.kind === 'drawn tree') return drawTree(choice, depth, law, request);
      return draftChain(choice.kind, depth, law, request);
    },
  };
}

/**
 * All paths of a full tree with the given number of children per depth, parents first.
 * @example
 * import assert from 'node:assert/strict';
 * import { fullTree } from 'turbo-lora';
 * assert.deepEqual(fullTree([2, 1]), [[0], [1], [0, 0], [1, 0]]);
 */
export function fullTree(branches: readonly number[]): number[][] {
  let paths: number[][] = [[]];
  const all: number[][] = [];
  for (const children of branches) {
    paths = paths.flatMap((path) => Array.from({ length: children }, (_, rank) => [...path, rank]));
    all.push(...paths);
  }
  return all;
}

function depthOfChoice(choice: HeadsChoice): number {
  if (choice.kind === 'tree') return Math.max(0, ...choice.choices.map((path) => path.length));
  return choice.kind === 'drawn tree' ? choice.children.length : choice.length;
}

function checkChoices(choices: readonly (readonly number[])[]): void {
  const known = new Set(['']);
  for (const path of [...choices].sort((a, b) => a.length - b.length)) {
    const name = path.join(',');
    const fits = path.length > 0 && path.every((rank) => Number.isInteger(rank) && rank >= 0);
    if (!fits || known.has(name) || !known.has(path.slice(0, -1).join(','))) {
      throw new OptionError('tree choices', 'distinct non-empty paths of ranks, each with its parent', `[${name}]`);
    }
    known.add(name);
  }
}

function draftChain<T>(
  kind: 'top1' | 'sample',
  depth: number,
  lawOf: (head: number, drafted: readonly number[]) => Float64Array,
  request: DraftRequest<T>,
): Draft<T> {
  const tokens: number[] = [];
  const laws: DraftLaw<T>[] = [];
  for (let head = 0; head < depth; head++) {
    const law = lawOf(head, tokens);
    if (kind === 'top1') {
      tokens.push(mostLikelyTokens(law, 1)[0]!);
      laws.push('point');
    } else {
      const lifted = request.lift(law);
      tokens.push(drawToken(request, request.tokens.length + head, lifted));
      laws.push(lifted);
    }
  }
  return chain(tokens, laws);
}

function drawTree<T>(
  { children, drawn }: { readonly children: readonly number[]; readonly drawn: Drawn },
  depth: number,
  lawOf: (head: number, drafted: readonly number[]) => Float64Array,
  request: DraftRequest<T>,
): Draft<T> {
  return growTree(request, children.slice(0, depth), drawn, (level, draft) =>
    level.map((node) => {
      const branch = branchTo(draft, node);
      const drafted = branch.map((ancestor) => draft.tokens[ancestor]!);
      return lawOf(branch.length, drafted);
    }),
  );
}

function draftTree(
  choices: readonly (readonly number[])[],
  depth: number,
  lawOf: (head: number, drafted: readonly number[]) => Float64Array,
): Draft<never> {
  const draft = { tokens: [] as number[], parents: [] as number[], laws: [] as 'point'[] };
  const nodeOf = new Map<string, number>([['', -1]]);
  const shallowFirst = choices.filter((path) => path.length <= depth).sort((a, b) => a.length - b.length);
  for (const path of shallowFirst) {
    const parent = nodeOf.get(path.slice(0, -1).join(','));
    if (parent === undefined) continue; // its parent had too few tokens of positive probability
    const drafted = branchTo(draft, parent).map((node) => draft.tokens[node]!);
    const rank = path.at(-1)!;
    const token = mostLikelyTokens(lawOf(path.length - 1, drafted), rank + 1)[rank];
    if (token === undefined) continue;
    nodeOf.set(path.join(','), draft.tokens.length);
    draft.tokens.push(token);
    draft.parents.push(parent);
    draft.laws.push('point');
  }
  return draft;
}
