import { type Audit, type Conclusion, type Explanation, SOMETHING_ELSE } from '../law/audit/audit.ts';
import { type DecisionFinding, decisionFindings, prefixFindings, worstPrefix } from '../law/audit/findings.ts';
import { exp } from '../numerics/elementary.ts';
import type { Rule } from '../verify/rule.ts';
import { auditExitCode } from './audit-exit.ts';
import { print } from './output.ts';
import { type PrefixReport, prefixReport, type Unbounded, unbounded } from './prefix-report.ts';
import { printTable } from './table.ts';

interface TestReport {
  readonly alarm: boolean;
  readonly log_e_value: Unbounded;
  readonly first_alarm_round: number | null;
}

/** A test, and what it could detect after each prefix. */
interface PrefixesReport extends TestReport {
  readonly prefixes: readonly PrefixReport[];
}

interface DecisionReport {
  readonly decision: string;
  readonly prefix: readonly number[];
  /** The drafted tokens to choose from. */
  readonly drafted: readonly number[];
  readonly visits: number;
  /** Null where the rule's law depends on more than the place. */
  readonly total_variation: number | null;
  readonly smallest_visible_total_variation: number | null;
  readonly log_evidence: Unbounded;
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

/** An audit as the JSON output spells it. */
export interface AuditReport extends TestReport {
  readonly rounds: number;
  /** Whether rounds were counted. An alarm then belongs to all rounds together, not to one of them. */
  readonly counted: boolean;
  readonly rule: string;
  readonly lossless: Rule['lossless'];
  readonly verdict: Verdict;
  readonly exit_code: number;
  readonly false_alarm: number;
  readonly smallest_visible_total_variation: number;
  readonly prefixes: readonly PrefixReport[];
  /** The prefix with the strongest evidence. */
  readonly worst_prefix: PrefixReport;
  readonly draft_law: PrefixesReport | null;
  readonly rule_law: TestReport & { readonly decisions: readonly DecisionReport[] };
  readonly explained: boolean;
  readonly conclusion: Conclusion;
  readonly diagnosis: readonly ExplanationReport[];
}

/** What the alarms say together. */
type Verdict = 'no alarm' | 'wrong text' | 'right text, not as named';

/** What an audit found, as the JSON output spells it. */
export function auditReport(audit: Audit, rule: Rule): AuditReport {
  const prefixes = prefixFindings(audit.tokens).map(prefixReport);
  const explanations = audit.explanations();
  return {
    rounds: audit.tokens.rounds,
    counted: audit.isCounted,
    rule: rule.name,
    lossless: rule.lossless,
    verdict: verdictOf(audit),
    exit_code: auditExitCode(audit),
    false_alarm: audit.falseAlarm,
    ...testReport(audit.tokens, audit.isCounted),
    smallest_visible_total_variation: prefixes[0]!.smallest_visible_total_variation,
    prefixes,
    worst_prefix: prefixReport(worstPrefix(audit.tokens)),
    draft_law: audit.drafts && {
      ...testReport(audit.drafts, audit.isCounted),
      prefixes: prefixFindings(audit.drafts).map(prefixReport),
    },
    rule_law: {
      ...testReport(audit.rounds, audit.isCounted),
      decisions: decisionFindings(audit.rounds).map(decisionReport),
    },
    explained: audit.isExplained(),
    conclusion: audit.conclude(),
    diagnosis: explanations.map((explanation) => explanationReport(explanation, audit)),
  };
}

function verdictOf(audit: Audit): Verdict {
  if (!audit.hasAlarm) return 'no alarm';
  return audit.tokens.firstAlarm === null ? 'right text, not as named' : 'wrong text';
}

type Judged = Pick<Audit['tokens'], 'firstAlarm' | 'logEValue'>;

function testReport({ firstAlarm, logEValue }: Judged, counted: boolean): TestReport {
  const first = counted ? null : firstAlarm;
  return { alarm: firstAlarm !== null, log_e_value: unbounded(logEValue), first_alarm_round: first };
}

function decisionReport(finding: DecisionFinding): DecisionReport {
  const { about, visits, totalVariation, smallestVisible, logEvidence } = finding;
  return {
    decision: about.kind,
    prefix: about.prefix,
    drafted: about.kind === 'acceptance' ? about.beside : [],
    visits,
    total_variation: totalVariation,
    smallest_visible_total_variation: smallestVisible,
    log_evidence: unbounded(logEvidence),
  };
}

function explanationReport(explanation: Explanation, audit: Audit): ExplanationReport {
  const [first, ...twins] = explanation.hypotheses;
  const { toSee, toName } = audit.roundsNeeded(first!);
  return {
    fault: first!.name,
    indistinguishable: twins.map(({ name }) => name),
    posterior: explanation.posterior,
    odds_against_correct: unbounded(exp(explanation.logOddsAgainstCorrect)),
    log_odds_against_correct: unbounded(explanation.logOddsAgainstCorrect),
    rejected: explanation.isRejected,
    reference: explanation.hypotheses.flatMap(({ references }) => references.map(({ where }) => where)).join(', '),
    description: first!.description,
    rounds_to_see: unbounded(toSee),
    rounds_to_name: unbounded(toName),
  };
}

/** An audit as text: the verdict, what would have been detected, and the explanations. */
export function printAudit(report: AuditReport): void {
  const { rounds, rule, false_alarm, draft_law, rule_law } = report;
  const textLaw = report.lossless === 'no' ? `the text distribution of rule ${rule}` : 'the target distribution';
  const write = (text: string): void => print(`${text}\n`);
  write(
    `${rounds} rounds of rule ${rule}; each test raises a false alarm with probability at most ${false_alarm}, however long it runs.`,
  );
  write(`Tokens: ${verdict(report, `do not follow ${textLaw}`, `no departure from ${textLaw} detected`)}`);
  if (draft_law !== null)
    write(
      `Drafts: ${verdict(draft_law, 'not drawn from the stated draft distribution', 'no departure from the stated draft distribution detected')}`,
    );
  write(`Rounds: ${verdict(rule_law, `not produced by rule ${rule}`, `no departure from rule ${rule} detected`)}`);
  write(seen(report));
  write(conclusion(report));
  const reference = (row: ExplanationReport): string => row.reference.split(', ').join('\n');
  const names = (row: ExplanationReport): string => [row.fault, ...row.indistinguishable].join('\n');
  if (isUnexplained(report)) {
    // A posterior would say which refuted hypothesis is refuted least, and that reads like an explanation.
    const closest = report.diagnosis.filter(({ fault }) => fault !== SOMETHING_ELSE.name).slice(0, 3);
    const rows = closest.map((row) => [names(row), row.rejected ? 'ruled out' : 'not ruled out', reference(row)]);
    printTable(['closest', 'verdict', 'reference'], rows);
    return;
  }
  const shown = report.diagnosis.filter(({ posterior }, i) => i < 3 || posterior >= 0.001);
  printTable(
    ['explanation', 'posterior', 'odds against correct', 'reference'],
    shown.map((row) => [
      names(row),
      row.posterior.toPrecision(3),
      typeof row.odds_against_correct === 'number' ? row.odds_against_correct.toPrecision(3) : 'beyond 1e308',
      reference(row),
    ]),
    [1, 2],
  );
}

/** What was observed where it matters: at the worst prefix after an alarm, otherwise at the start of a round. */
function seen({ alarm, worst_prefix, prefixes }: AuditReport): string {
  const { prefix, visits, total_variation, smallest_visible_total_variation } = alarm ? worst_prefix : prefixes[0]!;
  const where = prefix.length === 0 ? 'At the start of a round' : `After the emitted tokens ${prefix.join(', ')}`;
  return (
    `${where} (${visits} times), a total variation of ${smallest_visible_total_variation.toPrecision(3)} or more ` +
    `would have been detected; ${total_variation.toPrecision(3)} was observed.`
  );
}

function isAlarmed({ alarm, draft_law, rule_law }: AuditReport): boolean {
  return alarm || draft_law?.alarm === true || rule_law.alarm;
}

function isUnexplained(report: AuditReport): boolean {
  return isAlarmed(report) && !report.explained;
}

/** How to read the table of explanations. */
function conclusion(report: AuditReport): string {
  const [best] = report.diagnosis;
  if (!isAlarmed(report)) {
    return (
      'No alarm, so no fault is named. The table shows what is still possible after these rounds: ' +
      'before the first round the correct rule had probability one half, the known faults together one quarter, and ' +
      'something else one quarter.'
    );
  }
  if (report.explained) return `Best explained by ${best!.fault}. ${best!.description}`;
  if (report.conclusion === 'too few rounds') return 'The rounds are too few to name a fault.';
  const other = report.alarm ? '' : ' The tokens are correct: did another rule or drafter produce them?';
  return `No known fault explains the rounds.${other}`;
}

function verdict({ alarm, first_alarm_round, log_e_value }: TestReport, bad: string, good: string): string {
  const evidence = typeof log_e_value === 'number' ? `e^${log_e_value.toFixed(1)}` : 'infinite';
  const where = first_alarm_round === null ? '' : ` in round ${first_alarm_round}`;
  return alarm ? `ALARM${where}: ${bad} (evidence ${evidence}).` : `${good} (evidence ${evidence}).`;
}
