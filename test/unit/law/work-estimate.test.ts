/** The estimate of work against the true number of branches, and the problems that once took minutes to hours. */
import { describe, expect, it } from 'vitest';
import { ShapeError, WorkLimitError } from '../../../src/errors.ts';
import { audit } from '../../../src/law/audit/audit-of.ts';
import { roundLaw } from '../../../src/law/enumeration.ts';
import { exactReport } from '../../../src/law/exact-report.ts';
import { FAULTS, faultNeeds, faultyScheme } from '../../../src/law/faults/faults.ts';
import { EXACT } from '../../../src/law/numbers.ts';
import { type LawInput, type LawsInput, type ProblemInput, problemFrom } from '../../../src/law/problem-input.ts';
import { schemeFor } from '../../../src/law/scheme.ts';
import type { Progress } from '../../../src/law/work.ts';
import { estimateWork } from '../../../src/law/work-estimate.ts';
import { rational } from '../../../src/numerics/arithmetic.ts';
import { RULES, ruleNamed, takesSiblings } from '../../../src/verify/rules.ts';
import { integersFrom } from '../../support/drafters.ts';

const SHAPES: readonly Pick<ProblemInput, 'shape' | 'drawn'>[] = [
  ...[1, 2, 3, 4].map((chain) => ({ shape: { chain } })),
  ...(['independent', 'without-replacement', 'top'] as const).flatMap((drawn) => [
    { shape: { children: [2] }, drawn },
    { shape: { children: [2, 1] }, drawn },
    { shape: { parents: [-1, -1, 0] }, drawn },
  ]),
];

/** Laws by prefix from a seed, with tokens of probability zero here and there. */
function randomProblem(seed: number): ProblemInput {
  const integer = integersFrom(seed);
  const { shape, drawn } = SHAPES[integer(SHAPES.length)]!;
  const vocabulary = 2 + integer(4);
  const law = (): LawInput => {
    const weights = Array.from({ length: vocabulary }, () => Math.max(0, integer(8) - 1));
    weights[integer(vocabulary)]! += 1;
    const total = weights.reduce((a, b) => a + b);
    return weights.map((weight) => `${weight}/${total}`);
  };
  const laws = (): LawsInput => ({
    default: law(),
    after: Object.fromEntries(Array.from({ length: vocabulary }, (_, token) => [`${token}`, law()])),
  });
  return { vocabulary, target: laws(), draft: laws(), shape, drawn };
}

describe('the estimate of branches', () => {
  it('is within a factor of two of the truth, for every rule on random problems and for faults', () => {
    const wrong: string[] = [];
    const rules = new Set<string>();
    let compared = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const problem = problemFrom(randomProblem(seed));
      const chain = problem.parents.every((parent, node) => parent === node - 1);
      for (const rule of RULES.values()) {
        if (!chain && !takesSiblings(rule, problem.drawn)) continue;
        // A fault may pass on laws that optimal transport cannot plan for.
        const faults = [...FAULTS.values()].filter((fault) => faultNeeds(fault, rule, problem) === null);
        const fault = rule.name === 'optimal-transport' ? undefined : faults[seed % Math.max(1, faults.length)];
        const faulty = fault === undefined ? [] : [faultyScheme(problem, rule, fault)];
        for (const scheme of [schemeFor(problem, rule, EXACT), ...faulty]) {
          const estimated = estimateWork(scheme, { drafts: 64 });
          if (estimated.operations > 40_000) continue;
          const { branches } = roundLaw(scheme, rational);
          const ratio = estimated.branches / branches;
          if (ratio < 0.5 || ratio > 2) wrong.push(`${rule.name}, seed ${seed}: ${ratio} of ${branches}`);
          rules.add(rule.name);
          compared += 1;
        }
      }
    }
    expect(wrong).toEqual([]);
    expect([...rules].sort()).toEqual([...RULES.keys()].sort());
    expect(compared).toBeGreaterThan(100);
  });

  it('is exact where all drafts are alike: (K (V - 1) + V) V^K for sample-and-match', () => {
    const even = ['1/4', '1/4', '1/4', '1/4'];
    const problem = problemFrom({ vocabulary: 4, target: even, draft: even, shape: { chain: 20 } });
    const { branches } = estimateWork(schemeFor(problem, ruleNamed('match'), EXACT), { budget: Number.MAX_VALUE });
    expect(branches).toBe((20 * 3 + 4) * 4 ** 20);
  });

  it('counts long fractions for what they cost', () => {
    const digits = 10n ** 400n;
    const long = [`${digits / 3n}/${digits}`, `${digits - digits / 3n}/${digits}`];
    const [short, costly] = [['1/3', '2/3'], long].map((law) =>
      estimateWork(schemeFor(problemFrom({ vocabulary: 2, target: law, draft: law }), ruleNamed('rejection'), EXACT)),
    );
    expect(costly!.branches).toBe(short!.branches);
    expect(costly!.operations).toBeGreaterThan(100 * short!.operations);
  });
});

