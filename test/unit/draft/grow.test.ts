import { describe, expect, it, vi } from 'vitest';
import { branchTo, type Drawn } from '../../../src/draft/draft.ts';
import { draftModelDrafter } from '../../../src/draft/draft-model.ts';
import { headsDrafter } from '../../../src/draft/heads-drafter.ts';
import { Session } from '../../../src/model/session.ts';
import { tensor } from '../../../src/numerics/tensor.ts';
import { float64Backend } from '../../../src/ops/float64/backend.ts';
import { cacheBits, freshCacheBits } from '../../support/cache-bits.ts';
import { proposed, requestFor, watchedSampler } from '../../support/drafting.ts';
import { numbersFrom, randomHeads, randomModel, smallConfig } from '../../support/random-model.ts';

const V = smallConfig.vocabularySize;
const KINDS: readonly Drawn[] = ['independent', 'without-replacement', 'top'];

describe('growDraft', () => {
  const text = [1, 2, 3];

  it.each(KINDS)("heads, siblings %s: full levels, each head's law after its branch", (drawn) => {
    const target = new Session(float64Backend, randomModel(1), null);
    const { sampler, contexts } = watchedSampler(V);
    const heads = randomHeads(5, smallConfig, 3);
    const choice = { kind: 'full tree', children: [3, 2], drawn } as const;
    const hidden = tensor('hidden', numbersFrom(9)(smallConfig.hiddenSize, 1), [1, smallConfig.hiddenSize]);
    const drafter = headsDrafter({ target, heads, sampler, choice });
    const draft = proposed(drafter, requestFor(text, { hidden }));
    expect(draft.drawn).toBe(drawn);
    expect(draft.parents).toEqual([-1, -1, -1, 0, 0, 1, 1, 2, 2]);
    expect(draft.laws.every((law) => (law === 'point') === (drawn === 'top'))).toBe(true);
    expect(contexts.map(({ tokens }) => tokens)).toEqual([text, ...[0, 1, 2].map((i) => [...text, draft.tokens[i]])]);
    if (drawn !== 'independent') expect(new Set(draft.tokens.slice(0, 3)).size).toBe(3);
    expect(proposed(drafter, requestFor(text, { hidden, maxDepth: 1 })).tokens.length).toBe(3);
  });

  it.each(KINDS)('a draft model, siblings %s: the law of each node is the one after its branch', (drawn) => {
    const session = new Session(float64Backend, randomModel(8), null);
    const reads = vi.spyOn(session, 'answer');
    const { sampler } = watchedSampler(V);
    const choice = { kind: 'full tree', children: [2, 2, 1], drawn } as const;
    const drafter = draftModelDrafter({ session, vocabularySize: V, sampler, choice });
    const draft = proposed(drafter, requestFor(text));
    expect(draft.parents).toEqual([-1, -1, 0, 0, 1, 1, 2, 3, 4, 5]);
    expect(draft.drawn).toBe(drawn);
    for (const [node, law] of draft.laws.entries()) {
      const before = [...text, ...branchTo(draft, draft.parents[node]!).map((ancestor) => draft.tokens[ancestor]!)];
      const logits = new Session(float64Backend, randomModel(8), null)
        .read(before, { firstRow: before.length - 1 })
        .logits(0);
      const expected = sampler.law(logits, { tokens: before, promptLength: 1 });
      if (drawn !== 'top') expect(law).toStrictEqual(expected);
      expect(expected[draft.tokens[node]!]).toBeGreaterThan(0);
    }
    // The prompt, then the tree so far; the last level is never read.
    expect(reads.mock.calls.map(([{ tokens }]) => tokens.length)).toEqual([3, 2, 6]);
    expect(cacheBits(session)).toStrictEqual(freshCacheBits(session, text));
  });

  it('a draft model goes on from any text with a cache like a fresh one, and stops at its context', () => {
    const session = new Session(float64Backend, randomModel(8, { ...smallConfig, contextLength: 6 }), null);
    const { sampler } = watchedSampler(V);
    const choice = { kind: 'full tree', children: [2, 2], drawn: 'independent' } as const;
    const drafter = draftModelDrafter({ session, vocabularySize: V, sampler, choice });
    for (const [tokens, nodes] of [
      [[1, 2, 3], 6],
      [[1, 2, 3, 4, 5], 6],
      [[1, 2, 7], 6],
      [[1, 2, 7, 4, 5, 6], 2],
      [[1, 2, 7, 4, 5, 6, 7], 0],
    ] as [number[], number][]) {
      expect(proposed(drafter, requestFor(tokens)).tokens.length).toBe(nodes);
      if (nodes > 0) expect(cacheBits(session)).toStrictEqual(freshCacheBits(session, tokens));
    }
    expect(proposed(drafter, requestFor([1, 2, 3], { maxDepth: 1 })).parents).toEqual([-1, -1]);
  });

  it('a draft model at temperature 0: the most likely tokens of its logits after each branch, all nine nodes', () => {
    const session = new Session(float64Backend, randomModel(8), null);
    const { sampler } = watchedSampler(V, { temperature: 0 });
    const choice = { kind: 'full tree', children: [3, 2], drawn: 'top' } as const;
    const draft = proposed(draftModelDrafter({ session, vocabularySize: V, sampler, choice }), requestFor(text));
    const best = (before: readonly number[], count: number): number[] => {
      const logits = new Session(float64Backend, randomModel(8), null)
        .read(before, { firstRow: before.length - 1 })
        .logits(0);
      return [...logits.keys()].sort((a, b) => logits[b]! - logits[a]!).slice(0, count);
    };
    const first = best(text, 3);
    expect(draft.tokens).toEqual([...first, ...first.flatMap((token) => best([...text, token], 2))]);
    expect(draft.parents).toEqual([-1, -1, -1, 0, 0, 1, 1, 2, 2]);
    expect(draft.drawn).toBe('top');
  });

  it('a draft model reads a chain on, and the whole tree once it branches', () => {
    const session = new Session(float64Backend, randomModel(8), null);
    const reads = vi.spyOn(session, 'answer');
    const { sampler } = watchedSampler(V);
    const choice = { kind: 'full tree', children: [1, 1, 2, 1], drawn: 'top' } as const;
    const drafter = draftModelDrafter({ session, vocabularySize: V, sampler, choice });
    expect(proposed(drafter, requestFor(text)).parents).toEqual([-1, 0, 1, 1, 2, 3]);
    expect(reads.mock.calls.map(([{ tokens }]) => tokens.length)).toEqual([3, 1, 1, 4]);
    expect(cacheBits(session)).toStrictEqual(freshCacheBits(session, text));
  });
});
