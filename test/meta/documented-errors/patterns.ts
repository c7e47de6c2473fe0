import { Budget } from '../../../src/patterns/budget.ts';
import { Machine } from '../../../src/patterns/machine.ts';
import { parseOniguruma } from '../../../src/patterns/oniguruma.ts';
import { compile } from '../../../src/patterns/program.ts';
import { parsePython } from '../../../src/patterns/python.ts';
import { type Finder, finder } from '../../../src/patterns/search.ts';
import { fullMatcher } from '../../../src/patterns/whole-match.ts';
import type { Calls } from './calls.ts';

const varying = (): unknown => compile('pattern', parseOniguruma('pattern', '(?<=a*)b'));
const search = (find: Finder) => find('aaaaaaaa', new Budget('work', 1));

export const patterns: Calls = {
  'patterns/budget Budget.spend': { WorkLimitError: () => new Budget('work', 1).spend(2) },
  'patterns/machine Machine.matchFrom': {
    WorkLimitError: () => {
      const program = compile('pattern', parseOniguruma('pattern', '(?:a|b)*'));
      new Machine(program, new Int32Array(2000).fill(97), new Budget('work', 1)).matchFrom(0);
    },
  },
  'patterns/oniguruma parseOniguruma': {
    FormatError: () => parseOniguruma('pattern', '('),
    UnsupportedError: () => parseOniguruma('pattern', '(a)\\1'),
  },
  'patterns/program compile': { UnsupportedError: varying },
  'patterns/search Finder': { WorkLimitError: () => search(finder('pattern', '(?:a|b)*')) },
  'patterns/search finder': {
    FormatError: () => finder('pattern', '('),
    UnsupportedError: () => finder('pattern', '(a)\\1'),
  },
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
