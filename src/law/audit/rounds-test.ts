import { OptionError } from '../../errors.ts';
import { ln } from '../../numerics/elementary.ts';
import type { SampledRound } from '../rounds.ts';
import type { KrichevskyTrofimov } from './krichevsky-trofimov.ts';
import { logSum } from './log-space.ts';
import { NodewiseEstimate } from './nodewise-estimate.ts';
import type { Letter } from './round-letters.ts';
import { logLetter, type Masses, type ReadLetter, type RoundReading } from './round-reading.ts';

/** Laws closer than this at every letter are one law. */
const SAME = 1e-9;

/** What was decided at one place of rounds. */
export interface DecisionRecord {
  readonly about: Letter;
  readonly seen: KrichevskyTrofimov;
  /** The rule's law there; null where it depends on more than the place. */
  readonly law: readonly number[] | null;
  readonly logWealth: number;
  /** At least this share of all wealth is that of the bet on this place. */
  readonly weight: number;
}

/**
 * Bets against what the named rule decides, given the draft: what is accepted, and what is drawn after the last
 * accepted token. When drafts are not known: against its law of whole rounds. Half of the wealth is bet on a
 * {@link NodewiseEstimate} of the rule's law, the other half on the known faults in equal parts (all of it on the
 * estimate where there are none). Each wealth is the probability of the decisions under a law, divided by that under
 * the rule: a nonnegative supermartingale that starts at 1, and so is the average. A decision that the rule excludes
 * decides at once; one after a draft that the problem excludes is not judged.
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
  /** The masses of each group of hypotheses, those of the rule itself first. */
  readonly #masses: readonly Masses[];
  readonly #logLikelihoods: Float64Array;
  readonly #estimate: NodewiseEstimate;
  readonly #known = new Map<number, Decisions>();
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
    this.#masses = groups.map(([first]) => reading.massesOf(laws[first!]!));
    this.#logLikelihoods = new Float64Array(groups.length);
    this.#estimate = new NodewiseEstimate(this.#masses[0]!);
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
    const { letters, logLaws } = this.#decisionsOf(round);
    for (const [i, logLaw] of logLaws.entries()) this.#logLikelihoods[i]! += times * logLaw;
    this.#estimate.add(letters, times);
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

  /** What was decided at each place, the most visited first, with the rule's law there. */
  places(): DecisionRecord[] {
    const share = this.#masses.length > 1 ? 1 / 2 : 1;
    return this.#estimate.places().map(({ about, seen, nodes, logWealth, weight }) => {
      const laws = [...nodes].map((node) => this.#reading.lawAfter(this.#masses[0]!, node, about.letters)!);
      const isOne = laws.every((law) => law.every((p, letter) => Math.abs(p - laws[0]![letter]!) < SAME));
      return { about, seen, law: isOne ? laws[0]! : null, logWealth, weight: weight * share };
    });
  }

  #decisionsOf(round: SampledRound): Decisions {
    const index = this.#reading.table.indexOf(round);
    const known = this.#known.get(index);
    if (known !== undefined) return known;
    const isDecided = ({ kind, from }: ReadLetter): boolean =>
      kind !== 'shape' && kind !== 'draft' && (this.#masses[0]![from] ?? 0) > 0;
    const letters = this.#reading.read(round).filter(isDecided);
    const logLaws = this.#masses.map((masses) => letters.reduce((sum, letter) => sum + logLetter(masses, letter), 0));
    const decisions = { letters, logLaws };
    if (index >= 0) this.#known.set(index, decisions);
    return decisions;
  }
}

/** The decisions of a round, and ln of their probability under each group of hypotheses. */
interface Decisions {
  readonly letters: readonly ReadLetter[];
  readonly logLaws: readonly number[];
}
