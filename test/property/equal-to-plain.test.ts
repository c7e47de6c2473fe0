/**
 * Speculative decoding is plain decoding, token for token: for any model, adapter, window, drafter, processors and stop
 * condition it emits the same tokens, stops for the same reason, and after every step leaves the same cache, bit for
 * bit.
 *
 * That is so for every rule at temperature 0, and at any temperature for sample-and-match (the tape is keyed by
 * position) and for Gumbel coupling (against plain decoding that draws by race too). The other rules have the same law
 * at temperature 1, not the same text.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Step } from '../../src/decode/step.ts';
import type { DraftChoice } from '../../src/draft/choice.ts';
import type { Drawn } from '../../src/draft/draft.ts';
import { draftModelDrafter } from '../../src/draft/draft-model.ts';
import { headsDrafter } from '../../src/draft/heads-drafter.ts';
import { promptLookup } from '../../src/draft/prompt-lookup.ts';
import { Session } from '../../src/model/session.ts';
import { float64Backend } from '../../src/ops/float64/backend.ts';
import { block } from '../../src/verify/block.ts';
import { eagle } from '../../src/verify/eagle.ts';
import { greedy } from '../../src/verify/greedy.ts';
import { gumbel } from '../../src/verify/gumbel.ts';
import { kSeq } from '../../src/verify/k-seq.ts';
import { lenience } from '../../src/verify/lenience.ts';
import { optimalTransport } from '../../src/verify/optimal-transport.ts';
import { recursive } from '../../src/verify/recursive.ts';
import { rejection } from '../../src/verify/rejection.ts';
import { RULES } from '../../src/verify/rules.ts';
import { sampleAndMatch } from '../../src/verify/sample-and-match.ts';
import { specinfer } from '../../src/verify/specinfer.ts';
import { traversal } from '../../src/verify/traversal.ts';
import { typical } from '../../src/verify/typical.ts';
import { compareWithPlain, plainRun, type Scene, type Speculation } from '../support/decoding.ts';
import { knowingDrafter, randomDrafter } from '../support/drafters.ts';
import {
  randomAdapter,
  randomHeads,
  randomModel,
  randomWeights,
  type SmallShape,
  smallConfig,
} from '../support/random-model.ts';
import { anySettings } from '../support/sampling-settings.ts';

const V = smallConfig.vocabularySize;
type Propose = Speculation['drafter'];

const heads =
  (choice: DraftChoice): ((scene: Scene) => Propose) =>
  ({ model, seed }) =>
  (target, sampler) =>
    headsDrafter({ target, heads: randomHeads(seed + 2, model.config, 3), sampler, choice });
/** A draft model: another random one, or the target itself, of which much is accepted. */
const draftModel =
  (kind: 'top1' | 'sample', same: boolean): ((scene: Scene) => Propose) =>
  ({ model, adapter, seed }) =>
  (_, sampler) => {
    const session = same
      ? new Session(float64Backend, model, adapter)
      : new Session(float64Backend, randomWeights(seed + 3, model), null);
    return draftModelDrafter({ session, vocabularySize: V, sampler, choice: { kind, length: 3 } });
  };
/** Drafts what plain decoding would write if nothing stopped it. */
const knowing =
  (shape: 'chain' | 'tree'): ((scene: Scene) => Propose) =>
  (scene) => {
    const endless = plainRun({ ...scene, stop: { maxNewTokens: 20 } }).tokens;
    return () => knowingDrafter(scene.seed, endless, V, { shape, length: 5, wrongOneIn: 4 });
  };

const CHAINS: Readonly<Record<string, (scene: Scene) => Propose>> = {
  'turbo heads, top1': heads({ kind: 'top1', length: 3 }),
  'turbo heads, sampled': heads({ kind: 'sample', length: 3 }),
  'a draft model, top1': draftModel('top1', false),
  'a draft model, sampled': draftModel('sample', true),
  'prompt lookup':
    ({ stop }) =>
    () =>
      promptLookup({ length: 4, eosTokens: stop.eosTokens ?? [] }),
  'random chains':
    ({ seed }) =>
    () =>
      randomDrafter(seed, V, 'chain'),
  'the text itself with errors': knowing('chain'),
};
const TREES: Readonly<Record<string, (scene: Scene) => Propose>> = {
  'a tree of turbo heads': heads({ kind: 'paths', paths: [[0], [1], [0, 0], [0, 1], [1, 0], [0, 0, 0], [2]] }),
  'random trees':
    ({ seed }) =>
    () =>
      randomDrafter(seed, V, 'tree'),
  'the text itself in a tree': knowing('tree'),
};

