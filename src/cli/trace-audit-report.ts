import type { SetRecord, TiltTest } from '../law/audit/tilt-test.ts';
import type { TraceAudit } from '../law/audit/trace-audit.ts';
import { print } from './output.ts';
import { printTable } from './table.ts';

interface SetReport {
  readonly set: string;
  readonly trials: number;
  readonly expected: number;
  readonly observed: number;
  readonly log_evidence: number;
  /** Null while no factor would have been detected. */
  readonly smallest_visible_odds: number | null;
}

interface TestReport {
  readonly alarm: boolean;
  /** JSON has no infinity. */
  readonly log_e_value: number | 'Infinity';
  readonly first_alarm_round: number | null;
  readonly impossible_tokens: number;
  readonly sets: readonly SetReport[];
}

/** An audit of rounds with their own distributions, as the JSON output spells it. */
export interface TraceAuditReport extends TestReport {
  readonly rounds: number;
  readonly tokens: number;
  readonly rule: string;
  readonly false_alarm: number;
  readonly draft_law: TestReport;
}

function testReport(test: TiltTest): TestReport {
  return {
    alarm: test.firstAlarm !== null,
    log_e_value: Number.isFinite(test.logEValue) ? test.logEValue : 'Infinity',
    first_alarm_round: test.firstAlarm,
    impossible_tokens: test.impossible,
    sets: test.records().map(setReport),
  };
}

function setReport({ name, trials, expected, observed, logEvidence, smallestVisibleOdds }: SetRecord): SetReport {
  const visible = Number.isFinite(smallestVisibleOdds) ? smallestVisibleOdds : null;
  return { set: name, trials, expected, observed, log_evidence: logEvidence, smallest_visible_odds: visible };
}

/** What an audit of a trace found. */
export function traceAuditReport(audit: TraceAudit): TraceAuditReport {
  return {
    rounds: audit.tokens.rounds,
    tokens: audit.judgedTokens,
    rule: audit.rule.name,
    false_alarm: audit.falseAlarm,
    ...testReport(audit.tokens),
    draft_law: testReport(audit.drafts),
  };
}

/** An audit of a trace as text: the verdicts, then how often tokens fell into which set. */
export function printTraceAudit(report: TraceAuditReport): void {
  const { rounds, tokens, rule, false_alarm, draft_law } = report;
  const lines = [
    `${rounds} rounds of rule ${rule}, ${tokens} tokens, each judged by the distribution on its own line; ` +
      `each test raises a false alarm with probability at most ${false_alarm}, however long it runs.`,
    `Tokens: ${verdict(report, 'do not follow the target distributions', 'no departure from the target distributions detected')}`,
    `Drafts: ${verdict(draft_law, 'not drawn from the draft distributions', 'no departure from the draft distributions detected')}`,
    'Not judged: acceptance decisions of the rule, and whether the distributions themselves are correct.',
  ];
  print(lines.map((line) => `${line}\n`).join(''));
  const tried = report.sets.filter(({ trials }) => trials > 0);
  printTable(
    ['emitted tokens in the set', 'of', 'expected', 'observed', 'evidence', 'detectable odds'],
    tried.map(({ set, trials, expected, observed, log_evidence, smallest_visible_odds }) => [
      set,
      `${trials}`,
      expected.toFixed(1),
      `${observed}`,
      `e^${log_evidence.toFixed(1)}`,
      smallest_visible_odds === null ? 'none yet' : `x ${smallest_visible_odds.toPrecision(3)}`,
    ]),
    [1, 2, 3, 4, 5],
  );
}

function verdict(test: TestReport, bad: string, good: string): string {
  const evidence = typeof test.log_e_value === 'number' ? `e^${test.log_e_value.toFixed(1)}` : 'infinite';
  if (!test.alarm) return `${good} (evidence ${evidence}).`;
  const excluded = test.impossible_tokens > 0 ? ` ${test.impossible_tokens} tokens had probability zero.` : '';
  return `ALARM in round ${test.first_alarm_round}: ${bad} (evidence ${evidence}).${excluded}`;
}
