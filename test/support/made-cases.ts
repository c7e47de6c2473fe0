/** Cases of no suite, with outcomes and explanations as they are wanted, for reports. */
import type { ConformCase, Explanation, JudgedCase, Outcome } from '../../src/oracle/conformance/conform-case.ts';
import type { Hello } from '../../src/oracle/conformance/protocol.ts';

export interface MadeCase {
  readonly suite?: string;
  readonly part?: string;
  readonly flags?: readonly string[];
  readonly outcome: Outcome;
  readonly fits?: readonly Explanation[];
}

export const someEngine: Hello = { name: 'some engine', version: '1.0', dtype: 'float32', operations: ['accept'] };

/** The cases, judged; `case-3` is the third. */
export function judgedCases(made: readonly MadeCase[]): JudgedCase[] {
  return made.map(({ suite = 'rounds', part = 'rejection', flags = [], outcome, fits = [] }, i) => {
    const id = `case-${i + 1}`;
    const test: ConformCase = { suite, part, id, flags, judge: async () => outcome, explain: () => fits };
    return { test, outcome };
  });
}

/** What an engine may send to break out of a page, a terminal or a file. */
export const HOSTILE_TEXTS: readonly string[] = [
  '</style></title><script>alert(1)</script>',
  `" onload="alert(1)' onload='alert(1)`,
  '<!--<![CDATA[]]>-->&lt;&#0;',
  '\u0000\u001b[2J\u202e\ud800\ufffe\uffff\u2028\r\n',
  '{{alert(1)}} ../../../../etc/passwd',
  `<img src=x onerror=alert(1)>${'x'.repeat(8 * 2 ** 20)}`,
];
