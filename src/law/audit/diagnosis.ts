/**
 * Which of several exact laws made the rounds.
 *
 * Under hypothesis h a round has the law P_h, found by enumeration. With prior probabilities w the posterior of h is
 * `w_h prod_i P_h(round i) / sum_g w_g prod_i P_g(round i)`. Hypotheses with the same law cannot be told apart by any
 * number of rounds: they form one group, in which each has its own part of the posterior.
 *
 * The best of a bad lot is still bad, so the best one is tested in turn:
 * `E = average of (KT, the other hypotheses) / P_h` is an e-value under P_h (KT: the Krichevsky–Trofimov estimate over
 * all outcomes). At `E >= 1/alpha` it is rejected too, and none of the hypotheses explains the rounds.
 * @packageDocumentation
 */
import { exp, ln } from '../../numerics/elementary.ts';
import { KrichevskyTrofimov } from './krichevsky-trofimov.ts';
import { logSum } from './log-space.ts';
import type { OutcomeTable } from './outcome-table.ts';

/** Hypotheses with the same law, and how well it explains the rounds. */
export interface Finding {
  /** Indices of the hypotheses. */
  readonly members: readonly number[];
  /** The posterior probability of all members together. */
  readonly posterior: number;
  /** ln of the total prior probability of all members. */
  readonly logPrior: number;
  /** ln of the probability of the rounds. */
  readonly logLikelihood: number;
  /** ln of the evidence against this law. */
  readonly logEValue: number;
}

/**
 * Adds up, round by round, the log-probability of the rounds under each hypothesis.
 * @example
 * import assert from 'node:assert/strict';
 * import { Diagnosis, OutcomeTable } from 'turbo-lora/law';
 * const emitting = (token: number) => ({ drafted: [], parents: [], accepted: 0, emitted: [token] });
 * const coin = (p: number) => [0, 1].map((x) => ({ outcome: emitting(x), probability: x === 0 ? p : 1 - p }));
 * const diagnosis = new Diagnosis(new OutcomeTable([coin(0.5), coin(0.75)], ({ emitted }) => `${emitted}`));
 * diagnosis.observe(0);
 * const [best] = diagnosis.findings();
 * assert.deepEqual(best!.members, [1]);
 * assert.equal(best!.posterior.toFixed(12), '0.600000000000');
 */
export class Diagnosis {
  readonly #groups: readonly (readonly number[])[];
  readonly #logPriors: readonly number[];
  readonly #logLaws: readonly Float64Array[];
  readonly #logLikelihoods: Float64Array;
  readonly #estimate: KrichevskyTrofimov;
  #logEstimate = 0;

  /** @param priors of the hypotheses, in any unit; equal by default. */
  constructor(table: OutcomeTable, priors: readonly number[] = table.laws.map(() => 1)) {
    this.#groups = table.groups;
    const total = priors.reduce((a, b) => a + b);
    const priorOf = (members: readonly number[]): number => members.reduce((sum, member) => sum + priors[member]!, 0);
    this.#logPriors = this.#groups.map((members) => ln(priorOf(members) / total));
    this.#logLaws = this.#groups.map(([first]) => table.laws[first!]!.map(ln));
    this.#logLikelihoods = new Float64Array(this.#groups.length);
    this.#estimate = new KrichevskyTrofimov(table.size);
  }

  /** Adds identical rounds, given by their number in the table. */
  observe(index: number, times = 1): void {
    for (const [i, law] of this.#logLaws.entries()) {
      this.#logLikelihoods[i]! += times * (law[index] ?? Number.NEGATIVE_INFINITY);
    }
    this.#logEstimate += this.#estimate.logProbability(index, times);
    this.#estimate.add(index, times);
  }

  /** The groups of hypotheses, the best explanation first. */
  findings(): Finding[] {
    const joint = this.#groups.map((_, i) => this.#logPriors[i]! + this.#logLikelihoods[i]!);
    const evidence = logSum(joint);
    const findings = this.#groups.map((members, i): Finding => {
      const logLikelihood = this.#logLikelihoods[i]!;
      const posterior = Number.isFinite(evidence) ? exp(joint[i]! - evidence) : 0;
      return { members, posterior, logPrior: this.#logPriors[i]!, logLikelihood, logEValue: this.#evidenceAgainst(i) };
    });
    // Equal posteriors (of 0, say) are ordered by likelihood.
    return findings.sort((a, b) => b.posterior - a.posterior || b.logLikelihood - a.logLikelihood || 0);
  }

  #evidenceAgainst(group: number): number {
    const own = this.#logLikelihoods[group]!;
    if (own === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY;
    const others = Array.from(this.#logLikelihoods).filter((_, i) => i !== group);
    const bets = [this.#logEstimate, ...others.map((likelihood) => likelihood - ln(others.length))];
    return logSum(bets) - ln(others.length > 0 ? 2 : 1) - own;
  }
}

/** What the odds of a finding follow from: logarithms of its prior odds and of the likelihood of the rounds. */
export type Odds = Pick<Finding, 'logPrior' | 'logLikelihood'>;

/** ln of the posterior odds of one explanation against another; rounds impossible under both count against neither. */
export function logOdds(explanation: Odds, against: Odds): number {
  if (explanation === against || explanation.logLikelihood === Number.NEGATIVE_INFINITY) {
    return against.logLikelihood > explanation.logLikelihood ? Number.NEGATIVE_INFINITY : 0;
  }
  return explanation.logPrior - against.logPrior + explanation.logLikelihood - against.logLikelihood;
}
