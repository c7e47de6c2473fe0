/**
 * Is an engine lossless, to judge by the rounds that it made?
 *
 * One problem is given to the engine again and again; each time it drafts, verifies and emits one round. Three
 * {@link SequentialTest | tests}, each with its own stated false alarm rate at any stopping time, look at the rounds
 * (SPEC-AUDIT-TOKENS, SPEC-AUDIT-ALARM and SPEC-AUDIT-APART in spec/rules.md):
 *
 * - `tokens`, which is losslessness: after each emitted prefix, given that the round goes on, the next token has the
 *   target's law. True of every lossless rule, so nothing needs to be known of how the engine accepts;
 * - `drafts`: after each drafted prefix the next drafted token has the stated draft law;
 * - `rounds`: what is drafted, accepted and emitted together has the law of the named rule. A lossless engine that is
 *   asked about the wrong rule fails this one only.
 *
 * Then a {@link Diagnosis} says which of the known faults explains the rounds best (SPEC-AUDIT-DIAGNOSIS). Rounds are looked at once and
 * counted, so memory depends on the problem and not on their number.
 *
 * A law's float64 differs from the fraction by at most 2^-53 of it, so n rounds of L tokens move ln E by about n L 2^-53:
 * nothing before 10^12 rounds.
 * @packageDocumentation
 */
import { FormatError, OptionError } from '../../errors.ts';
import { keyOf } from '../problem.ts';
import type { SampledRound } from '../rounds.ts';
import { Diagnosis, type Finding } from './diagnosis.ts';
import type { Hypothesis } from './hypotheses.ts';
import { type AuditPlan, type RoundsNeeded, roundsNeeded } from './plan.ts';
import { SequentialTest } from './sequential-test.ts';

/** One group of hypotheses that these rounds can never tell apart. */
export interface Explanation extends Omit<Finding, 'members'> {
  readonly hypotheses: readonly Hypothesis[];
  readonly includesCorrect: boolean;
}

/**
 * An audit in progress.
 * @example
 * import assert from 'node:assert/strict';
 * import { Audit, hypothesesFor, planAudit, problemFrom, rejection } from 'turbo-lora';
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

  /**
   * @param falseAlarm probability that a test ever raises an alarm at a correct engine; of each test.
   * @throws {@link OptionError} when the false alarm rate is not between 0 and 1.
   */
  constructor(plan: AuditPlan, falseAlarm = 1e-6) {
    const { tokens, drafts, rounds } = plan;
    this.#plan = plan;
    this.#falseAlarm = falseAlarm;
    this.#diagnosis = new Diagnosis(plan.table);
    this.tokens = new SequentialTest(tokens.law, tokens.alternatives, falseAlarm);
    this.drafts = drafts && new SequentialTest(drafts.law, drafts.alternatives, falseAlarm);
    this.rounds = new SequentialTest(rounds.law, rounds.alternatives, falseAlarm);
  }

  /**
   * Takes one round into account, and looks whether it raises an alarm.
   * @throws {@link FormatError} when its draft is missing, not expected, or of a shape that the problem does not have.
   */
  observe(round: SampledRound, label = `round ${this.tokens.rounds + 1}`): void {
    this.count(round, 1, label);
    this.look();
  }

  /**
   * Takes rounds into account that all went like this one, without looking (SPEC-AUDIT-COUNTS): as many as a machine can make in
   * a day cost no more than one. When all are counted, {@link look}.
   * @throws {@link FormatError} as {@link observe} does; {@link OptionError} when `times` is not an integer of at least 1.
   */
  count(round: SampledRound, times: number, label = `round ${this.tokens.rounds + 1}`): void {
    const { draftsKnown, shapes, table } = this.#plan;
    if (!Number.isSafeInteger(times) || times < 1) {
      throw new OptionError(`${label}: times`, 'an integer of at least 1', `${times}`);
    }
    if (draftsKnown !== (round.drafted !== null)) {
      const [expected, got] = draftsKnown ? ['drafted tokens, as before', 'none'] : ['none, as before', 'some'];
      throw new FormatError(`${label}: drafted`, expected, got);
    }
    if (round.parents !== null && !shapes.has(keyOf(round.parents))) {
      throw new FormatError(`${label}: draft`, 'the shape of the problem', `parents [${round.parents}]`);
    }
    const index = table.indexOf(round);
    this.tokens.count(round.emitted, times);
    this.drafts?.count(round.drafted!, times);
    this.rounds.count([index], times);
    this.#diagnosis.observe(index, times);
  }

  /** Decides on the alarms; after counts only once, when they are complete. */
  look(): void {
    for (const test of [this.tokens, this.drafts, this.rounds]) test?.look();
  }

  /** The explanations of the rounds, the best first. */
  explanations(): Explanation[] {
    return this.#diagnosis.findings().map(({ members, ...finding }) => ({
      ...finding,
      hypotheses: members.map((member) => this.#plan.hypotheses[member]!),
      includesCorrect: members.includes(0),
    }));
  }

  /** Whether the best explanation would not itself be rejected. */
  isExplained(): boolean {
    const [best] = this.#diagnosis.findings();
    return best!.logEValue < this.tokens.logThreshold;
  }

  /** How many rounds it takes, on the average, to see and to name a hypothesis. */
  roundsNeeded(hypothesis: Hypothesis): RoundsNeeded {
    return roundsNeeded(this.#plan, hypothesis, this.#falseAlarm);
  }
}
