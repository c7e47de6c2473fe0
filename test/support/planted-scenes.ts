/**
 * Fixed requests on which planted faults must show, and the first difference from plain decoding that one of them
 * makes.
 */
import { sampleAndMatch } from '../../src/verify/sample-and-match.ts';
import { compareWithPlain, plainRun, type Scene, type Speculation } from './decoding.ts';
import { integersFrom, knowingDrafter } from './drafters.ts';
import { randomAdapter, randomModel, smallConfig } from './random-model.ts';

/** Thirty requests of every kind: adapters, windows, temperatures 0 and 1, penalties, EOS, stop strings. */
export function plantedScenes(more: Partial<Scene> = {}): Scene[] {
  return Array.from({ length: 30 }, (_, seed): Scene => {
    const integer = integersFrom(seed);
    const windows = [
      [null, null],
      [4, null],
    ][seed % 2]!;
    const model = randomModel(seed, { ...smallConfig, windows });
    return {
      model,
      adapter: seed % 3 === 0 ? null : randomAdapter(seed + 1, model),
      prompt: Array.from({ length: 2 + integer(4) }, () => integer(smallConfig.vocabularySize)),
      sampling: { temperature: seed % 2, frequencyPenalty: 0.8, minNewTokens: 2 },
      stop: { maxNewTokens: 12, eosTokens: [integer(11)], stopStrings: ['cab', 'bcca'] },
      seed,
      ...more,
    };
  });
}

/** Verification of drafts that are mostly right, so that whole blocks are accepted and some are cut. */
export const drafting =
  (shape: 'chain' | 'tree', wrongOneIn = 4) =>
  (scene: Scene): Pick<Speculation, 'rule' | 'drafter'> => {
    const endless = plainRun({ ...scene, stop: { maxNewTokens: 18 } }).tokens;
    const options = { shape, length: 4, wrongOneIn } as const;
    return {
      rule: sampleAndMatch,
      drafter: () => knowingDrafter(scene.seed, endless, smallConfig.vocabularySize, options),
    };
  };

/** What the equal-to-plain check says of the first request that shows a fault, or null when none does. */
export function firstDifference(
  scenes: readonly Scene[],
  fault: Partial<Speculation>,
  speculate = drafting('chain'),
): string | null {
  for (const scene of scenes) {
    const { difference } = compareWithPlain(scene, { ...speculate(scene), ...fault });
    if (difference !== null) return difference;
  }
  return null;
}
