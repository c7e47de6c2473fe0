import { describe, expect, it } from 'vitest';
import { indexAt } from '../../../src/chance/inverse-cdf.ts';
import type { DraftChoice } from '../../../src/draft/choice.ts';
import type { SpeculativeHeads } from '../../../src/draft/heads.ts';
import { headsDrafter } from '../../../src/draft/heads-drafter.ts';
import { OptionError } from '../../../src/errors.ts';
import { Session } from '../../../src/model/session.ts';
import { exp } from '../../../src/numerics/elementary.ts';
import { type Stored, stored, widened } from '../../../src/numerics/stored.ts';
import { type Tensor, tensor } from '../../../src/numerics/tensor.ts';
import { float64Backend } from '../../../src/ops/float64/backend.ts';
import type { SamplingInput } from '../../../src/sampling/settings.ts';
import { softmax } from '../../../src/sampling/softmax.ts';
import { proposed, requestFor, watchedSampler } from '../../support/drafting.ts';
import { numbersFrom, randomAdapter, randomHeads, randomModel, smallConfig } from '../../support/random-model.ts';

const V = smallConfig.vocabularySize;
const D = smallConfig.hiddenSize;
const hidden = tensor('hidden', numbersFrom(9)(D, 1), [1, D]);
const text = [1, 2, 3];

function subject(choice: DraftChoice, input?: SamplingInput, heads = randomHeads(5, smallConfig, 3)) {
  const target = new Session(float64Backend, randomModel(1), null);
  const { sampler, contexts } = watchedSampler(V, input);
  return { target, heads, contexts, drafter: headsDrafter({ target, heads, sampler, choice }) };
}

/** Head i written out: `h = x + SiLU(W x + b)`, then the LM head; the law at temperature 1. */
function lawOfHead(heads: SpeculativeHeads<Stored>, i: number, state: Tensor = hidden): Float64Array {
  const { layers, output } = heads[i]!;
  const x = [...state.data];
  for (const layer of layers) {
    const [w, b] = [widened(layer.weight), widened(layer.bias)];
    const z = x.map((_, o) => x.reduce((sum, value, k) => sum + value * w[o * D + k]!, 0) + b[o]!);
    z.forEach((value, o) => {
      x[o]! += value / (1 + exp(-value));
    });
  }
  const head = widened(output ?? randomModel(1).head.weight);
  return softmax(
    Float64Array.from({ length: V }, (_, o) => x.reduce((sum, value, k) => sum + value * head[o * D + k]!, 0)),
  );
}

const ranked = (law: Float64Array): number[] => [...law.keys()].sort((a, b) => law[b]! - law[a]!);

