import { STOPPED, type TextAudit } from '../law/audit/text-audit.ts';
import { print, say } from './output.ts';
import { type PrefixReport, prefixReport, type Unbounded, unbounded } from './prefix-report.ts';
import { printTable } from './table.ts';

interface TokenReport {
  /** Null for the end of a text that must go on. */
  readonly token: number | null;
  readonly expected: number;
  readonly observed: number;
}

interface NeededReport {
  readonly total_variation: number;
  readonly texts: Unbounded;
}

/** An audit of texts as the JSON output spells it. */
export interface TextAuditReport {
  readonly texts: number;
  readonly max_tokens: number;
  /** Whether texts were counted. An alarm then belongs to all of them together. */
  readonly counted: boolean;
  readonly false_alarm: number;
  readonly alarm: boolean;
  readonly first_alarm_text: number | null;
  readonly log_e_value: Unbounded;
  /** Texts that were judged in part, because the distribution after it is not known. */
  readonly unjudged: number;
  /** What was known before the first text. */
  readonly texts_needed: readonly NeededReport[];
  readonly prefixes: readonly PrefixReport[];
  readonly worst_prefix: PrefixReport & { readonly tokens: readonly TokenReport[] };
}

/** The distances for which the power is stated before a run. */
const DISTANCES = [0.2, 0.1, 0.05, 0.02, 0.01];
/** Rows of a table for people. */
const ROWS = 8;

function neededReports(audit: TextAudit): NeededReport[] {
  return DISTANCES.map((distance) => ({ total_variation: distance, texts: unbounded(audit.textsNeeded(distance)) }));
}

/** Says on stderr, before any text is read, how many it takes to see how much at the first token. */
export function sayTextsNeeded(audit: TextAudit): void {
  const needed = neededReports(audit).map(({ total_variation, texts }) => `${total_variation} in ${texts}`);
  say(`A total variation at the first token is seen, at the latest, of ${needed.join(', ')} texts.`);
}

/** What an audit of texts found. */
export function textAuditReport(audit: TextAudit, maxTokens: number): TextAuditReport {
  const worst = audit.worst();
  return {
    texts: audit.texts,
    max_tokens: maxTokens,
    counted: audit.isCounted,
    false_alarm: audit.falseAlarm,
    alarm: audit.hasAlarm,
    first_alarm_text: audit.isCounted ? null : audit.firstAlarm,
    log_e_value: unbounded(audit.logEValue),
    unjudged: audit.unjudged,
    texts_needed: neededReports(audit),
    prefixes: audit.findings().map(prefixReport),
    worst_prefix: {
      ...prefixReport(worst),
      tokens: worst.tokens.map((one) => ({ ...one, token: one.token === STOPPED ? null : one.token })),
    },
  };
}

/**
 * An audit of texts as text: the verdict, what would have been seen after the most visited prefixes, and after an alarm
 * the prefix that shows most.
 */
export function printTextAudit(report: TextAuditReport, pieceOf: (token: number) => string | null): void {
  const { texts, max_tokens, false_alarm, unjudged } = report;
  const write = (text: string): void => print(`${text}\n`);
  write(
    `${texts} texts of at most ${max_tokens} tokens; a correct engine raises an alarm with probability at most ${false_alarm}, however long it runs.`,
  );
  write(verdict(report));
  if (unjudged > 0) write(`${unjudged} texts could be judged only in part.`);
  if (report.alarm) printWorst(report, pieceOf);
  printTable(
    ['after the tokens', 'texts', 'observed', 'detectable'],
    report.prefixes
      .slice(0, ROWS)
      .map((row) => [
        row.prefix.length === 0 ? 'none' : row.prefix.join(' '),
        `${row.visits}`,
        row.total_variation.toPrecision(3),
        row.smallest_visible_total_variation < 1 ? row.smallest_visible_total_variation.toPrecision(3) : 'nothing yet',
      ]),
    [1, 2, 3],
  );
  write('Observed and detectable: total variation of the next token from the distribution that it must have.');
}

function verdict({ alarm, first_alarm_text, log_e_value }: TextAuditReport): string {
  const evidence = typeof log_e_value === 'number' ? `e^${log_e_value.toFixed(1)}` : 'infinite';
  if (!alarm) return `No departure from the target distribution detected (evidence ${evidence}).`;
  const where = first_alarm_text === null ? '' : ` in text ${first_alarm_text}`;
  return `ALARM${where}: the texts do not follow the target distribution (evidence ${evidence}).`;
}

function printWorst({ worst_prefix: worst }: TextAuditReport, pieceOf: (token: number) => string | null): void {
  const where = worst.prefix.length === 0 ? 'At the start of a text' : `After the tokens ${worst.prefix.join(', ')}`;
  print(`${where} (${worst.visits} times):\n`);
  const shown = (token: number | null): string => {
    if (token === null) return 'end of the text';
    const piece = pieceOf(token);
    return piece === null ? `${token}` : `${token} ${JSON.stringify(piece)}`;
  };
  printTable(
    ['next token', 'expected', 'observed'],
    worst.tokens
      .slice(0, ROWS)
      .map(({ token, expected, observed }) => [shown(token), expected.toPrecision(3), observed.toPrecision(3)]),
    [1, 2],
  );
}
