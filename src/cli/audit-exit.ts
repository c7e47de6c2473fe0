import type { Audit } from '../law/audit/audit.ts';
import type { UnexpectedCode } from './unexpected-result.ts';

/** The bits of `audit`'s exit code, one per test that raised an alarm. 2 is left to wrong input. */
const BITS = { text: 1, drafts: 4, acceptance: 8 } as const;

/** The tests of an audit; drafts and acceptance may not have been judged. */
export interface Alarms {
  readonly tokens: Pick<Audit['tokens'], 'firstAlarm'>;
  readonly drafts: Pick<Audit['tokens'], 'firstAlarm'> | null;
  readonly rounds?: Pick<Audit['rounds'], 'firstAlarm'>;
}

/**
 * What `audit` exits with: 0 without an alarm, otherwise the sum of 1 (the text has another law), 4 (the drafts have)
 * and 8 (the rule decides otherwise). A lossless engine of another rule or drafter exits with an even number.
 */
export function auditExitCode({ tokens, drafts, rounds }: Alarms): 0 | UnexpectedCode {
  const bit = (test: Alarms['drafts'] | undefined, value: number): number =>
    test === null || test === undefined || test.firstAlarm === null ? 0 : value;
  const sum = bit(tokens, BITS.text) + bit(drafts, BITS.drafts) + bit(rounds, BITS.acceptance);
  return sum as 0 | UnexpectedCode;
}
