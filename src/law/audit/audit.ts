/**
 * Judges whether an engine is lossless from the rounds that it played.
 *
 * The engine gets one problem again and again; each time it drafts, verifies and emits one round. Three
 * tests, each with its own stated false alarm rate at any stopping time, judge the rounds (SPEC-AUDIT-TOKENS,
 * SPEC-AUDIT-ALARM and SPEC-AUDIT-APART in spec/rules.md), the first two a {@link SequentialTest}, the third a
 * {@link RoundsTest}:
 *
 * - `tokens`, which is losslessness: after each emitted prefix, given that the round goes on, the next token has the
 *   target's law. This is true of every lossless rule, so it does not matter how the engine accepts. A rule that is not
 *   lossless is judged by the law of its own text;
 * - `drafts`: after each drafted prefix the next drafted token has the stated draft law;
 * - `rounds`: what is accepted, and drawn after it, has the law that the named rule gives it, given the draft. A
 *   lossless engine judged by the wrong rule fails only this test.
 *
 * Then a {@link Diagnosis} says which of the known faults explains the rounds best, if any does (SPEC-AUDIT-DIAGNOSIS).
 * Rounds are counted as they are read, so memory depends on the problem and not on their number.
 *
 * A law's float64 differs from the fraction by at most 2^-53 of it, so n rounds of L tokens move ln E by about n L
 * 2^-53: nothing before 10^12 rounds.
 * @packageDocumentation
 */
import { FormatError, OptionError } from '../../errors.ts';
import { ln } from '../../numerics/elementary.ts';
import { keyOf } from '../prefix.ts';
import type { SampledRound } from '../rounds.ts';
import { Diagnosis, type Finding, logOdds } from './diagnosis.ts';
import type { Hypothesis } from './hypotheses.ts';
import { Looks } from './looks.ts';
import { type AuditPlan, type RoundsNeeded, roundsNeeded, roundsToTellApart } from './plan.ts';
import { RoundsTest } from './rounds-test.ts';
import { SequentialTest } from './sequential-test.ts';

/** What no known fault explains, as a hypothesis. */
export const SOMETHING_ELSE: Hypothesis = {
  name: 'something-else',
  description: 'The rule with other laws at some places than any known fault gives them.',
  references: [],
  outcomes: [],
};

/** What an audit says about faults. */
export type Conclusion = 'no alarm' | 'named' | 'something else' | 'too few rounds';

/** The posterior from which an explanation is taken. */
const SURE = 0.99;
/** A fault is not named when the evidence of its own tests against it reaches this: one true name in 20 is withheld. */
const AGAINST_A_FAULT = 20;

/** A group of hypotheses that these rounds can never tell apart. */
export interface Explanation extends Omit<Finding, 'members'> {
  readonly hypotheses: readonly Hypothesis[];
  /** Whether it is the correct rule or known faults; false for {@link SOMETHING_ELSE}. */
  readonly isKnown: boolean;
  readonly includesCorrect: boolean;
  /** ln of its posterior odds against the explanation that includes the correct rule. */
  readonly logOddsAgainstCorrect: number;
  /**
   * Whether its own tests refute it: the correct rule at the false alarm rate of the tests, a fault at one in 20, as a
   * name should not rest on the rounds only just not excluding it.
   */
  readonly isRejected: boolean;
}

/**
 * An audit in progress.
 * @example
 * import assert from 'node:assert/strict';
 * import { Audit, hypothesesFor, planAudit, problemFrom } from 'turbo-lora/law';
 * import { rejection } from 'turbo-lora/verify';
 * const problem = problemFrom({ vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] });
 * const hypotheses = hypothesesFor(problem, rejection);
 * const audit = new Audit(planAudit({ problem, rule: rejection, hypotheses, draftsKnown: true }));
 * const round = { drafted: [0], parents: [-1], accepted: 1, emitted: [0, 0] };
 * for (let i = 0; i < 100; i++) audit.observe(round); // always the same
 * assert.ok(audit.tokens.firstAlarm! < 50);
 * assert.ok(!audit.isExplained());
 */
export class Audit {
  readonly tokens: SequentialTest;
  /** Null when drafts are not known. */
  readonly drafts: SequentialTest | null;
  readonly rounds: RoundsTest;
  readonly #plan: AuditPlan;
  readonly #falseAlarm: number;
  readonly #diagnosis: Diagnosis;
  readonly #looks = new Looks();

  /**
   * @param falseAlarm probability, per test, that it ever raises an alarm on a correct engine.
   * @throws {@link OptionError} when the false alarm rate is not between 0 and 1.
   */
  constructor(plan: AuditPlan, falseAlarm = 1e-6) {
    const { tokens, drafts, reading } = plan;
    this.#plan = plan;
    this.#falseAlarm = falseAlarm;
    this.#diagnosis = new Diagnosis(plan);
    this.tokens = new SequentialTest(tokens.law, tokens.alternatives, falseAlarm);
    this.drafts = drafts && new SequentialTest(drafts.law, drafts.alternatives, falseAlarm);
    this.rounds = new RoundsTest(reading, falseAlarm);
  }

  /** The false alarm rate of each test. */
  get falseAlarm(): number {
    return this.#falseAlarm;
  }

