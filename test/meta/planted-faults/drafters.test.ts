/**
 * Faults of real engines in what a drafter reads. The text stays right, so no check of losslessness can see them; only
 * fewer tokens are accepted. The acceptance oracle catches them: a model whose text is known by hand, with heads (or a
 * draft model) that are right by construction, must have every drafted token accepted.
 */

import { describe, expect, it } from 'vitest';
import type { Adapter } from '../../../src/adapters/lora.ts';
import { decodeSpeculatively } from '../../../src/decode/speculative.ts';
import { draftModelDrafter } from '../../../src/draft/draft-model.ts';
import type { Drafter, DraftRequest } from '../../../src/draft/drafter.ts';
import { headLogits, type SpeculativeHeads } from '../../../src/draft/heads.ts';
import { headsDrafter } from '../../../src/draft/heads-drafter.ts';
import { mostLikelyTokens } from '../../../src/draft/most-likely.ts';
import { promptLookup } from '../../../src/draft/prompt-lookup.ts';
import { Session } from '../../../src/model/session.ts';
import type { Stored } from '../../../src/numerics/stored.ts';
import { rowOf, type Tensor } from '../../../src/numerics/tensor.ts';
import { float64Backend } from '../../../src/ops/float64/backend.ts';
import { float64Ops } from '../../../src/ops/float64/index.ts';
import type { Sampler } from '../../../src/sampling/sampler.ts';
import { sampleAndMatch } from '../../../src/verify/sample-and-match.ts';
import { CYCLE, cyclicHeads, cyclicModel, headAdapter } from '../../support/cyclic-model.ts';
import { compareWithPlain, type Scene, type Speculation } from '../../support/decoding.ts';
import { proposed, requestFor } from '../../support/drafting.ts';
import { loopWith } from '../../support/faulty-decoding.ts';
import { plantedScenes } from '../../support/planted-scenes.ts';

/** Drafted and accepted tokens of a run whose text equals that of plain decoding. */
function acceptance(scene: Scene, speculation: Omit<Speculation, 'rule'>): { drafted: number; accepted: number } {
  const { difference, steps } = compareWithPlain(scene, { rule: sampleAndMatch, ...speculation });
  expect(difference).toBe(null); // lossless, whatever the drafter does
  return {
    drafted: steps.reduce((total, step) => total + step.drafted.length, 0),
    accepted: steps.reduce((total, step) => total + step.accepted, 0),
  };
}

function cyclicScene(adapter: Adapter<Stored> | null = null): Scene {
  // One token in the first round, four in each of the next three.
  return { model: cyclicModel(), adapter, prompt: [5, 2], sampling: {}, stop: { maxNewTokens: 13 }, seed: 1 };
}

const withHeads =
  (heads: SpeculativeHeads<Stored>, change: (request: DraftRequest<number>) => DraftRequest<number> = (r) => r) =>
  (target: Session, sampler: Sampler): Drafter => {
    const inner = headsDrafter({ target, heads, sampler, choice: { kind: 'top1', length: 3 } });
    // The casts only say that this scene decodes with numbers.
    return { name: inner.name, propose: (request) => inner.propose(change(request as never) as never) };
  };

describe('the acceptance oracle: turbo heads', () => {
  it('control: heads that are right by construction have all nine drafted tokens accepted', () => {
    expect(acceptance(cyclicScene(), { drafter: withHeads(cyclicHeads(3)) })).toEqual({ drafted: 9, accepted: 9 });
  });

  it('control: under a LoRA on the LM head too, when the heads are made for it', () => {
    const scene = cyclicScene(headAdapter(2));
    expect(acceptance(scene, { drafter: withHeads(cyclicHeads(3, 5)) })).toEqual({ drafted: 9, accepted: 9 });
  });

  it('catches heads that are off by one', () => {
    const late: SpeculativeHeads<Stored> = cyclicHeads(4).slice(1);
    expect(acceptance(cyclicScene(), { drafter: withHeads(late) }).accepted).toBe(0);
  });

  it('catches a LoRA on the LM head that is missing on the draft rows', () => {
    const scene = cyclicScene(headAdapter(2));
    const drafter = (_: Session, sampler: Sampler) =>
      withHeads(cyclicHeads(3, 5))(new Session(float64Backend, scene.model, null), sampler);
    expect(acceptance(scene, { drafter }).accepted).toBe(0);
  });

  it('catches vLLM#14649: the drafter never takes the states of new tokens', () => {
    let first: DraftRequest<number>['hidden'] = null;
    const stale = (request: DraftRequest<number>) => {
      first ??= request.hidden;
      return { ...request, hidden: first };
    };
    expect(acceptance(cyclicScene(), { drafter: withHeads(cyclicHeads(3), stale) }).accepted).toBeLessThan(9);
  });

  it('catches SGLang#10059: the state of the row before', () => {
    const wrongRow = loopWith({ hiddenRow: (accepted) => Math.max(0, accepted.at(-1) ?? 0) });
    expect(acceptance(cyclicScene(), { drafter: withHeads(cyclicHeads(3)), loop: wrongRow }).accepted).toBeLessThan(9);
    const control = loopWith({});
    expect(acceptance(cyclicScene(), { drafter: withHeads(cyclicHeads(3)), loop: control }).accepted).toBe(9);
  });
});