describe('headsDrafter', () => {
  it('drafts nothing in the first round and where there is no room', () => {
    for (const choice of [
      { kind: 'top1', length: 2 },
      { kind: 'paths', paths: [[0]] },
    ] as DraftChoice[]) {
      const { drafter } = subject(choice);
      expect(proposed(drafter, requestFor(text, { hidden: null })).tokens).toEqual([]);
      expect(proposed(drafter, requestFor(text, { hidden, maxDepth: 0 })).tokens).toEqual([]);
    }
  });

  it('top1: the most likely token of each head, point masses', () => {
    const { drafter, heads } = subject({ kind: 'top1', length: 3 });
    const expected = [0, 1, 2].map((i) => ranked(lawOfHead(heads, i))[0]);
    const draft = proposed(drafter, requestFor(text, { hidden }));
    expect(draft).toEqual({ tokens: expected, parents: [-1, 0, 1], laws: ['point', 'point', 'point'] });
    expect(proposed(drafter, requestFor(text, { hidden, maxDepth: 2 })).tokens).toEqual(expected.slice(0, 2));
  });

  it('sample: each head by its own uniform, passed on with the law it was drawn from', () => {
    const { drafter, heads } = subject({ kind: 'sample', length: 3 });
    const uniforms = [0.9, 0.05, 0.6];
    const asked: string[] = [];
    const chance = {
      accept: () => expect.fail('a drafter tosses no coins'),
      race: () => expect.fail('nor does it race unless asked to'),
      draw({ purpose, position }: { purpose: string; position: number }, weights: ArrayLike<number>) {
        asked.push(`${purpose}@${position}`);
        return indexAt(uniforms[asked.length - 1]!, weights);
      },
    };
    const draft = proposed(drafter, requestFor(text, { hidden, chance }));
    const laws = [0, 1, 2].map((i) => lawOfHead(heads, i));
    expect(draft.laws).toStrictEqual(laws);
    expect(draft.tokens).toEqual(laws.map((law, i) => indexAt(uniforms[i]!, law)));
    expect(asked).toEqual(['draft@3', 'draft@4', 'draft@5']); // the positions that the tokens would take
  });

  it('paths: ranks per head as Medusa writes them, parents first', () => {
    const paths = [[1], [0], [0, 2], [0, 0], [1, 0], [0, 0, 1]];
    const { drafter, heads } = subject({ kind: 'paths', paths });
    const [first, second, third] = [0, 1, 2].map((i) => ranked(lawOfHead(heads, i)));
    const draft = proposed(drafter, requestFor(text, { hidden }));
    // Level by level, the children of one node side by side.
    expect(draft.tokens).toEqual([first![1], first![0], second![0], second![2], second![0], third![1]]);
    expect(draft.parents).toEqual([-1, -1, 0, 1, 1, 4]);
    expect(draft.laws.every((law) => law === 'point')).toBe(true);
    const shallow = proposed(drafter, requestFor(text, { hidden, maxDepth: 1 }));
    expect(shallow.tokens).toEqual([first![1], first![0]]);
  });

  it('paths: a rank that bans leave no token for is left out, and what would follow it', () => {
    const bannedTokens = Array.from({ length: V - 2 }, (_, token) => token);
    const { drafter } = subject({ kind: 'paths', paths: [[0], [1], [2], [0, 1], [2, 0]] }, { bannedTokens });
    const draft = proposed(drafter, requestFor(text, { hidden }));
    expect(draft.parents).toEqual([-1, -1, 0]);
    expect(draft.tokens.every((token) => token >= V - 2)).toBe(true);
  });

  it.each([{ temperature: 0 }, { temperature: 2 }, { temperature: 1, topK: 1 }, { temperature: 1, topP: 0.1 }])(
    "the most likely tokens are those of the head's own logits under %o, all nine nodes of a tree of 3 and 2",
    (input) => {
      const { drafter, heads } = subject({ kind: 'full tree', children: [3, 2], drawn: 'top' }, input);
      const [first, second] = [0, 1].map((i) => ranked(lawOfHead(heads, i)));
      const draft = proposed(drafter, requestFor(text, { hidden }));
      const pair = second!.slice(0, 2);
      expect(draft.tokens).toEqual([...first!.slice(0, 3), ...pair, ...pair, ...pair]);
      expect(draft.parents).toEqual([-1, -1, -1, 0, 0, 1, 1, 2, 2]);
      expect(draft.laws.every((law) => law === 'point')).toBe(true);
      expect(draft.drawn).toBe('top');
    },
  );

  it('processors count the tokens drafted before, on each branch its own', () => {
    const chained = subject({ kind: 'top1', length: 3 });
    const { tokens } = proposed(chained.drafter, requestFor(text, { hidden, promptLength: 2 }));
    expect(chained.contexts).toEqual(
      [0, 1, 2].map((count) => ({ tokens: [...text, ...tokens.slice(0, count)], promptLength: 2 })),
    );
    const branched = subject({ kind: 'paths', paths: [[0], [1], [0, 0], [1, 0]] });
    const tree = proposed(branched.drafter, requestFor(text, { hidden, promptLength: 2 }));
    expect(branched.contexts.slice(1).map((context) => context.tokens)).toEqual([
      [...text, tree.tokens[0]],
      [...text, tree.tokens[1]],
    ]);
  });

  it('a presence penalty therefore keeps a head from repeating what was just drafted', () => {
    // Both heads are the same head: without a penalty they guess the same token twice.
    const same = randomHeads(5, smallConfig, 1);
    const drafted = (input: SamplingInput) =>
      proposed(subject({ kind: 'top1', length: 2 }, input, [same[0]!, same[0]!]).drafter, requestFor(text, { hidden }))
        .tokens;
    const [first, second] = ranked(lawOfHead(same, 0));
    expect(drafted({ temperature: 1 })).toEqual([first, first]);
    expect(drafted({ temperature: 1, presencePenalty: 100 })).toEqual([first, second]);
  });

  it("a head with its own LM head (Medusa) beside one that shares the model's", () => {
    const own = stored('own', 'F64', numbersFrom(77)(V * D, 1), [V, D]);
    const heads = randomHeads(5, smallConfig, 3).map((head, i) => (i === 1 ? { ...head, output: own } : head));
    const { drafter } = subject({ kind: 'sample', length: 3 }, undefined, heads);
    expect(proposed(drafter, requestFor(text, { hidden })).laws).toStrictEqual(
      [0, 1, 2].map((i) => lawOfHead(heads, i)),
    );
  });

  it("a LoRA on the LM head applies to the heads' rows too", () => {
    const model = randomModel(1);
    const all = randomAdapter(2, model);
    const adapter = { name: 'head only', updates: new Map([['lm_head', all.updates.get('lm_head')!]]) };
    const heads = randomHeads(5, smallConfig, 1);
    const { sampler } = watchedSampler(V);
    const draftWith = (session: Session) =>
      proposed(
        headsDrafter({ target: session, heads, sampler, choice: { kind: 'sample', length: 1 } }),
        requestFor(text, { hidden }),
      ).laws;
    expect(draftWith(new Session(float64Backend, model, adapter))).not.toEqual(
      draftWith(new Session(float64Backend, model, null)),
    );
  });

  it.each<[string, DraftChoice]>([
    ['no tokens', { kind: 'top1', length: 0 }],
    ['more tokens than heads', { kind: 'top1', length: 4 }],
    ['a fraction of a token', { kind: 'sample', length: 1.5 }],
    ['an empty tree', { kind: 'paths', paths: [] }],
    ['an empty path', { kind: 'paths', paths: [[], [0]] }],
    ['a path twice', { kind: 'paths', paths: [[0], [0]] }],
    ['a path without its parent', { kind: 'paths', paths: [[0], [1, 0]] }],
    ['a negative rank', { kind: 'paths', paths: [[-1]] }],
    ['a path deeper than the heads', { kind: 'paths', paths: [[0], [0, 0], [0, 0, 0], [0, 0, 0, 0]] }],
  ])('refuses %s', (_, choice) => {
    expect(() => subject(choice)).toThrow(OptionError);
  });
});
