/**
 * Judges whether an engine is lossless from the rounds that it played.
 *
 * The engine gets one problem again and again; each time it drafts, verifies and emits one round. Three
 * {@link SequentialTest | tests}, each with its own stated false alarm rate at any stopping time, judge the rounds
 * (SPEC-AUDIT-TOKENS, SPEC-AUDIT-ALARM and SPEC-AUDIT-APART in spec/rules.md):
 *
 * - `tokens`, which is losslessness: after each emitted prefix, given that the round goes on, the next token has the
 *   target's law. This is true of every lossless rule, so it does not matter how the engine accepts;
 * - `drafts`: after each drafted prefix the next drafted token has the stated draft law;
 * - `rounds`: what is drafted, accepted and emitted together has the law of the named rule. A lossless engine judged by
 * the wrong rule fails only this test.
 *
 * Then a {@link Diagnosis} says which of the known faults explains the rounds best (SPEC-AUDIT-DIAGNOSIS). Rounds are
 * counted as they are read, so memory depends on the problem and not on their number.
 *
 * A law's float64 differs from the fraction by at most 2^-53 of it, so n rounds of L tokens move ln E by about n L
 * 2^-53: nothing before 10^12 rounds.
 * @packageDocumentation
 */
import { FormatError, OptionError } from '../../errors.ts';
import { keyOf } from '../prefix.ts';
import type { SampledRound } from '../rounds.ts';
import { Diagnosis, type Finding, logOdds } from './diagnosis.ts';
import type { Hypothesis } from './hypotheses.ts';
import { Looks } from './looks.ts';
import { type AuditPlan, priorsOf, type RoundsNeeded, roundsNeeded } from './plan.ts';
import { SequentialTest } from './sequential-test.ts';

/** A group of hypotheses that these rounds can never tell apart. */
export interface Explanation extends Omit<Finding, 'members'> {
  readonly hypotheses: readonly Hypothesis[];
  readonly includesCorrect: boolean;
  /** ln of its posterior odds against the explanation that includes the correct rule. */
  readonly logOddsAgainstCorrect: number;
  /** Whether the rounds refute it, at the false alarm rate of the tests. */
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
  readonly rounds: SequentialTest;
  readonly #plan: AuditPlan;
  readonly #falseAlarm: number;
  readonly #diagnosis: Diagnosis;
  readonly #looks = new Looks();

  /**
   * @param falseAlarm probability, per test, that it ever raises an alarm on a correct engine.
   * @throws {@link OptionError} when the false alarm rate is not between 0 and 1.
   */
  constructor(plan: AuditPlan, falseAlarm = 1e-6) {
    const { tokens, drafts, rounds } = plan;
    this.#plan = plan;
    this.#falseAlarm = falseAlarm;
    this.#diagnosis = new Diagnosis(plan.table, priorsOf(plan.hypotheses.length));
    this.tokens = new SequentialTest(tokens.law, tokens.alternatives, falseAlarm);
    this.drafts = drafts && new SequentialTest(drafts.law, drafts.alternatives, falseAlarm);
    this.rounds = new SequentialTest(rounds.law, rounds.alternatives, falseAlarm);
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
        hypotheses: members.map((member) => this.#plan.hypotheses[member]!),
        includesCorrect: members.includes(0),
        logOddsAgainstCorrect: logOdds(whole, correct),
        isRejected: finding.logEValue >= this.tokens.logThreshold,
      };
    });
    if (this.hasAlarm) return all;
    return [...all.filter(({ includesCorrect }) => includesCorrect), ...all.filter((one) => !one.includesCorrect)];
  }

  /**
   * Whether the first of the {@link explanations} really explains the rounds: it would not itself be rejected and,
   * after an alarm, it is a fault. The alarm has rejected the correct rule.
   */
  isExplained(): boolean {
    const [best] = this.explanations();
    return !best!.isRejected && !(this.hasAlarm && best!.includesCorrect);
  }

  /** Average number of rounds needed to detect and to name a hypothesis. */
  roundsNeeded(hypothesis: Hypothesis): RoundsNeeded {
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
    const index = this.#plan.table.indexOf(round);
    this.tokens.count(round.emitted, times);
    this.drafts?.count(round.drafted!, times);
    this.rounds.count([index], times);
    this.#diagnosis.observe(index, times);
  }

  #lookAtAll(): void {
    for (const test of [this.tokens, this.drafts, this.rounds]) test?.look();
  }
}
