import { describe, expect, it } from 'vitest';
import { NodewiseEstimate } from '../../../../src/law/audit/nodewise-estimate.ts';
import { problemFrom } from '../../../../src/law/problem-input.ts';
import type { SampledRound } from '../../../../src/law/rounds.ts';
import { rejection } from '../../../../src/verify/rejection.ts';
import { planFor } from '../../../support/audits.ts';

const problem = problemFrom({
  vocabulary: 2,
  target: { default: ['3/5', '2/5'], after: { 0: ['1/4', '3/4'], 1: ['1/2', '1/2'] } },
  draft: ['4/5', '1/5'],
});

/** Every round that two letters and one drafted token allow, whether or not some hypothesis does. */
const everyRound: readonly SampledRound[] = [0, 1].flatMap((drafted) =>
  [0, 1].flatMap((last) => [
    { drafted: [drafted], parents: [-1], accepted: 1, emitted: [drafted, last] },
    { drafted: [drafted], parents: [-1], accepted: 0, emitted: [last] },
  ]),
);

describe('the node-wise estimate', () => {
  it.each(['correct', 'greedy-draft', 'coins-at-zero'])(
    'is a law: the probabilities of all sequences of three rounds add up to 1, around %s',
    (name) => {
      for (const draftsKnown of [true, false]) {
        const { reading, table, hypotheses } = planFor(problem, rejection, draftsKnown);
        const masses = reading.massesOf(table.laws[hypotheses.findIndex((one) => one.name === name)]!);
        // Without drafts each round occurs twice in the list when it was rejected.
        const distinct = [...new Map(everyRound.map((round) => [table.keyOf(round), round])).values()];
        let total = 0;
        const extend = (rounds: readonly SampledRound[]): void => {
          if (rounds.length < 3) {
            for (const round of distinct) extend([...rounds, round]);
            return;
          }
          const estimate = new NodewiseEstimate(masses);
          for (const round of rounds) estimate.add(reading.read(round), 1);
          total += Math.exp(estimate.logProbability);
        };
        extend([]);
        expect(total).toBeCloseTo(1, 9);
      }
    },
  );

  it('does not depend on the order of rounds, and takes counts', () => {
    const { reading, table } = planFor(problem, rejection);
    const estimates = [0, 1, 2].map(() => new NodewiseEstimate(reading.massesOf(table.laws[0]!)));
    for (let i = 0; i < 50; i++) for (const round of everyRound) estimates[0]!.add(reading.read(round), 1);
    for (const round of everyRound) for (let i = 0; i < 50; i++) estimates[1]!.add(reading.read(round), 1);
    for (const round of everyRound) estimates[2]!.add(reading.read(round), 50);
    for (const other of estimates.slice(1)) expect(other.logProbability).toBeCloseTo(estimates[0]!.logProbability, 8);
  });

  it('gives rounds a probability that the stated law excludes', () => {
    const { reading, table, hypotheses } = planFor(problem, rejection);
    const always = hypotheses.findIndex(({ name }) => name === 'coins-at-zero');
    const estimate = new NodewiseEstimate(reading.massesOf(table.laws[always]!));
    estimate.add(reading.read({ drafted: [0], parents: [-1], accepted: 0, emitted: [1] }), 7);
    expect(estimate.logProbability).toBeGreaterThan(-30);
    expect(estimate.logProbability).toBeLessThan(0);
  });
});