describe('refused by name, at once', () => {
  const even = (size: number): LawInput => new Array<string>(size).fill(`1/${size}`);
  const problem = (vocabulary: number, more: Partial<ProblemInput>): ProblemInput => ({
    vocabulary,
    target: even(vocabulary),
    draft: even(vocabulary),
    ...more,
  });
  const chainOf = (length: number) => ({ parents: Array.from({ length }, (_, node) => node - 1) });
  it.each<[string, ProblemInput, string]>([
    ['a chain of 13', problem(3, { shape: { chain: 13 } }), 'match'],
    ['the best plan for three siblings of 12', problem(12, { shape: { children: [3] } }), 'optimal-transport'],
    ['a chain of 1024', problem(2, { shape: chainOf(1024) }), 'match'],
    ['a computed chain of 1024 of 9', problem(9, { shape: chainOf(1024), drawn: 'top' }), 'match'],
  ])('%s', (_, input, rule) => {
    const start = performance.now();
    expect(() => exactReport(problemFrom(input), ruleNamed(rule))).toThrow(WorkLimitError);
    expect(() => audit(problemFrom(input), ruleNamed(rule))).toThrow(WorkLimitError);
    expect(performance.now() - start).toBeLessThan(30_000);
  });

  it('an audit of five tokens of 60, with the estimate, the budget and what to make smaller', () => {
    const large = problemFrom(problem(60, { shape: { chain: 5 } }));
    expect(() => audit(large, ruleNamed('rejection'))).toThrow(
      /audit of rule rejection: expected at most 1\.0e\+8 operations.*got an estimated .* a smaller vocabulary than 60, fewer drafted tokens than 5/,
    );
  });

  it('a chain of 4096, for its depth', () => {
    const deep = new ShapeError('shape', 'branches of at most 1024 tokens', '4096');
    expect(() => problemFrom(problem(2, { shape: chainOf(4096) }))).toThrow(deep);
  });

  it('but what is allowed', () => {
    const small = problemFrom(problem(3, { shape: { chain: 2 } }));
    expect(() => exactReport(small, ruleNamed('match'), null, { budget: 100 })).toThrow(WorkLimitError);
    expect(exactReport(small, ruleNamed('match'), null, { budget: 1e5 }).law.branches).toBe(63);
  });
});

describe('done at once, where it once took hours', () => {
  it('a hundred thousand tokens, nothing drafted', () => {
    const law = new Array<string>(100_000).fill('1/100000');
    const problem = problemFrom({ vocabulary: 100_000, target: law, draft: law, shape: { chain: 0 } });
    const seen: Progress[] = [];
    const { asClaimed } = exactReport(problem, ruleNamed('match'), null, {
      onProgress: (progress) => seen.push(progress),
    });
    expect(asClaimed).toBe(true);
    expect(seen.at(-1)).toEqual({ done: 100_000, estimated: 100_000 });
    expect(seen.length).toBe(100);
  });

  it('a chain of 1024 that can go one way only: no stack overflows', () => {
    const parents = Array.from({ length: 1024 }, (_, i) => i - 1);
    const problem = problemFrom({ vocabulary: 1, target: [1], draft: [1], shape: { parents } });
    for (const name of ['match', 'rejection', 'block', 'traversal', 'typical']) {
      expect(exactReport(problem, ruleNamed(name)).law.branches).toBe(1);
    }
  });
});
