/**
 * The observable outcomes of a round, numbered, with their probabilities under each of several hypotheses.
 * @packageDocumentation
 */
import { outcomeKey } from '../enumeration.ts';
import { keyOf } from '../prefix.ts';
import type { Outcome } from '../round-program.ts';
import type { SampledRound } from '../rounds.ts';

/** One way in which a round can go, and its probability. */
export interface WeightedOutcome {
  readonly outcome: Outcome;
  readonly probability: number;
}

/**
 * Laws closer than this at every outcome are treated as one law: float64 may separate two equal rationals by this much.
 */
const SAME = 1e-12;

/** Groups equal laws. */
function equalLaws(laws: readonly Float64Array[]): number[][] {
  const groups: number[][] = [];
  for (const [i, law] of laws.entries()) {
    const twins = groups.find(([first]) => law.every((p, x) => Math.abs(p - laws[first!]![x]!) <= SAME));
    if (twins === undefined) groups.push([i]);
    else twins.push(i);
  }
  return groups;
}

/** Everything reported about a round, as a key: rounds with equal keys are indistinguishable. */
export function reportedKey({ drafted, parents, accepted, emitted }: SampledRound): string {
  if (drafted === null || parents === null) return `${accepted}|${keyOf(emitted)}`;
  return outcomeKey({ drafted, parents, accepted, emitted });
}

/**
 * The law of the observations under each hypothesis, over one numbering of all observations possible under any of them.
 * @example
 * import assert from 'node:assert/strict';
 * import { OutcomeTable } from 'turbo-lora/law';
 * const outcome = { drafted: [1], parents: [-1], accepted: 0, emitted: [0] };
 * const table = new OutcomeTable([[{ outcome, probability: 1 }]], ({ emitted }) => `${emitted}`);
 * assert.equal(table.indexOf({ ...outcome, drafted: [2] }), 0);
 */
export class OutcomeTable {
  readonly #indices = new Map<string, number>();
  readonly #keyOf: (round: SampledRound) => string;
  /** Per hypothesis, the probability of each numbered outcome. */
  readonly laws: readonly Float64Array[];
  /** Hypotheses with equal laws, which no number of rounds can tell apart; in the order of their first members. */
  readonly groups: readonly (readonly number[])[];
  /** A round of each numbered outcome. */
  readonly rounds: readonly SampledRound[];

  /** @param see the key of what is observed of a round. */
  constructor(hypotheses: readonly (readonly WeightedOutcome[])[], see: (round: SampledRound) => string) {
    this.#keyOf = see;
    const rounds: SampledRound[] = [];
    for (const { outcome } of hypotheses.flat()) {
      const key = see(outcome);
      if (!this.#indices.has(key)) this.#indices.set(key, rounds.push(outcome) - 1);
    }
    this.rounds = rounds;
    this.laws = hypotheses.map((law) => {
      const probabilities = new Float64Array(this.#indices.size);
      for (const { outcome, probability } of law) probabilities[this.indexOf(outcome)]! += probability;
      return probabilities;
    });
    this.groups = equalLaws(this.laws);
  }

  /** Number of distinguishable outcomes. */
  get size(): number {
    return this.#indices.size;
  }

  /** What is observed of a round, as a key. */
  keyOf(round: SampledRound): string {
    return this.#keyOf(round);
  }

  /** The number of an outcome; -1 when no hypothesis allows it. */
  indexOf(round: SampledRound): number {
    return this.#indices.get(this.#keyOf(round)) ?? -1;
  }
}
