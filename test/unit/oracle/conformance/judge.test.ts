/** The judge on engines in this process: what it calls a failure, and what it says explains it. */
import { describe, expect, it } from 'vitest';
import { indexAt } from '../../../../src/chance/inverse-cdf.ts';
import { FAULTS } from '../../../../src/law/faults/faults.ts';
import { conformanceReport, silentReport } from '../../../../src/oracle/conformance/conformance-report.ts';
import type { Engine, Reply } from '../../../../src/oracle/conformance/engine.ts';
import { greet, judge, MOST_BROKEN } from '../../../../src/oracle/conformance/judge.ts';
import { readReport } from '../../../../src/oracle/conformance/read-report.ts';
import { type ConformanceReport, failuresOf } from '../../../../src/oracle/conformance/report.ts';
import { reportText } from '../../../../src/oracle/conformance/report-text.ts';
import { casesOf as casesIn } from '../../../../src/oracle/conformance/suites/suites.ts';
import type { RoundInputs } from '../../../../src/oracle/vectors/rounds/played-round.ts';
import { RULES } from '../../../../src/verify/rules.ts';
import { committed, engineThat, ownEngine } from '../../../support/own-engines.ts';

const casesOf = (...rules: string[]) =>
  casesIn(
    committed,
    rules.map((rule) => `rounds/${rule}`),
  );

async function reportOn(engine: Engine, ...rules: string[]): Promise<ConformanceReport> {
  const run = { judge: 'test', cases: casesOf(...rules) };
  const hello = await greet(engine);
  if (typeof hello === 'string') return asRead(silentReport(hello, run));
  const judged = [];
  for await (const each of judge(engine, run.cases, hello.dtype)) judged.push(each);
  return asRead(conformanceReport(hello, run, judged));
}

/** A report as its readers get it. It fits its schema, and agrees with itself. */
function asRead(report: ConformanceReport): ConformanceReport {
  return readReport(JSON.parse(reportText(report)), 'report');
}

describe('a correct engine', () => {
  it('passes every case of every rule', async () => {
    const report = await reportOn(ownEngine(), ...RULES.keys());
    const { verdict, counts } = report;
    expect([verdict, failuresOf(report)]).toEqual(['PASS', []]);
    expect(counts.pass + counts['near tie']).toBe(casesOf(...RULES.keys()).length);
  });

  it('may support one rule only; with none of them nothing is decided', async () => {
    const emit = (): number[] => [0];
    const other = await reportOn(engineThat('rejection', emit), 'match');
    expect([other.verdict, other.parts]).toEqual(['UNDECIDED', []]);
    expect(other.counts.unsupported).toBe(casesOf('match').length);
  });
});

describe('the kill matrix: every fault that can be seen in a round is caught and named', () => {
  const HIDDEN = ['greedy-draft', 'raw-draft-law', 'rounded-draft-law', 'shared-noise'];

  it.each([...FAULTS.values()].filter(({ name }) => !HIDDEN.includes(name)))('$name', async ({ name, rules }) => {
    const report = await reportOn(ownEngine(name), ...rules);
    expect(report.verdict).toBe('ALARM');
    const caught = report.parts.filter(({ failed }) => failed > 0);
    expect(caught.length).toBeGreaterThan(0);
    for (const { explanations } of caught) expect(explanations[0]).toEqual({ kind: 'fault', name });
    for (const { flags } of failuresOf(report)) expect(flags).toContain(name);
  });
});

/** Rejection sampling, rebuilt from parts that can be wrong. */
interface Parts {
  readonly coin: (u: number, p: number, q: number) => boolean;
  readonly rest: (p: number, q: number) => number;
  readonly bonus: (inputs: RoundInputs) => ArrayLike<number>;
}
const CORRECT: Parts = {
  coin: (u, p, q) => u * q < p,
  rest: (p, q) => Math.max(p - q, 0),
  bonus: ({ target }) => target.at(-1)!,
};
const rejectionWith =
  (parts: Partial<Parts>) =>
  (inputs: RoundInputs): number[] => {
    const { coin, rest, bonus } = { ...CORRECT, ...parts };
    const { tokens, target, draft, uniforms } = inputs;
    for (const [i, x] of tokens.entries()) {
      const [p, q] = [target[i]!, draft[i]!];
      if (coin(uniforms.accept[i]![0]!, p[x]!, q[x]!)) continue;
      const weights = Array.from(p, (each, y) => rest(each, q[y]!));
      const possible = weights.some((weight) => weight > 0) ? weights : p;
      return [...tokens.slice(0, i), indexAt(uniforms.residual[i]![0]!, possible)];
    }
    return [...tokens, indexAt(uniforms.target[tokens.length]![0]!, bonus(inputs))];
  };

