/** Faults of the own engine before the judge of `conform`. */
import type { ConformCase, JudgedCase } from '../../src/oracle/conformance/conform-case.ts';
import type { Engine } from '../../src/oracle/conformance/engine.ts';
import { judge } from '../../src/oracle/conformance/judge.ts';
import { partVerdicts } from '../../src/oracle/conformance/part-verdict.ts';
import { CONFORM_SUITES, casesOf } from '../../src/oracle/conformance/suites/suites.ts';
import { committed, ownEngine } from '../support/own-engines.ts';
import { type Catch, inAll, type Row } from './row.ts';

/** The cases of each suite, made once: those of models remember the noise of number formats. */
const made = new Map<string, readonly ConformCase[]>();
export function casesOfSuite(suite: string): readonly ConformCase[] {
  const cases = made.get(suite) ?? casesOf(committed, [suite]);
  made.set(suite, cases);
  return cases;
}

/** Everything that came of an engine of a number format on some cases. */
export async function judged(engine: Engine, cases: readonly ConformCase[], dtype = 'float64'): Promise<JudgedCase[]> {
  const all: JudgedCase[] = [];
  for await (const each of judge(engine, cases, dtype)) all.push(each);
  return all;
}

/** Goldens whose texts are asked for of a faulty engine: to explain a failure takes a run of every model fault. */
const FEW = ['lora-batch', 'lora-rslora', 'llama-attention-bias', 'qwen2-bias'];

/** The cases that a fault is put before: of the suites that know its name. Faults of models have their logits judged. */
function casesFor(fault: string): readonly ConformCase[] {
  const knowing = [...CONFORM_SUITES.values()].filter(({ faults = [] }) => faults.some(({ name }) => name === fault));
  const names = knowing.map(({ name }) => name);
  const suites = names.includes('logits') ? names.filter((name) => name !== 'texts') : names;
  return suites.flatMap(casesOfSuite).filter(({ suite, flags }) => suite !== 'texts' || FEW.includes(flags[0]!));
}

/** What the judge makes of a fault that the own engine can plant. */
export async function judgedRow(fault: string): Promise<Row> {
  return rowOf(fault, await judged(ownEngine(fault), casesFor(fault)));
}

/** Which parts catch a fault, and what explains all the parts that do. */
export function rowOf(fault: string, all: readonly JudgedCase[]): Row {
  const failing = partVerdicts(all).filter(({ failed }) => failed > 0);
  const caught = failing.map(({ suite, part, failed, judged: of }): Catch => {
    const first = all.find(
      ({ test, outcome }) => test.suite === suite && test.part === part && outcome.kind === 'fail',
    );
    return { part: `${suite}/${part}`, failed, of, first: first!.test.id };
  });
  const named = inAll(failing.map(({ explanations }) => explanations.map(({ name }) => name)));
  return { fault, by: 'conform', isListed: true, caught, named };
}
