import { Budget } from '../../../src/patterns/budget.ts';
import { parsePython } from '../../../src/patterns/python.ts';
import { fullMatcher } from '../../../src/patterns/whole-match.ts';
import type { Calls } from './calls.ts';

export const patterns: Calls = {
  'patterns/budget Budget.spend': { WorkLimitError: () => new Budget('work', 1).spend(2) },
  'patterns/python parsePython': {
    FormatError: () => parsePython('pattern', '('),
    UnsupportedError: () => parsePython('pattern', '(a)\\1'),
  },
  'patterns/whole-match fullMatcher': {
    FormatError: () => fullMatcher('pattern', '('),
    UnsupportedError: () => fullMatcher('pattern', '(a)\\1'),
    WorkLimitError: () => fullMatcher('pattern', 'a*', new Budget('work', 1))('aaaaaaaa'),
  },
};