/** Trees whose siblings are all of one kind, by heads and by a draft model. */
const drawnTrees = (drawn: Drawn): Readonly<Record<string, (scene: Scene) => Propose>> => ({
  [`a tree of turbo heads, siblings ${drawn}`]: heads({ kind: 'full tree', children: [2, 2, 1], drawn }),
  [`a tree of a draft model, siblings ${drawn}`]:
    ({ model, adapter }) =>
    (_, sampler) =>
      draftModelDrafter({
        session: new Session(float64Backend, model, adapter), // the target itself: much is accepted
        vocabularySize: V,
        sampler,
        choice: { kind: 'full tree', children: [3, 2], drawn },
      }),
});
const INDEPENDENT = drawnTrees('independent');
const WITHOUT = drawnTrees('without-replacement');
const TOP = { ...drawnTrees('top'), 'a tree of turbo heads': TREES['a tree of turbo heads']! };
const SOME_CHAINS = {
  'turbo heads, sampled': CHAINS['turbo heads, sampled']!,
  'the text itself with errors': CHAINS['the text itself with errors']!,
};

const configs = fc.record({
  windows: fc.constantFrom<(number | null)[]>([null, null], [3, null], [2, 4]),
  contextLength: fc.constantFrom(64, 64, 12, 9),
});
const stops = fc.record(
  {
    maxNewTokens: fc.integer({ min: 1, max: 12 }),
    eosTokens: fc.uniqueArray(fc.nat(V - 1), { maxLength: 3 }),
    stopStrings: fc.array(fc.constantFrom('bcc', 'aabb', 'ca', 'cdd'), { maxLength: 2 }),
  },
  { requiredKeys: ['maxNewTokens'] },
);
const scenes = (temperature: fc.Arbitrary<number>): fc.Arbitrary<Scene> =>
  fc
    .record({
      seed: fc.nat(100_000),
      config: configs,
      adapted: fc.boolean(),
      prompt: fc.array(fc.nat(V - 1), { minLength: 1, maxLength: 6 }),
      sampling: anySettings(V),
      temperature,
      stop: stops,
    })
    .map(({ seed, config, adapted, prompt, sampling, temperature: t, stop }) => {
      const model = randomModel(seed, { ...smallConfig, ...config } satisfies SmallShape);
      const adapter = adapted ? randomAdapter(seed + 1, model) : null;
      return { model, adapter, prompt, sampling: { ...sampling, temperature: t }, stop, seed };
    });

/** What happened over all runs: a property that never met its hard cases has shown nothing. */
const seen = new Map<string, number>();
const count = (what: string, times = 1) => seen.set(what, (seen.get(what) ?? 0) + times);

function tally(steps: readonly Step[]): void {
  for (const { drafted, accepted, emitted, stop } of steps) {
    count('accepted', accepted);
    if (accepted < drafted.length) count('rejected');
    if (drafted.length > 0 && accepted === drafted.length && emitted.length > accepted) count('all accepted');
    if (stop !== null)
      count(`${stop}${accepted > 0 && emitted.length === accepted ? ' inside an accepted block' : ''}`);
  }
}

const cold = scenes(fc.constant(0));
const any = scenes(fc.constantFrom(0, 0.7, 1));
const combinations = [
  { rule: greedy, subjects: { ...CHAINS, ...TREES }, requests: cold },
  { rule: sampleAndMatch, subjects: { ...CHAINS, ...TREES }, requests: any },
  { rule: rejection, subjects: CHAINS, requests: cold },
  { rule: block, subjects: CHAINS, requests: cold },
  { rule: gumbel, subjects: { ...CHAINS, ...TREES, ...WITHOUT }, requests: any },
  { rule: specinfer, subjects: { ...SOME_CHAINS, ...INDEPENDENT, ...TOP }, requests: cold },
  { rule: recursive, subjects: { ...SOME_CHAINS, ...WITHOUT, ...TOP }, requests: cold },
  { rule: eagle, subjects: { ...SOME_CHAINS, ...TOP }, requests: cold },
  { rule: kSeq, subjects: { ...SOME_CHAINS, ...INDEPENDENT }, requests: cold },
  { rule: optimalTransport, subjects: { ...SOME_CHAINS, ...INDEPENDENT }, requests: cold },
  { rule: traversal, subjects: { ...SOME_CHAINS, ...WITHOUT, ...INDEPENDENT, ...TOP }, requests: cold },
  { rule: typical, subjects: { ...SOME_CHAINS, ...TREES }, requests: cold },
  { rule: lenience, subjects: SOME_CHAINS, requests: cold },
];

describe('speculative decoding equals plain decoding', () => {
  it('for every rule', () => {
    expect(new Set(combinations.map(({ rule }) => rule.name))).toEqual(new Set(RULES.keys()));
  });

  for (const { rule, subjects, requests } of combinations) {
    for (const [name, subject] of Object.entries(subjects)) {
      it(`${rule.name} with ${name}`, () => {
        fc.assert(
          fc.property(requests, (scene) => {
            const { difference, steps } = compareWithPlain(scene, { rule, drafter: subject(scene) });
            expect(difference).toBe(null);
            tally(steps);
          }),
          { numRuns: 50 },
        );
      });
    }
  }

  it('and met every hard case on the way', () => {
    const hard = ['accepted', 'rejected', 'all accepted', 'eos', 'stop string', 'max new tokens', 'context limit'];
    const inside = ['eos', 'stop string'].map((reason) => `${reason} inside an accepted block`);
    for (const what of [...hard, ...inside]) expect(seen.get(what) ?? 0, `times seen: ${what}`).toBeGreaterThan(5);
  });
});
