/**
 * Exact laws: branches per second in float64 and in rationals, the certificate at two sizes, and the memory that it
 * takes.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { enumerate } from '../../src/chance/enumerate.ts';
import { printTable } from '../../src/cli/table.ts';
import { certify } from '../../src/law/certificate.ts';
import { roundLaw, textVariation } from '../../src/law/enumeration.ts';
import { EXACT, ROUNDED } from '../../src/law/numbers.ts';
import type { Problem } from '../../src/law/problem.ts';
import { problemFrom } from '../../src/law/problem-input.ts';
import { roundProgram } from '../../src/law/round-program.ts';
import { schemeFor } from '../../src/law/scheme.ts';
import { estimateWork } from '../../src/law/work-estimate.ts';
import { float64, rational } from '../../src/numerics/arithmetic.ts';
import type { Rule } from '../../src/verify/rule.ts';
import { ruleNamed } from '../../src/verify/rules.ts';
import { time } from './timing.ts';

const RULES = ['rejection', 'match', 'gumbel', 'block', 'traversal'];

/** A chain of K tokens of V, with other laws after every prefix. */
function chainProblem(vocabulary: number, length: number): Problem {
  let state = 1;
  const law = (): string[] => {
    const weights = Array.from({ length: vocabulary }, () => {
      state = (state * 48271) % 2147483647;
      return 1 + (state % 20);
    });
    const total = weights.reduce((a, b) => a + b);
    return weights.map((weight) => `${weight}/${total}`);
  };
  const laws = (): { after: Record<string, string[]> } => {
    const after: Record<string, string[]> = {};
    let level: number[][] = [[]];
    for (let depth = 0; depth <= length; depth++) {
      for (const prefix of level) after[prefix.join(' ')] = law();
      level = level.flatMap((prefix) => Array.from({ length: vocabulary }, (_, token) => [...prefix, token]));
    }
    return { after };
  };
  return problemFrom({ vocabulary, target: laws(), draft: laws(), shape: { chain: length } });
}

/** Prints the table. The certificate includes the enumeration, every identity and the total variation of texts. */
export function benchLaw(): void {
  const rows = [
    [4, 3],
    [5, 4],
  ].flatMap(([vocabulary, length]) => {
    const problem = chainProblem(vocabulary!, length!);
    return RULES.map((name) => [`V=${vocabulary} K=${length}`, name, ...measured(problem, name)]);
  });
  process.stdout.write('\nExact laws: every branch of one round, laws that differ after every prefix\n');
  const head = [
    ...['problem', 'rule', 'branches', 'estimate / true', 'float64 /s', 'rational /s', 'µs/operation'],
    ...['certificate s', 'live KiB'],
  ];
  printTable(head, rows, [2, 3, 4, 5, 6, 7, 8]);
}

function measured(problem: Problem, name: string): string[] {
  const rule = ruleNamed(name);
  const { branches } = roundLaw(schemeFor(problem, rule, EXACT), rational);
  // A round of a few milliseconds is over before it is compiled: it is measured warm.
  const calls = branches < 1000 ? { runs: 15, warmup: 30 } : { runs: 5, warmup: 1 };
  const seconds = (work: () => void): number => time(work, calls).median / 1000;
  const rounded = seconds(() => roundLaw(schemeFor(problem, rule, ROUNDED), float64));
  const exact = seconds(() => roundLaw(schemeFor(problem, rule, EXACT), rational));
  const whole = seconds(() => {
    const law = roundLaw(schemeFor(problem, rule, EXACT), rational);
    const certificate = certify(law, problem.target);
    if (!certificate.holds || !textVariation(law, problem.target).equals(0)) throw new Error(`${name} is not lossless`);
  });
  const perSecond = (time: number): string => Math.round(branches / time).toLocaleString('en-US');
  const estimate = estimateWork(schemeFor(problem, rule, EXACT));
  const live = liveMemory(problem, rule, branches);
  const ofTruth = `${(estimate.branches / branches).toFixed(2)}`;
  const perOperation = `${((exact * 1e6) / estimate.operations).toFixed(2)}`;
  const count = branches.toLocaleString('en-US');
  return [count, ofTruth, perSecond(rounded), perSecond(exact), perOperation, whole.toFixed(2), live];
}

/**
 * The most that enumeration holds, in KiB: what is alive after a garbage collection at ten points on its way, above its
 * start.
 */
function liveMemory(problem: Problem, rule: Rule, branches: number): string {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const alive = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const start = alive();
  let [seen, most] = [0, 0];
  for (const _ of enumerate(rational, roundProgram(schemeFor(problem, rule, EXACT), rational))) {
    seen += 1;
    if (seen % Math.ceil(branches / 10) === 0) most = Math.max(most, alive() - start);
  }
  return (most / 1024).toFixed(0);
}
