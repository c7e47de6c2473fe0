import type { Audit, Explanation } from '../law/audit/audit.ts';
import { smallestVisible } from '../law/audit/power.ts';
import type { PrefixRecord, SequentialTest } from '../law/audit/sequential-test.ts';
import { print } from './output.ts';
import { printTable } from './table.ts';

/** JSON has no infinity. */
type Unbounded = number | 'Infinity' | '-Infinity';

interface TestReport {
  readonly alarm: boolean;
  readonly log_e_value: Unbounded;
  readonly first_alarm_round: number | null;
}

interface ExplanationReport {
  readonly fault: string;
  readonly indistinguishable: readonly string[];
  readonly posterior: number;
  readonly odds_against_correct: Unbounded;
  readonly log_odds_against_correct: Unbounded;
  readonly rejected: boolean;
  readonly reference: string;
  readonly description: string;
  readonly rounds_to_see: Unbounded;
  readonly rounds_to_name: Unbounded;
}

interface PrefixReport {
  readonly prefix: readonly number[];
  readonly visits: number;
  readonly total_variation: number;
  readonly smallest_visible_total_variation: number;
}

/** An audit as the JSON output spells it. */
export interface AuditReport extends TestReport {
  readonly rounds: number;
  /** Whether rounds were counted; then no alarm belongs to a round, but to all of them. */
  readonly counted: boolean;
  readonly rule: string;
  readonly false_alarm: number;
  readonly smallest_visible_total_variation: number;
  readonly prefixes: readonly PrefixReport[];
  readonly draft_law: TestReport | null;
  readonly rule_law: TestReport;
  readonly explained: boolean;
  readonly diagnosis: readonly ExplanationReport[];
}

/** The most visited prefixes that a report lists. */
const LISTED = 16;

/** What an audit found. */
export function auditReport(audit: Audit, rule: string, falseAlarm: number, counted = false): AuditReport {
  const records = audit.tokens.records().slice(0, LISTED);
  const prefixes = records.map((record) => prefixReport(record, audit.tokens.logThreshold));
  const explanations = audit.explanations();
  const correct = explanations.find(({ includesCorrect }) => includesCorrect)!;
  return {
    rounds: audit.tokens.rounds,
    counted,
    rule,
    false_alarm: falseAlarm,
    ...testReport(audit.tokens, counted),
    smallest_visible_total_variation: prefixes[0]!.smallest_visible_total_variation,
    prefixes,
    draft_law: audit.drafts && testReport(audit.drafts, counted),
    rule_law: testReport(audit.rounds, counted),
    explained: audit.isExplained(),
    diagnosis: explanations.map((explanation) => explanationReport(explanation, correct, audit)),
  };
}

/** Whether any of the tests raised an alarm. */
export function hasAlarm({ alarm, draft_law, rule_law }: AuditReport): boolean {
  return alarm || draft_law?.alarm === true || rule_law.alarm;
}

function testReport({ firstAlarm, logEValue }: SequentialTest, counted: boolean): TestReport {
  const first = counted ? null : firstAlarm;
  return { alarm: firstAlarm !== null, log_e_value: unbounded(logEValue), first_alarm_round: first };
}

function prefixReport(record: PrefixRecord, logThreshold: number): PrefixReport {
  const { prefix, law, seen } = record;
  const distances = Array.from(law, (p, token) => Math.abs(seen.count(token) / seen.total - p));
  return {
    prefix,
    visits: seen.total,
    total_variation: distances.reduce((total, distance) => total + distance, 0) / 2,
    smallest_visible_total_variation: smallestVisible(record, logThreshold),
  };
}

function explanationReport(explanation: Explanation, correct: Explanation, audit: Audit): ExplanationReport {
  const [first, ...twins] = explanation.hypotheses;
  const { toSee, toName } = audit.roundsNeeded(first!);
  const logOdds = logOddsOf(explanation, correct);
  return {
    fault: first!.name,
    indistinguishable: twins.map(({ name }) => name),
    posterior: explanation.posterior,
    odds_against_correct: unbounded(Math.exp(logOdds)),
    log_odds_against_correct: unbounded(logOdds),
    rejected: explanation.logEValue >= audit.tokens.logThreshold,
    reference: explanation.hypotheses.flatMap(({ references }) => references.map(({ where }) => where)).join(', '),
    description: first!.description,
    rounds_to_see: unbounded(toSee),
    rounds_to_name: unbounded(toName),
  };
}

/** ln of the posterior odds; impossible rounds count against both sides alike. */
function logOddsOf(explanation: Explanation, correct: Explanation): number {
  if (explanation.logLikelihood === correct.logLikelihood) return 0;
  const prior = Math.log(explanation.hypotheses.length / correct.hypotheses.length);
  return prior + explanation.logLikelihood - correct.logLikelihood;
}

function unbounded(value: number): Unbounded {
  if (Number.isFinite(value)) return value;
  return value > 0 ? 'Infinity' : '-Infinity';
}

/** An audit for people: the verdict, what would have been seen, and the explanations. */
export function printAudit(report: AuditReport): void {
  const { rounds, rule, false_alarm, draft_law, rule_law } = report;
  const write = (text: string): void => print(`${text}\n`);
  write(
    `${rounds} rounds of rule ${rule}; each test raises a false alarm with probability at most ${false_alarm}, ever.`,
  );
  write(
    `Tokens: ${verdict(report, 'not distributed as the target says', 'as the target says, as far as can be seen')}`,
  );
  if (draft_law !== null) write(`Drafts: ${verdict(draft_law, 'not drawn from the stated draft law', 'as stated')}`);
  write(`Rounds: ${verdict(rule_law, `not those of rule ${rule}`, `as rule ${rule} makes them`)}`);
  write(
    `At the start of a round a total variation of ${report.smallest_visible_total_variation.toPrecision(3)} or more ` +
      `would have been seen; ${report.prefixes[0]!.total_variation.toPrecision(3)} was observed.`,
  );
  write(conclusion(report));
  const shown = report.diagnosis.filter(({ posterior }, i) => i < 3 || posterior >= 0.001);
  printTable(
    ['explanation', 'posterior', 'odds against correct', 'reference'],
    shown.map((row) => [
      [row.fault, ...row.indistinguishable].join('\n'),
      row.posterior.toPrecision(3),
      typeof row.odds_against_correct === 'number' ? row.odds_against_correct.toPrecision(3) : 'beyond 1e308',
      row.reference.split(', ').join('\n'),
    ]),
    [1, 2],
  );
}

/** What to make of the table of explanations. */
function conclusion(report: AuditReport): string {
  const [best] = report.diagnosis;
  if (!hasAlarm(report)) return 'No alarm, so nothing to explain; this is what so many rounds leave possible.';
  if (report.explained) return `Best explained by ${best!.fault}. ${best!.description}`;
  const other = report.alarm ? '' : ' The tokens are right: has another rule made them?';
  return `None of the known faults explains the rounds.${other}`;
}

function verdict({ alarm, first_alarm_round, log_e_value }: TestReport, bad: string, good: string): string {
  const evidence = typeof log_e_value === 'number' ? `e^${log_e_value.toFixed(1)}` : 'infinite';
  const where = first_alarm_round === null ? '' : ` in round ${first_alarm_round}`;
  return alarm ? `ALARM${where}: ${bad} (evidence ${evidence}).` : `${good} (evidence ${evidence}).`;
}