  /** Whether rounds are counted. An alarm then belongs to all rounds together, not to one of them. */
  get isCounted(): boolean {
    return this.#looks.isCounted;
  }

  /** Whether any of the tests raised an alarm. */
  get hasAlarm(): boolean {
    return [this.tokens, this.drafts, this.rounds].some((test) => test !== null && test.firstAlarm !== null);
  }

  /**
   * Adds one round, and checks whether it raises an alarm.
   * @throws {@link FormatError} when its draft is missing, unexpected, or of a shape that the problem does not have;
   * {@link ConflictError} when rounds before it were counted.
   */
  observe(round: SampledRound, label = `round ${this.tokens.rounds + 1}`): void {
    this.#check(round, label);
    this.#looks.beforeRound(label);
    this.#take(round, 1);
    this.#lookAtAll();
  }

  /**
   * Adds `times` identical rounds without testing for an alarm (SPEC-AUDIT-COUNTS): a day's worth of rounds costs no
   * more than one. When all are counted, call {@link look}; after that no more may be added.
   * @throws {@link FormatError} as {@link observe} does; {@link OptionError} when `times` is not an integer of at least
   * 1; {@link ConflictError} when earlier rounds were added one by one, or the counts were already judged.
   */
  count(round: SampledRound, times: number, label = `round ${this.tokens.rounds + 1}`): void {
    if (!Number.isSafeInteger(times) || times < 1) {
      throw new OptionError(`${label}: times`, 'an integer of at least 1', `${times}`);
    }
    this.#check(round, label);
    this.#looks.beforeCount(label);
    this.#take(round, times);
  }

  /** Judges counts, once, when they are complete. Rounds added one by one have already been judged. */
  look(): void {
    this.#looks.judge();
    this.#lookAtAll();
  }

  /**
   * The explanations of the rounds, the best first. Without an alarm the correct rule comes first, whatever the
   * posteriors: no fault is needed to explain the rounds.
   */
  explanations(): Explanation[] {
    const findings = this.#diagnosis.findings();
    const correct = findings.find(({ members }) => members.includes(0))!;
    const all = findings.map((whole): Explanation => {
      const { members, ...finding } = whole;
      return {
        ...finding,
        hypotheses: members.length > 0 ? members.map((member) => this.#plan.hypotheses[member]!) : [SOMETHING_ELSE],
        isKnown: members.length > 0,
        includesCorrect: members.includes(0),
        logOddsAgainstCorrect: logOdds(whole, correct),
        isRejected: finding.logEValue >= (members.includes(0) ? this.tokens.logThreshold : ln(AGAINST_A_FAULT)),
      };
    });
    if (this.hasAlarm) return all;
    return [...all.filter(({ includesCorrect }) => includesCorrect), ...all.filter((one) => !one.includesCorrect)];
  }

  /**
   * What the rounds say about faults (SPEC-AUDIT-DIAGNOSIS): after an alarm a fault is `named` when its posterior is at
   * least 0.99, without a single round that the correct rule excludes too, its own tests do not speak against it, and
   * the rounds would have shown a near relative of it.
   */
  conclude(): Conclusion {
    if (!this.hasAlarm) return 'no alarm';
    const [best] = this.explanations();
    if (best!.posterior < SURE || best!.includesCorrect) return 'too few rounds';
    if (!best!.isKnown || best!.isRejected) return 'something else';
    const [robust] = this.#diagnosis.findingsWithoutOutlier();
    if (this.tokens.rounds < roundsToTellApart(this.#plan, best!.hypotheses[0]!)) return 'too few rounds';
    const isSame = this.#plan.hypotheses[robust!.members[0]!] === best!.hypotheses[0];
    return isSame && robust!.posterior >= SURE ? 'named' : 'too few rounds';
  }

  /** Whether the correct rule explains the rounds, because there is no alarm, or a known fault is named. */
  isExplained(): boolean {
    const conclusion = this.conclude();
    return conclusion === 'named' || (conclusion === 'no alarm' && !this.explanations()[0]!.isRejected);
  }

  /** Average number of rounds needed to detect and to name a hypothesis; infinite for one that has no law. */
  roundsNeeded(hypothesis: Hypothesis): RoundsNeeded {
    if (hypothesis.outcomes.length === 0) return { toSee: Number.POSITIVE_INFINITY, toName: Number.POSITIVE_INFINITY };
    return roundsNeeded(this.#plan, hypothesis, this.#falseAlarm);
  }

  #check(round: SampledRound, label: string): void {
    const { draftsKnown, shapes } = this.#plan;
    if (draftsKnown !== (round.drafted !== null)) {
      const [expected, got] = draftsKnown ? ['drafted tokens, as before', 'none'] : ['none, as before', 'some'];
      throw new FormatError(`${label}: drafted`, expected, got);
    }
    if (round.parents !== null && !shapes.has(keyOf(round.parents))) {
      throw new FormatError(`${label}: draft`, 'the shape of the problem', `parents [${round.parents}]`);
    }
  }

  #take(round: SampledRound, times: number): void {
    this.tokens.count(round.emitted, times);
    this.drafts?.count(round.drafted!, times);
    this.rounds.count(round, times);
    this.#diagnosis.observe(round, times);
  }

  #lookAtAll(): void {
    for (const test of [this.tokens, this.drafts, this.rounds]) test?.look();
  }
}