describe('the acceptance oracle: a draft model that is the target itself', () => {
  // At temperature 0, without processors: the same model drafts what the target will say.
  const scenes = plantedScenes({ sampling: {}, stop: { maxNewTokens: 16 }, adapter: null });
  const over = (drafter: (scene: Scene) => Speculation['drafter']) => {
    const all = scenes.map((scene) => acceptance(scene, { drafter: drafter(scene) }));
    return all.reduce((sum, { drafted, accepted }) => sum + drafted - accepted, 0);
  };
  const LENGTH = 3;
  const production = (scene: Scene) => (_: Session, sampler: Sampler) =>
    draftModelDrafter({
      session: new Session(float64Backend, scene.model, null),
      vocabularySize: scene.model.config.vocabularySize,
      sampler,
      choice: { kind: 'top1', length: LENGTH },
    });
  /** Drafts greedily from a cache that holds the text except what `forgotten` leaves out. */
  const forgetful =
    (forgotten: (tokens: readonly number[]) => readonly number[]) =>
    (scene: Scene): Speculation['drafter'] =>
    () => ({
      name: 'forgetful',
      propose({ tokens, maxDepth }) {
        const session = new Session(float64Backend, scene.model, null);
        const drafted: number[] = [];
        let feed = forgotten(tokens);
        while (drafted.length < Math.min(LENGTH, maxDepth)) {
          const logits = session.read(feed, { firstRow: feed.length - 1 }).logits(0);
          drafted.push(logits.indexOf(Math.max(...logits)));
          feed = drafted.slice(-1);
        }
        return { tokens: drafted, parents: drafted.map((_, i) => i - 1), laws: drafted.map(() => 'point' as const) };
      },
    });

  it('control: nothing is rejected', () => {
    expect(over(production)).toBe(0);
    expect(over(forgetful((tokens) => tokens))).toBe(0);
  });

  it('catches mlxcel#994: the cache of the draft model is trimmed by two tokens too many', () => {
    expect(over(forgetful((tokens) => [...tokens.slice(0, -3), ...tokens.slice(-1)]))).toBeGreaterThan(0);
  });

  it("catches vLLM#3951: the last drafted token of an accepted block never enters the draft model's cache", () => {
    expect(over(forgetful((tokens) => [...tokens.slice(0, -2), ...tokens.slice(-1)]))).toBeGreaterThan(0);
  });

  it('catches a draft model that starts from scratch each round', () => {
    expect(over(forgetful((tokens) => tokens.slice(-1)))).toBeGreaterThan(0);
  });
});

describe('heads over several rows: a row has the bits it has alone', () => {
  const model = cyclicModel();
  const heads = cyclicHeads(2);
  const hidden = new Session(float64Backend, model, null).read([5, 2, 7]).hidden;
  const project = (states: Tensor): Tensor => float64Ops.linear(states, model.head.weight, null);
  /** Tokens that heads guess after each row, alone and together. */
  const best = (logits: Tensor, row: number) => mostLikelyTokens(rowOf('logits', logits, row), 1)[0];
  const alone = heads.map((_, i) =>
    [0, 1, 2].map((row) => best(headLogits(float64Ops, heads, float64Ops.pickRows(hidden, [row]), project), i)),
  );
  const together = (rowIn: (head: number, row: number) => number) => {
    const logits = headLogits(float64Ops, heads, hidden, project);
    return heads.map((_, i) => [0, 1, 2].map((row) => best(logits, rowIn(i, row))));
  };

  it('control: the production heads', () => {
    expect(together((head, row) => 3 * head + row)).toEqual(alone);
  });

  it("catches rows of the shared batch that are taken one per head: head 0's second row as head 1", () => {
    expect(together((head) => head)).not.toEqual(alone);
  });
});

describe('the draft itself shows', () => {
  it('transformers#31301: prompt lookup copies past an EOS', () => {
    const text = [7, 0, 8, 9, 7];
    const tokensOf = (drafter: Drafter) => proposed(drafter, requestFor(text)).tokens;
    expect(tokensOf(promptLookup({ length: 3, eosTokens: [0] }))).toEqual([0]);
    expect(tokensOf(promptLookup({ length: 3 }))).toEqual([0, 8, 9]); // the fault: EOS unknown to the drafter
  });

  it('FastDeploy#7774: an n-gram pointer off by one is lossless, and nothing it copies is accepted', () => {
    const scene = { ...cyclicScene(), prompt: Array.from({ length: 2 * CYCLE }, (_, i) => (3 * i) % CYCLE) };
    const lookup = () => promptLookup({ length: 3 });
    const shifted = (): Drafter => ({
      name: 'shifted',
      propose(request) {
        const draft = promptLookup({ length: 4 }).propose({ ...request, maxDepth: request.maxDepth + 1 });
        const tokens = draft.tokens.slice(1);
        return { tokens, parents: tokens.map((_, i) => i - 1), laws: draft.laws.slice(1) };
      },
    });
    const right = acceptance(scene, { drafter: lookup, loop: decodeSpeculatively });
    expect(right.accepted).toBe(right.drafted);
    expect(right.drafted).toBeGreaterThan(5);
    expect(acceptance(scene, { drafter: shifted }).accepted).toBe(0);
  });

  it('a tree ranked by the law of temperature 0 is lossless, and a chain: all but one token have no mass', () => {
    const scene = cyclicScene();
    const nodesIn = (change: (sampler: Sampler) => Sampler): number[] => {
      const drafter = (target: Session, sampler: Sampler) =>
        headsDrafter({
          target,
          heads: cyclicHeads(2),
          sampler: change(sampler),
          choice: { kind: 'full tree', children: [3, 2], drawn: 'top' },
        });
      const { difference, steps } = compareWithPlain(scene, { rule: sampleAndMatch, drafter });
      expect(difference).toBe(null);
      return steps.slice(1, 4).map(({ drafted }) => drafted.length);
    };
    const collapsed = (sampler: Sampler): Sampler => ({
      ...sampler,
      scores: (logits, context) => sampler.law(logits, context).map(Math.log),
    });
    expect(nodesIn((sampler) => sampler)).toEqual([9, 9, 9]);
    expect(nodesIn(collapsed)).toEqual([2, 2, 2]);
  });
});
