import { OptionError } from '../../errors.ts';
import { ln } from '../../numerics/elementary.ts';
import type { SampledRound } from '../rounds.ts';
import { logSum } from './log-space.ts';
import { NodewiseEstimate } from './nodewise-estimate.ts';
import type { RoundReading } from './round-reading.ts';

/**
 * Bets against the named rule's law of whole rounds, letter by letter. Half of the wealth is bet on a
 * {@link NodewiseEstimate} of the rule's law, the other half on the known faults in equal parts (all of it on the
 * estimate where there are none). Each wealth is the probability of the rounds under a law, divided by that under the
 * rule: a nonnegative supermartingale that starts at 1, and so is the average. A round that the rule excludes decides
 * at once.
 * @example
 * import assert from 'node:assert/strict';
 * import { hypothesesFor, planAudit, problemFrom, RoundsTest } from 'turbo-lora/law';
 * import { rejection } from 'turbo-lora/verify';
 * const problem = problemFrom({ vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] });
 * const hypotheses = hypothesesFor(problem, rejection);
 * const { reading } = planAudit({ problem, rule: rejection, hypotheses, draftsKnown: true });
 * const test = new RoundsTest(reading, 1e-6);
 * const round = { drafted: [0], parents: [-1], accepted: 1, emitted: [0, 0] };
 * while (test.firstAlarm === null) test.observe(round); // always the same
 * assert.ok(test.firstAlarm < 50);
 */
export class RoundsTest {
  readonly #reading: RoundReading;
  /** ln of the law of rounds of each group of hypotheses, the one with the rule itself first. */
  readonly #logLaws: readonly Float64Array[];
  readonly #logLikelihoods: Float64Array;
  readonly #estimate: NodewiseEstimate;
  #rounds = 0;
  #firstAlarm: number | null = null;
  /** `ln(1 / alpha)`. */
  readonly logThreshold: number;

  /**
   * @param falseAlarm the probability alpha that the rule itself is ever rejected.
   * @throws {@link OptionError} when `falseAlarm` is not between 0 and 1.
   */
  constructor(reading: RoundReading, falseAlarm: number) {
    if (!(falseAlarm > 0 && falseAlarm < 1)) {
      throw new OptionError('false alarm rate', 'a number above 0 and below 1', `${falseAlarm}`);
    }
    const { laws, groups } = reading.table;
    this.#reading = reading;
    this.#logLaws = groups.map(([first]) => laws[first!]!.map(ln));
    this.#logLikelihoods = new Float64Array(groups.length);
    this.#estimate = new NodewiseEstimate(reading.massesOf(laws[0]!));
    this.logThreshold = -ln(falseAlarm);
  }

  /** Number of rounds observed. */
  get rounds(): number {
    return this.#rounds;
  }

  /** The first round, counted from 1, at which the wealth was found to have reached 1/alpha; null if it never was. */
  get firstAlarm(): number | null {
    return this.#firstAlarm;
  }

  /** Adds one round, and checks whether it raises the alarm. */
  observe(round: SampledRound): void {
    this.count(round, 1);
    this.look();
  }

  /** Adds identical rounds without testing: their order is unknown. */
  count(round: SampledRound, times: number): void {
    this.#rounds += times;
    const index = this.#reading.table.indexOf(round);
    for (const [i, law] of this.#logLaws.entries()) {
      this.#logLikelihoods[i]! += times * (law[index] ?? Number.NEGATIVE_INFINITY);
    }
    this.#estimate.add(this.#reading.read(round), times);
  }

  /** Decides on the alarm. After counts: once, when all of them have been added. */
  look(): void {
    if (this.#firstAlarm === null && this.logEValue >= this.logThreshold) this.#firstAlarm = this.#rounds;
  }

  /** ln of the wealth: the evidence against the rule after the rounds so far. */
  get logEValue(): number {
    const [own, ...faults] = this.#logLikelihoods;
    if (own === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY;
    const estimate = this.#estimate.logProbability;
    if (faults.length === 0) return estimate - own!;
    return logSum([estimate, logSum(faults) - ln(faults.length)]) - ln(2) - own!;
  }
}
