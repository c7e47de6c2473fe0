import fc from 'fast-check';
import { exactReport } from '../../../src/law/exact-report.ts';
import { FAULTS } from '../../../src/law/faults/faults.ts';
import { problemFrom } from '../../../src/law/problem-input.ts';
import { RULES } from '../../../src/verify/rules.ts';
import { change, mutated } from '../../support/damage.ts';
import { hold, mayRefuse, type Surface } from '../surface.ts';

interface Case {
  readonly problem: unknown;
  readonly rule: string;
  readonly fault: string | null;
}

/** A law over V tokens as fractions of one denominator, sometimes a long one. */
const law = (vocabulary: number): fc.Arbitrary<string[]> =>
  fc
    .tuple(
      fc.array(fc.nat(9), { minLength: vocabulary, maxLength: vocabulary }).filter((law) => law.some((w) => w > 0)),
      fc.constantFrom(1n, 1n, 7n, 10n ** 30n + 57n),
    )
    .map(([weights, factor]) => {
      const total = BigInt(weights.reduce((a, b) => a + b, 0)) * factor;
      return weights.map((weight) => `${BigInt(weight) * factor}/${total}`);
    });

const problem = fc
  .record({
    vocabulary: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 1, max: 5 }) },
      { weight: 1, arbitrary: fc.integer({ min: 6, max: 200 }) },
    ),
    shape: fc.oneof(
      fc.nat(4).map((chain) => ({ chain })),
      fc.constantFrom(9, 40, 4096).map((chain) => ({ chain })),
      fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 }).map((children) => ({ children })),
      fc.array(fc.integer({ min: -1, max: 4 }), { maxLength: 5 }).map((parents) => ({ parents })),
    ),
    drawn: fc.constantFrom('independent', 'without-replacement', 'top'),
  })
  .chain(({ vocabulary, shape, drawn }) =>
    fc
      .record({ target: law(vocabulary), draft: law(vocabulary) })
      .map((laws) => ({ vocabulary, shape, drawn, ...laws })),
  );

/** Problems of all sizes, also broken ones, for every rule and fault: judged in time or refused by name. */
export const laws: Surface<Case> = {
  name: 'laws',
  longest: 90_000,
  cases: fc.record({
    problem: fc.oneof(
      { weight: 3, arbitrary: problem as fc.Arbitrary<unknown> },
      { weight: 1, arbitrary: fc.tuple(problem, change).map(([whole, one]) => mutated(whole, one)) },
    ),
    rule: fc.constantFrom(...RULES.keys()),
    fault: fc.option(fc.constantFrom(...FAULTS.keys()), { freq: 4 }),
  }),
  run({ problem: input, rule, fault }) {
    return mayRefuse(() => {
      const report = exactReport(problemFrom(input), RULES.get(rule)!, fault === null ? null : FAULTS.get(fault)!);
      hold(fault !== null || report.asClaimed, `${rule} is not as claimed`);
    });
  },
};
