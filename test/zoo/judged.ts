/** Faults of the own engine before the judge of `conform`. */
import type { JudgedCase } from '../../src/oracle/conformance/conform-case.ts';
import type { Engine } from '../../src/oracle/conformance/engine.ts';
import { judge } from '../../src/oracle/conformance/judge.ts';
import { partVerdicts } from '../../src/oracle/conformance/part-verdict.ts';
import { CONFORM_SUITES, casesOf } from '../../src/oracle/conformance/suites/suites.ts';
import { committed, ownEngine } from '../support/own-engines.ts';
import { type Catch, inAll, type Row } from './row.ts';

/** Everything that came of an engine on some suites. */
export async function judgedOn(engine: Engine, suites: readonly string[]): Promise<JudgedCase[]> {
  const all: JudgedCase[] = [];
  for await (const each of judge(engine, casesOf(committed, suites))) all.push(each);
  return all;
}

/** The suites that know a fault of this name. */
export function suitesWith(fault: string): string[] {
  const suites = [...CONFORM_SUITES.values()];
  return suites.filter(({ faults = [] }) => faults.some(({ name }) => name === fault)).map(({ name }) => name);
}

/** What the judge makes of a fault: which parts catch it, and what explains all the parts that do. */
export async function judgedRow(fault: string): Promise<Row> {
  const all = await judgedOn(ownEngine(fault), suitesWith(fault));
  const failing = partVerdicts(all).filter(({ failed }) => failed > 0);
  const caught = failing.map(({ suite, part, failed, judged }): Catch => {
    const first = all.find(
      ({ test, outcome }) => test.suite === suite && test.part === part && outcome.kind === 'fail',
    );
    return { part: `${suite}/${part}`, failed, of: judged, first: first!.test.id };
  });
  const named = inAll(failing.map(({ explanations }) => explanations.map(({ name }) => name)));
  return { fault, by: 'conform', caught, named };
}
