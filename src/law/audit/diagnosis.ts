/**
 * Which of several exact laws made the rounds.
 *
 * Under hypothesis h a round has the law P_h, found by enumeration. With prior probabilities w the posterior of h is
 * `w_h prod_i P_h(round i) / sum_g w_g prod_i P_g(round i)`. Hypotheses with the same law cannot be told apart by any
 * number of rounds: they form one group, in which each has its own part of the posterior. One more hypothesis is
 * "something else": a {@link NodewiseEstimate} around the law of the correct rule, which no fault of the catalogue has
 * to explain. It keeps a fault from being named because only it allows some round, or because it is the least wrong.
 *
 * The best of a bad lot is still bad, so each hypothesis is tested in turn, by its own laws:
 *
 * - its rounds: `E = average of (the estimate around P_h, the other hypotheses) / P_h` is an e-value under P_h;
 * - its emitted tokens and its drafted tokens, by a {@link SequentialTest} of the laws that follow from P_h.
 *
 * The mean of these e-values is the evidence against the hypothesis: under P_h it reaches 1/alpha with probability at
 * most alpha.
 * @packageDocumentation
 */
import { exp, ln } from '../../numerics/elementary.ts';
import type { SampledRound } from '../rounds.ts';
import { logSum } from './log-space.ts';
import { NodewiseEstimate } from './nodewise-estimate.ts';
import { type AuditPlan, draftedOf, emittedOf, lawOf, logPriorsOf } from './plan.ts';
import { SequentialTest } from './sequential-test.ts';

/** Hypotheses with the same law, and how well it explains the rounds. */
export interface Finding {
  /** Indices of the hypotheses; empty for something else than all of them. */
  readonly members: readonly number[];
  /** The posterior probability of all members together. */
  readonly posterior: number;
  /** ln of the total prior probability of all members. */
  readonly logPrior: number;
  /** ln of the probability of the rounds. */
  readonly logLikelihood: number;
  /** ln of the evidence against this law: the mean of the e-values of its rounds, tokens and, where known, drafts. */
  readonly logEValue: number;
}

interface Counted {
  readonly round: SampledRound;
  times: number;
}

/**
 * Counts rounds, and says how well each hypothesis of a plan explains them.
 * @example
 * import assert from 'node:assert/strict';
 * import { Diagnosis, hypothesesFor, planAudit, problemFrom } from 'turbo-lora/law';
 * import { rejection } from 'turbo-lora/verify';
 * const problem = problemFrom({ vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] });
 * const hypotheses = hypothesesFor(problem, rejection);
 * const diagnosis = new Diagnosis(planAudit({ problem, rule: rejection, hypotheses, draftsKnown: true }));
 * diagnosis.observe({ drafted: [0], parents: [-1], accepted: 1, emitted: [0, 0] }, 1000);
 * assert.deepEqual(diagnosis.findings()[0]!.members, []); // always the same round: no known fault does that
 */
export class Diagnosis {
  readonly #plan: AuditPlan;
  readonly #counts = new Map<string, Counted>();
  /** Null when rounds were added since. */
  #found: readonly Finding[] | null = null;

  /** @param plan the hypotheses and their laws. */
  constructor(plan: AuditPlan) {
    this.#plan = plan;
  }

  /** Adds identical rounds. */
  observe(round: SampledRound, times = 1): void {
    this.#found = null;
    const key = this.#plan.table.keyOf(round);
    const counted = this.#counts.get(key);
    if (counted === undefined) this.#counts.set(key, { round, times });
    else counted.times += times;
  }

  /** The groups of hypotheses and something else, the best explanation first. */
  findings(): readonly Finding[] {
    this.#found ??= this.#find([...this.#counts.values()]);
    return this.#found;
  }

  /**
   * The findings without a round that the correct rule excludes, if there is only one such round; all findings
   * otherwise. One round of probability zero leaves all odds to whatever happens to allow it.
   */
  findingsWithoutOutlier(): readonly Finding[] {
    const [correct] = this.#plan.table.laws;
    const isExcluded = ({ round }: Counted): boolean => !(correct![this.#plan.table.indexOf(round)]! > 0);
    const all = [...this.#counts.values()];
    const [first, second] = all.filter(isExcluded);
    if (first?.times !== 1 || second !== undefined) return this.findings();
    return this.#find(all.filter((counted) => counted !== first));
  }

  #find(counts: readonly Counted[]): Finding[] {
    const { table, hypotheses } = this.#plan;
    const likelihoods = table.groups.map(([first]) => this.#logLikelihood(counts, table.laws[first!]!));
    const estimates = table.groups.map(([first]) => this.#logEstimate(counts, table.laws[first!]!));
    const { correct, fault, other } = logPriorsOf(hypotheses.length);
    const weigh = (member: number): number => (member === 0 ? correct : fault);
    const findings = table.groups.map((members, i) => ({
      members,
      logPrior: logSum(members.map(weigh)),
      logLikelihood: likelihoods[i]!,
      logEValue: mean([this.#logEValue(i, likelihoods, estimates), ...this.#evidenceOfTests(counts, members[0]!)]),
    }));
    const something = {
      members: [],
      logPrior: other,
      logLikelihood: estimates[0]!,
      logEValue: Number.NEGATIVE_INFINITY,
    };
    return ranked([...findings, something]);
  }

  #logLikelihood(counts: readonly Counted[], law: Float64Array): number {
    let total = 0;
    for (const { round, times } of counts) total += times * ln(law[this.#plan.table.indexOf(round)] ?? 0);
    return total;
  }

  #logEstimate(counts: readonly Counted[], law: Float64Array): number {
    const { reading } = this.#plan;
    const estimate = new NodewiseEstimate(reading.massesOf(law));
    for (const { round, times } of counts) estimate.add(reading.read(round), times);
    return estimate.logProbability;
  }

  /** ln of the evidence of whole rounds against a group. */
  #logEValue(group: number, likelihoods: readonly number[], estimates: readonly number[]): number {
    const own = likelihoods[group]!;
    if (own === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY;
    const others = likelihoods.filter((_, i) => i !== group);
    const bets = [estimates[group]!, ...others.map((likelihood) => likelihood - ln(others.length))];
    return logSum(bets) - ln(others.length > 0 ? 2 : 1) - own;
  }

  /** ln of the evidence of emitted tokens, and of drafted ones where they are known, against a hypothesis. */
  #evidenceOfTests(counts: readonly Counted[], member: number): number[] {
    const { hypotheses, problem, draftsKnown } = this.#plan;
    return (draftsKnown ? [emittedOf, draftedOf] : [emittedOf]).map((look) => {
      const test = new SequentialTest(lawOf(hypotheses[member]!, look, problem), [], 0.5);
      for (const { round, times } of counts) test.count(look(round), times);
      return test.logEValue;
    });
  }
}

/** ln of the mean of numbers given by their logarithms. */
function mean(logarithms: readonly number[]): number {
  return logSum(logarithms) - ln(logarithms.length);
}

/** Adds posteriors; equal ones (of 0, say) are ordered by likelihood. */
function ranked(findings: readonly Omit<Finding, 'posterior'>[]): Finding[] {
  const evidence = logSum(findings.map(({ logPrior, logLikelihood }) => logPrior + logLikelihood));
  return findings
    .map((finding) => ({ ...finding, posterior: exp(finding.logPrior + finding.logLikelihood - evidence) }))
    .sort((a, b) => b.posterior - a.posterior || b.logLikelihood - a.logLikelihood || 0);
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
