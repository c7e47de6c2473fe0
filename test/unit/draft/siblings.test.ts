import { describe, expect, it, vi } from 'vitest';
import { branchTo, type Drawn } from '../../../src/draft/draft.ts';
import { draftModelDrafter } from '../../../src/draft/draft-model.ts';
import { headsDrafter } from '../../../src/draft/heads-drafter.ts';
import { drawSiblings } from '../../../src/draft/siblings.ts';
import { OptionError } from '../../../src/errors.ts';
import { Session } from '../../../src/model/session.ts';
import { sampled } from '../../../src/numerics/chance.ts';
import { seededTape } from '../../../src/numerics/tape.ts';
import { tensor } from '../../../src/numerics/tensor.ts';
import { cacheBits, freshCacheBits } from '../../support/cache-bits.ts';
import { requestFor, watchedSampler } from '../../support/drafting.ts';
import { numbersFrom, randomHeads, randomModel, smallConfig } from '../../support/random-model.ts';

const V = smallConfig.vocabularySize;
const KINDS: readonly Drawn[] = ['independent', 'without-replacement', 'top'];
const LAW = Float64Array.of(0.5, 0, 0.25, 0.25);

/** A chance that answers draws from a list of uniforms, by way of the production chance. */
const chanceOf = (...uniforms: number[]) =>
  sampled({ uniform: () => uniforms.shift() ?? expect.fail('asked too often') });

describe('drawSiblings', () => {
  it('independent: each from the same law, twins too', () => {
    const siblings = drawSiblings(requestFor([1], { chance: chanceOf(0, 0.2, 0.8) }), 1, LAW, 3, 'independent');
    expect(siblings).toEqual({ tokens: [0, 0, 3], law: LAW });
  });

  it('without replacement: each from what is left, until nothing is', () => {
    // Left after 0: (0, 0, 1/4, 1/4), of which u = 1/2 takes token 3.
    const siblings = drawSiblings(requestFor([1], { chance: chanceOf(0, 0.5, 0.9) }), 1, LAW, 9, 'without-replacement');
    expect(siblings).toEqual({ tokens: [0, 3, 2], law: LAW });
  });

  it('top: the most likely, lower ids first on ties, point masses', () => {
    expect(drawSiblings(requestFor([1], { chance: chanceOf() }), 1, LAW, 2, 'top')).toEqual({
      tokens: [0, 2],
      law: 'point',
    });
  });

  it("by race: the first clocks to ring among the target's, in order", () => {
    const chance = sampled(seededTape(3));
    const request = requestFor([1], { chance, draws: 'race' });
    const { tokens } = drawSiblings(request, 5, LAW, 3, 'without-replacement');
    expect([...tokens].sort()).toEqual([0, 2, 3]);
    expect(tokens[0]).toBe(sampled(seededTape(3)).race({ purpose: 'target', position: 5 }, LAW));
    const rest = LAW.map((mass, token) => (token === tokens[0] ? 0 : mass));
    expect(tokens[1]).toBe(sampled(seededTape(3)).race({ purpose: 'target', position: 5 }, rest));
  });
});

describe('trees of drawn siblings', () => {
  const text = [1, 2, 3];

  it.each(KINDS)("heads, siblings %s: full levels, each head's law after its branch", (drawn) => {
    const target = new Session(randomModel(1), null);
    const { sampler, contexts } = watchedSampler(V);
    const heads = randomHeads(5, smallConfig, 3);
    const choice = { kind: 'drawn tree', children: [3, 2], drawn } as const;
    const hidden = tensor('hidden', numbersFrom(9)(smallConfig.hiddenSize, 1), [1, smallConfig.hiddenSize]);
    const drafter = headsDrafter({ target, heads, sampler, choice });
    const draft = drafter.propose(requestFor(text, { hidden }));
    expect(draft.drawn).toBe(drawn);
    expect(draft.parents).toEqual([-1, -1, -1, 0, 0, 1, 1, 2, 2]);
    expect(draft.laws.every((law) => (law === 'point') === (drawn === 'top'))).toBe(true);
    expect(contexts.map(({ tokens }) => tokens)).toEqual([text, ...[0, 1, 2].map((i) => [...text, draft.tokens[i]])]);
    if (drawn !== 'independent') expect(new Set(draft.tokens.slice(0, 3)).size).toBe(3);
    expect(drafter.propose(requestFor(text, { hidden, maxDepth: 1 })).tokens.length).toBe(3);
  });

  it.each(KINDS)('a draft model, siblings %s: the law of each node is the one after its branch', (drawn) => {
    const session = new Session(randomModel(8), null);
    const reads = vi.spyOn(session, 'read');
    const { sampler } = watchedSampler(V);
    const tree = { children: [2, 2, 1], drawn };
    const drafter = draftModelDrafter({ session, vocabularySize: V, sampler, choice: 'sample', length: 1, tree });
    const draft = drafter.propose(requestFor(text));
    expect(draft.parents).toEqual([-1, -1, 0, 0, 1, 1, 2, 3, 4, 5]);
    expect(draft.drawn).toBe(drawn);
    for (const [node, law] of draft.laws.entries()) {
      const before = [...text, ...branchTo(draft, draft.parents[node]!).map((ancestor) => draft.tokens[ancestor]!)];
      const logits = new Session(randomModel(8), null).read(before, { firstRow: before.length - 1 }).logits(0);
      const expected = sampler.law(logits, { tokens: before, promptLength: 1 });
      if (drawn !== 'top') expect(law).toStrictEqual(expected);
      expect(expected[draft.tokens[node]!]).toBeGreaterThan(0);
    }
    // The prompt, then the tree so far; the last level is never read.
    expect(reads.mock.calls.map(([tokens]) => tokens.length)).toEqual([3, 2, 6]);
    expect(cacheBits(session)).toStrictEqual(freshCacheBits(session, text));
  });

  it('a draft model goes on from any text with a cache like a fresh one, and stops at its context', () => {
    const session = new Session(randomModel(8, { ...smallConfig, contextLength: 6 }), null);
    const { sampler } = watchedSampler(V);
    const tree = { children: [2, 2], drawn: 'independent' } as const;
    const drafter = draftModelDrafter({ session, vocabularySize: V, sampler, choice: 'sample', length: 1, tree });
    for (const [tokens, nodes] of [
      [[1, 2, 3], 6],
      [[1, 2, 3, 4, 5], 6],
      [[1, 2, 7], 6],
      [[1, 2, 7, 4, 5, 6], 2],
      [[1, 2, 7, 4, 5, 6, 7], 0],
    ] as [number[], number][]) {
      expect(drafter.propose(requestFor(tokens)).tokens.length).toBe(nodes);
      if (nodes > 0) expect(cacheBits(session)).toStrictEqual(freshCacheBits(session, tokens));
    }
    expect(drafter.propose(requestFor([1, 2, 3], { maxDepth: 1 })).parents).toEqual([-1, -1]);
  });

  it.each([[[0]], [[2, 1.5]], [[]]])('refuses %j children', (children) => {
    const tree = { children, drawn: 'independent' } as const;
    const session = new Session(randomModel(8), null);
    const { sampler } = watchedSampler(V);
    const options = { session, vocabularySize: V, sampler, choice: 'sample', length: 1, tree } as const;
    expect(() => draftModelDrafter(options)).toThrow(OptionError);
    const choice = { kind: 'drawn tree', ...tree } as const;
    const heads = randomHeads(5, smallConfig, 3);
    expect(() => headsDrafter({ target: session, heads, sampler, choice })).toThrow(OptionError);
  });
});
