/** Exact laws: branches per second in float64 and in rationals, the certificate at two sizes, and the memory that it takes. */
import { printTable } from '../../src/cli/output.ts';
import { certify } from '../../src/law/certificate.ts';
import { roundLaw, textVariation } from '../../src/law/enumeration.ts';
import { EXACT, engineFor, ROUNDED } from '../../src/law/experiment.ts';
import { type Problem, problemFrom } from '../../src/law/problem.ts';
import { float64, rational } from '../../src/numerics/arithmetic.ts';
import { ruleNamed } from '../../src/verify/rules.ts';

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
  const head = ['problem', 'rule', 'branches', 'float64 /s', 'rational /s', 'certificate s', 'heap MB'];
  printTable(head, rows, [2, 3, 4, 5, 6]);
}

function measured(problem: Problem, name: string): string[] {
  const rule = ruleNamed(name);
  const seconds = (work: () => void): number => {
    const start = performance.now();
    work();
    return (performance.now() - start) / 1000;
  };
  roundLaw(engineFor(problem, rule, ROUNDED), float64); // warm
  const rounded = seconds(() => roundLaw(engineFor(problem, rule, ROUNDED), float64));
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  let branches = 0;
  let heap = 0;
  const exact = seconds(() => {
    const law = roundLaw(engineFor(problem, rule, EXACT), rational);
    branches = law.branches;
  });
  const whole = seconds(() => {
    const law = roundLaw(engineFor(problem, rule, EXACT), rational);
    const certificate = certify(law, problem.target);
    if (!certificate.holds || !textVariation(law, problem.target).equals(0)) throw new Error(`${name} is not lossless`);
    heap = process.memoryUsage().heapUsed - before;
  });
  const perSecond = (time: number): string => Math.round(branches / time).toLocaleString('en-US');
  const megabytes = Math.max(0, heap / 1e6).toFixed(0);
  return [branches.toLocaleString('en-US'), perSecond(rounded), perSecond(exact), whole.toFixed(2), megabytes];
}
