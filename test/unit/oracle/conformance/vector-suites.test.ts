/** The judge on laws and draws: what it calls a failure, and what it says explains it. */
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../../src/oracle/conformance/engine.ts';
import { judge } from '../../../../src/oracle/conformance/judge.ts';
import { partVerdicts } from '../../../../src/oracle/conformance/part-verdict.ts';
import type { Request } from '../../../../src/oracle/conformance/protocol.ts';
import { casesOf } from '../../../../src/oracle/conformance/suites/suites.ts';
import { INVERSE_CDF_FAULTS, RACE_FAULTS } from '../../../../src/oracle/vectors/draws/draw-faults.ts';
import { LAW_FAULTS } from '../../../../src/oracle/vectors/processors/faults/index.ts';
import { processedLaw } from '../../../../src/oracle/vectors/processors/law-inputs.ts';
import { readLawInputs } from '../../../../src/oracle/vectors/processors/law-vectors.ts';
import { committed, ownEngine } from '../../../support/own-engines.ts';

async function judged(engine: Engine, ...suites: string[]) {
  const cases = [];
  for await (const each of judge(engine, casesOf(committed, suites), 'float64')) cases.push(each);
  return cases;
}

/** An engine that answers requests for laws like this. */
const lawsBy = (answer: (request: Request & { op: 'law' }) => object): Engine => ({
  ask: async (request) => ({
    kind: 'answer',
    answer: JSON.parse(JSON.stringify({ id: request.id, ...answer(request as Request & { op: 'law' }) })),
  }),
  close: async () => undefined,
});

it('a correct engine passes every law and every draw', async () => {
  const cases = await judged(ownEngine(), 'processors', 'draws');
  expect(cases.length).toBeGreaterThan(600);
  expect(cases.filter(({ outcome }) => outcome.kind !== 'pass')).toEqual([]);
});

it('an engine in float32 passes every law', async () => {
  const engine = lawsBy(({ inputs, vocabulary }) => {
    const read = readLawInputs('inputs', vocabulary, inputs);
    // rounded logits and a rounded law, in the dtype of the engine
    const law = Float32Array.from(processedLaw({ ...read, logits: read.logits.map(Math.fround) }));
    const hex = Buffer.from(law.buffer).toString('hex');
    return { outputs: { law: { dtype: 'F32', shape: [1, vocabulary], hex } } };
  });
  expect((await judged(engine, 'processors')).filter(({ outcome }) => outcome.kind !== 'pass')).toEqual([]);
});

describe('the kill matrix of laws and draws: every fault is caught and named', () => {
  it.each([...LAW_FAULTS.keys()])('%s', async (name) => {
    const parts = partVerdicts(await judged(ownEngine(name), 'processors')).filter(({ failed }) => failed > 0);
    expect(parts.length).toBeGreaterThan(0);
    for (const { explanations } of parts) expect(explanations.map((each) => each.name)).toContain(name);
  });

  it.each([...new Set([...INVERSE_CDF_FAULTS, ...RACE_FAULTS].map(({ name }) => name))])('%s', async (name) => {
    const parts = partVerdicts(await judged(ownEngine(name), 'draws')).filter(({ failed }) => failed > 0);
    expect(parts.length).toBeGreaterThan(0);
    for (const { explanations } of parts) expect(explanations).toEqual([{ kind: 'fault', name }]);
  });
});

it('a law of another length, with too few digits, or of NaN is not a law', async () => {
  const answers: [object, string][] = [
    [{ dtype: 'F64', shape: [1, 1], hex: '0'.repeat(16) }, 'broken'],
    [{ dtype: 'F32', shape: [1, 8], hex: '0'.repeat(16) }, 'broken'],
    [{ dtype: 'F64', shape: [1, 8], hex: '000000000000f87f'.repeat(8) }, 'fail'],
  ];
  for (const [law, kind] of answers) {
    const [first] = await judged(
      lawsBy(() => ({ outputs: { law } })),
      'processors/top-k',
    );
    expect(first!.outcome.kind).toBe(kind);
  }
});

it('settings that an engine does not have cost it those cases only', async () => {
  const own = ownEngine();
  const engine = lawsBy(({ inputs }) =>
    'typical_p' in inputs.settings ? { unsupported: true, reason: 'no typical_p' } : { outputs: {} },
  );
  const mixed: Engine = {
    ask: async (request) => {
      const reply = await engine.ask(request);
      return reply.kind === 'answer' && 'unsupported' in reply.answer ? reply : own.ask(request);
    },
    close: own.close,
  };
  const outcomes = (await judged(mixed, 'processors/other-filters')).map(({ outcome }) => outcome.kind);
  expect(new Set(outcomes)).toEqual(new Set(['pass', 'unsupported']));
});
