import { describe, expect, it } from 'vitest';
import { decodePlainly } from '../../../src/decode/plain.ts';
import { decodeSpeculatively } from '../../../src/decode/speculative.ts';
import type { Draft } from '../../../src/draft/draft.ts';
import type { Drafter, DraftRequest } from '../../../src/draft/drafter.ts';
import { ShapeError, UnsupportedError } from '../../../src/errors.ts';
import { Session } from '../../../src/model/session.ts';
import type { Tensor } from '../../../src/numerics/tensor.ts';
import { float64Backend } from '../../../src/ops/float64/backend.ts';
import { argmax } from '../../../src/sampling/softmax.ts';
import { rejection } from '../../../src/verify/rejection.ts';
import type { Rule } from '../../../src/verify/rule.ts';
import { sampleAndMatch } from '../../../src/verify/sample-and-match.ts';
import { cacheBits, freshCacheBits } from '../../support/cache-bits.ts';
import { cyclicModel } from '../../support/cyclic-model.ts';
import { decodingOf, type Scene } from '../../support/decoding.ts';

/** After t comes t + 3 (mod 8): 2 is followed by 5, 0, 3, 6, 1, … */
const scene: Scene = {
  model: cyclicModel(),
  adapter: null,
  prompt: [7, 2],
  sampling: {},
  stop: { maxNewTokens: 5 },
  seed: 1,
};
const point = (tokens: number[], parents = tokens.map((_, i) => i - 1)): Draft<never> => ({
  tokens,
  parents,
  laws: tokens.map(() => 'point' as const),
});

function run(drafts: Draft<never>[], rule: Rule = sampleAndMatch) {
  const target = new Session(float64Backend, scene.model, null);
  const requests: Omit<DraftRequest<unknown>, 'chance' | 'lift' | 'arithmetic'>[] = [];
  const drafter: Drafter = {
    name: 'scripted',
    propose: ({ tokens, promptLength, hidden, maxDepth }) => {
      requests.push({ tokens: [...tokens], promptLength, hidden, maxDepth });
      return drafts[requests.length - 1] ?? point([]);
    },
  };
  const steps = [...decodeSpeculatively({ ...decodingOf(scene, target), drafter, rule }, scene.prompt)];
  return { steps, requests, target };
}

describe('the plain loop', () => {
  it('reports one token per pass and leaves all but the last in the cache', () => {
    const target = new Session(float64Backend, scene.model, null);
    const steps = [...decodePlainly(decodingOf(scene, target), scene.prompt)];
    expect(steps.map((step) => step.emitted)).toEqual([[5], [0], [3], [6], [1]]);
    expect(steps.map((step) => step.fed)).toEqual([[7, 2], [5], [0], [3], [6]]);
    expect(steps.map((step) => step.stop)).toEqual([null, null, null, null, 'max new tokens']);
    expect(target.forwards).toBe(5);
    expect(cacheBits(target)).toStrictEqual(freshCacheBits(target, [7, 2, 5, 0, 3, 6]));
  });
});

describe('the speculative loop', () => {
  it('reports what was fed, drafted, accepted and emitted', () => {
    const { steps, target } = run([point([5, 0, 4]), point([])]);
    const { logits, ...rest } = steps[0]!;
    expect([0, 1, 2].map((i) => argmax(logits(i)))).toEqual([5, 0, 3]);
    expect(rest).toEqual({
      fed: [7, 2],
      drafted: [5, 0, 4],
      parents: [-1, 0, 1],
      accepted: 2,
      emitted: [5, 0, 3],
      stop: null,
    });
    expect(steps[1]).toMatchObject({ fed: [3], accepted: 0, emitted: [6], stop: null });
    expect(steps[2]).toMatchObject({ fed: [6], emitted: [1], stop: 'max new tokens' });
    expect(target.forwards).toBe(3);
  });

  it('tells the drafter the text, the room for it and the state before its last token', () => {
    const { requests } = run([point([]), point([0]), point([])]);
    expect(requests.map(({ tokens }) => tokens)).toEqual([
      [7, 2],
      [7, 2, 5],
      [7, 2, 5, 0, 3],
      [7, 2, 5, 0, 3, 6],
    ]);
    expect(requests.map(({ maxDepth }) => maxDepth)).toEqual([4, 3, 1, 0]);
    expect(requests.every(({ promptLength }) => promptLength === 2)).toBe(true);
    // States are unit vectors of the token read: that of 2, of the accepted 0, of 3.
    const read = requests.map(({ hidden }) =>
      hidden === null ? null : [...(hidden as Tensor).data].findIndex((x) => x > 1),
    );
    expect(read).toEqual([null, 2, 0, 3]);
  });

  it('keeps the accepted branch of a tree', () => {
    const { steps, target } = run([point([4, 5, 0, 0, 3], [-1, -1, 0, 1, 3])]);
    expect(steps[0]).toMatchObject({ accepted: 3, emitted: [5, 0, 3, 6] });
    expect(cacheBits(target)).toStrictEqual(freshCacheBits(target, [7, 2, 5, 0, 3, 6]));
  });

  it.each<[string, Draft<never>, Rule, typeof ShapeError | typeof UnsupportedError]>([
    ['a branch longer than the room', point([5, 0, 3, 6, 1]), sampleAndMatch, ShapeError],
    ['no tree', point([5, 0], [1, -1]), sampleAndMatch, ShapeError],
    ['a tree for a rule of chains', point([5, 0], [-1, -1]), rejection, UnsupportedError],
  ])('refuses %s', (_, draft, rule, errorClass) => {
    expect(() => run([draft], rule)).toThrow(errorClass);
  });
});
