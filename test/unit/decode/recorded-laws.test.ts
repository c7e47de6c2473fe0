/** The laws that steps carry: those of plain decoding after the same tokens, and those that the verifier was given. */

import { describe, expect, it } from 'vitest';
import { decodePlainly } from '../../../src/decode/plain.ts';
import { decodeSpeculatively } from '../../../src/decode/speculative.ts';
import type { Drafter } from '../../../src/draft/drafter.ts';
import { Session } from '../../../src/model/session.ts';
import { float64Backend } from '../../../src/ops/float64/backend.ts';
import { greedy } from '../../../src/verify/greedy.ts';
import { rejection } from '../../../src/verify/rejection.ts';
import type { Rule } from '../../../src/verify/rule.ts';
import { typical } from '../../../src/verify/typical.ts';
import { decodingOf, type Scene } from '../../support/decoding.ts';
import { randomDrafter } from '../../support/drafters.ts';
import { randomModel, smallConfig } from '../../support/random-model.ts';

const scene: Scene = {
  model: randomModel(3),
  adapter: null,
  prompt: [1, 2],
  sampling: { temperature: 0.8 },
  stop: { maxNewTokens: 30 },
  seed: 4,
};

/** The law of plain decoding after a text. */
function lawAfter(text: readonly number[]): number[] {
  const decoding = {
    ...decodingOf({ ...scene, prompt: text }, new Session(float64Backend, scene.model, null)),
    recordLaws: true,
  };
  const [step] = decodePlainly(decoding, text);
  return Array.from(step!.laws!.target.get(-1)!);
}

function recorded(rule: Rule, drafter: Drafter) {
  const decoding = {
    ...decodingOf(scene, new Session(float64Backend, scene.model, null)),
    drafter,
    rule,
    recordLaws: true,
  };
  return [...decodeSpeculatively(decoding, scene.prompt)];
}

describe('recorded laws', () => {
  it.each([rejection, greedy, typical])('of rule $name are the target’s after every emitted prefix', (rule) => {
    const drafter = randomDrafter(5, smallConfig.vocabularySize, 'chain');
    let text = [...scene.prompt];
    let most = 0;
    for (const { laws, emitted, accepted, drafted } of recorded(rule, drafter)) {
      for (let n = 0; n <= accepted && n < emitted.length; n++) {
        // A chain: the node of the n-th accepted token is n - 1.
        expect(Array.from(laws!.target.get(n - 1)!)).toEqual(lawAfter([...text, ...emitted.slice(0, n)]));
      }
      expect(laws!.draft.length).toBe(drafted.length);
      text = [...text, ...emitted];
      most = Math.max(most, accepted);
    }
    expect(most).toBeGreaterThan(0);
  });

  it('of drafts are those that the verifier was given', () => {
    const law = Float64Array.from({ length: smallConfig.vocabularySize }, (_, i) => (i < 2 ? 0.5 : 0));
    const drafter: Drafter = {
      name: 'two laws',
      propose: ({ maxDepth, lift }) =>
        maxDepth < 2
          ? { tokens: [], parents: [], laws: [] }
          : { tokens: [0, 1], parents: [-1, 0], laws: [lift(law), 'point'] },
    };
    expect(recorded(rejection, drafter)[0]!.laws!.draft).toEqual([Array.from(law), 'point']);
  });

  it('are there only when asked for', () => {
    const target = new Session(float64Backend, scene.model, null);
    const drafter = randomDrafter(5, smallConfig.vocabularySize, 'chain');
    const steps = [...decodeSpeculatively({ ...decodingOf(scene, target), drafter, rule: rejection }, scene.prompt)];
    expect(steps.some((step) => 'laws' in step)).toBe(false);
  });
});