describe('an engine with a fault outside the catalogue', () => {
  it('rebuilt without a fault, it passes', async () => {
    expect((await reportOn(engineThat('rejection', rejectionWith({})), 'rejection')).verdict).toBe('PASS');
  });

  const FAULTY: readonly [string, Partial<Parts>][] = [
    ['accepts by the square of p/q', { coin: (u, p, q) => u < (p / q) ** 2 }],
    ['accepts by the root of p/q', { coin: (u, p, q) => u < Math.sqrt(p / q) }],
    ['accepts by p', { coin: (u, p) => u < p }],
    ['accepts by q', { coin: (u, _, q) => u < q }],
    ['accepts by 1 - p/q', { coin: (u, p, q) => u >= p / q }],
    ['compares 1 - u', { coin: (u, p, q) => (1 - u) * q < p }],
    ['accepts when p > q only', { coin: (_, p, q) => p > q }],
    ['accepts when p is at least a half', { coin: (_, p) => p >= 0.5 }],
    ['accepts a quarter more', { coin: (u, p, q) => u * q < 1.25 * p }],
    ['accepts a quarter less', { coin: (u, p, q) => u * q < 0.75 * p }],
    ['never accepts', { coin: () => false }],
    ['corrects from q', { rest: (_, q) => q }],
    ['corrects from |p - q|', { rest: (p, q) => Math.abs(p - q) }],
    ['corrects from q - p', { rest: (p, q) => Math.max(q - p, 0) }],
    ['corrects from p - q/2', { rest: (p, q) => Math.max(p - q / 2, 0) }],
    ['corrects from max(p, q)', { rest: (p, q) => Math.max(p, q) }],
    ['corrects from the square', { rest: (p, q) => Math.max(p - q, 0) ** 2 }],
    ['corrects evenly', { rest: (p, q) => (p > q ? 1 : 0) }],
    ['draws the bonus from q', { bonus: ({ draft }) => draft.at(-1)! }],
    ['draws the bonus from the first row', { bonus: ({ target }) => target[0]! }],
  ];

  it('is caught every time, and named wrongly never', async () => {
    const named: string[] = [];
    for (const [what, parts] of FAULTY) {
      const report = await reportOn(engineThat('rejection', rejectionWith(parts)), 'rejection');
      expect([what, report.verdict]).toEqual([what, 'ALARM']);
      for (const { explanations } of report.parts) named.push(...explanations.map(({ name }) => `${what}: ${name}`));
    }
    expect(named).toEqual([]);
  });

  it('that follows another rule is told so', async () => {
    const match = ({ tokens, target, uniforms }: RoundInputs): number[] => {
      const emitted: number[] = [];
      for (let i = 0; i <= tokens.length; i++) {
        const token = indexAt(uniforms.target[i]![0]!, target[i]!);
        emitted.push(token);
        if (token !== tokens[i]) break;
      }
      return emitted;
    };
    const { parts } = await reportOn(engineThat('rejection', match), 'rejection');
    expect(parts[0]!.explanations).toEqual([{ kind: 'rule', name: 'match' }]);
  });
});

describe('an engine that does not answer', () => {
  const dead: Reply = { kind: 'died', how: 'ended with exit code 1', stderr: 'no memory' };

  it('to hello: nothing is asked', async () => {
    const silent = { ask: async () => dead, close: async () => undefined };
    const report = await reportOn(silent, 'rejection');
    expect([report.verdict, report.engine]).toEqual(['ALARM', null]);
    expect(report.problems).toEqual(['it ended with exit code 1: no memory']);
    const nameless = {
      ask: async () => ({ kind: 'answer', answer: { id: 0, outputs: {} } }) as const,
      close: async () => undefined,
    };
    expect((await reportOn(nameless, 'rejection')).problems[0]).toContain('outputs of hello: name');
  });

  it(`to rounds: after ${MOST_BROKEN} in a row nothing more is asked`, async () => {
    const own = ownEngine();
    let asked = 0;
    const dying: Engine = {
      ask: async (request) => {
        asked += 1;
        return request.op === 'hello' ? own.ask(request) : dead;
      },
      close: async () => undefined,
    };
    const report = await reportOn(dying, 'rejection');
    expect([report.verdict, report.counts.broken, asked]).toEqual(['ALARM', MOST_BROKEN, MOST_BROKEN + 1]);
    expect(report.counts['not asked']).toBe(casesOf('rejection').length - MOST_BROKEN);
    expect(report.parts).toEqual([]);
  });

  it('with a list of tokens, or with an error', async () => {
    const own = ownEngine();
    const wordy: Engine = {
      ask: async (request) =>
        request.op === 'hello'
          ? own.ask(request)
          : request.id % 2 === 0
            ? { kind: 'answer', answer: { id: request.id, error: 'oh' } }
            : { kind: 'answer', answer: { id: request.id, outputs: { emitted: 'one' } } },
      close: async () => undefined,
    };
    const report = await reportOn(wordy, 'rejection');
    const [{ verdict, counts }, failures] = [report, failuresOf(report)];
    expect(verdict).toBe('ALARM');
    expect(counts.error + counts.broken).toBe(failures.length);
    expect(failures[0]!.outcome).toEqual({
      kind: 'broken',
      problem: expect.stringContaining('outputs of accept: emitted'),
    });
  });
});
