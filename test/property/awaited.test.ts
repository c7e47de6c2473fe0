/**
 * A loop does not know how its passes are made: awaited on a device that frees what it is told to, every step is the
 * one that passes at once give, bit for bit.
 */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { answeredAtOnce, answeredInTime, type Loop } from '../../src/decode/pass.ts';
import { plainLoop } from '../../src/decode/plain.ts';
import { speculativeLoop } from '../../src/decode/speculative.ts';
import type { Step } from '../../src/decode/step.ts';
import type { DraftChoice } from '../../src/draft/choice.ts';
import { draftModelDrafter } from '../../src/draft/draft-model.ts';
import type { Drafter } from '../../src/draft/drafter.ts';
import { headsDrafter } from '../../src/draft/heads-drafter.ts';
import { promptLookup } from '../../src/draft/prompt-lookup.ts';
import { Uploads } from '../../src/language-model/uploads.ts';
import { Session } from '../../src/model/session.ts';
import { float64Backend } from '../../src/ops/float64/backend.ts';
import { ruleNamed } from '../../src/verify/rules.ts';
import { cacheBits } from '../support/cache-bits.ts';
import { decodingOf, type Scene } from '../support/decoding.ts';
import { Device } from '../support/device.ts';
import { randomAdapter, randomHeads, randomModel, randomWeights, smallConfig } from '../support/random-model.ts';

const V = smallConfig.vocabularySize;
const CHOICES: readonly DraftChoice[] = [
  { kind: 'top1', length: 3 },
  { kind: 'sample', length: 2 },
  { kind: 'full tree', children: [2, 2], drawn: 'top' },
];

interface Case {
  readonly scene: Scene;
  readonly drafts: 'nobody' | 'heads' | 'draft model' | 'lookup';
  readonly choice: DraftChoice;
}

/** A loop over a backend, and what it was made of. */
function loopOver({ scene, drafts, choice }: Case, uploads: Uploads) {
  const { backend } = uploads;
  const model = uploads.transformer(scene.model);
  const target = new Session(backend, model, uploads.adapter(scene.adapter));
  const decoding = decodingOf(scene, target);
  const { sampler } = decoding;
  const draftModel = new Session(backend, uploads.transformer(randomWeights(scene.seed + 3, scene.model)), null);
  const drafter: Drafter | null = {
    nobody: () => null,
    heads: () =>
      headsDrafter({ target, heads: uploads.heads(randomHeads(7, scene.model.config, 3))!, sampler, choice }),
    'draft model': () => draftModelDrafter({ session: draftModel, vocabularySize: V, sampler, choice }),
    lookup: () => promptLookup({ length: 3 }),
  }[drafts]();
  const rule = ruleNamed(choice.kind === 'full tree' ? 'traversal' : 'rejection');
  const loop: Loop =
    drafter === null
      ? plainLoop(decoding, scene.prompt)
      : speculativeLoop({ ...decoding, drafter, rule }, scene.prompt);
  const close = (): void => {
    target.close();
    draftModel.close();
  };
  return { loop, target, draftModel, close };
}

const numbersOf = ({ logits, ...step }: Step) => ({ ...step, logits: step.emitted.map((_, i) => logits(i)) });

const cases: fc.Arbitrary<Case> = fc
  .record({
    seed: fc.nat(999),
    adapted: fc.boolean(),
    prompt: fc.array(fc.nat(V - 1), { minLength: 1, maxLength: 5 }),
    temperature: fc.constantFrom(0, 1),
    drafts: fc.constantFrom('nobody', 'heads', 'draft model', 'lookup'),
    choice: fc.constantFrom(...CHOICES),
  })
  .map(({ seed, adapted, prompt, temperature, ...rest }) => {
    const model = randomModel(seed);
    const adapter = adapted ? randomAdapter(seed + 1, model) : null;
    return { scene: { model, adapter, prompt, sampling: { temperature }, stop: { maxNewTokens: 8 }, seed }, ...rest };
  });

it('awaited passes give the steps of passes at once, and leave nothing on the device', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (subject) => {
      const here = loopOver(subject, new Uploads(float64Backend));
      const expected = [...answeredAtOnce(here.loop)].map(numbersOf);

      const device = new Device(true);
      const there = loopOver(subject, new Uploads(device));
      const stores = 4 * subject.scene.model.blocks.length; // keys and values of two texts
      const steps: Step[] = [];
      for await (const step of answeredInTime(there.loop)) {
        steps.push(step);
        // Of each text its stores and the states of its latest pass.
        expect(device.living.size).toBeLessThanOrEqual(stores + 3);
      }
      expect(steps.map(numbersOf)).toStrictEqual(expected);
      expect(cacheBits(there.target)).toStrictEqual(cacheBits(here.target));
      there.close();
      there.close();
      expect(device.living.size).toBe(0);
      const headsPasses = subject.drafts === 'heads' ? steps.filter(({ drafted }) => drafted.length > 0).length : 0;
      expect(device.readBacks).toBe(there.target.forwards + there.draftModel.forwards + headsPasses);
    }),
    { numRuns: 25 },
  );
});
