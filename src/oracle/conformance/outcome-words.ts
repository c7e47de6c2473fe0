import type { ReportedCase } from './report.ts';

/** What came of a case, in words; several lines where there is an expected value. */
export function outcomeWords(outcome: ReportedCase['outcome']): string {
  switch (outcome.kind) {
    case 'fail':
      return `expected ${outcome.expected}\ngot ${outcome.got}`;
    case 'near tie':
      return `near tie: got ${outcome.got}`;
    case 'undecided':
      return `undecided: ${outcome.reason}`;
    case 'unsupported':
      return `unsupported: ${outcome.reason}`;
    case 'error':
      return `error: ${outcome.message}`;
    case 'broken':
      return outcome.problem;
    case 'not asked':
      return 'not asked';
    case 'pass':
      return 'pass';
  }
}
