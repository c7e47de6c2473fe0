/** Engines in this process, for the judge: the package's own, and any other way to decide a round. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { folderAt, openFile } from '../../src/formats/folder/node.ts';
import type { Engine } from '../../src/oracle/conformance/engine.ts';
import { OwnEngine } from '../../src/oracle/conformance/own-engine.ts';
import type { Request } from '../../src/oracle/conformance/protocol.ts';
import type { Fixtures } from '../../src/oracle/conformance/suites/suite.ts';
import type { RoundInputs } from '../../src/oracle/vectors/rounds/played-round.ts';
import { readInputs } from '../../src/oracle/vectors/rounds/round-vectors.ts';

/** The fixtures as they are in the tree. */
export const committed: Fixtures = {
  text: (path) => readFileSync(`fixtures/${path}`, 'utf8'),
  at: (path) => resolve('fixtures', path),
  folder: (path) => folderAt(`fixtures/${path}`),
  answered: openFile,
};

export { GREEDY } from '../../src/oracle/conformance/operations/generate.ts';

/** An engine that answers like this. */
export const engineOf = (answer: (request: Request) => object | Promise<object>): Engine => ({
  // Through JSON and back, as on a pipe.
  ask: async (request) => ({ kind: 'answer', answer: JSON.parse(JSON.stringify(await answer(request))) }),
  close: async () => undefined,
});

/** This package as an engine, with or without a fault. */
export function ownEngine(fault: string | null = null): Engine {
  const own = new OwnEngine({ version: 'test', folder: folderAt, fault });
  return engineOf((request) => own.answer(JSON.stringify(request)));
}

/** An engine that supports one rule, and decides its rounds like this. */
export function engineThat(rule: string, emit: (inputs: RoundInputs) => readonly number[]): Engine {
  return engineOf((request) => {
    const { id } = request;
    if (request.op === 'hello') return { id, outputs: { name: 'x', version: '1', dtype: 'float64', operations: [] } };
    if (request.op !== 'accept' || request.rule !== rule) return { id, unsupported: true, reason: 'another rule' };
    return { id, outputs: { emitted: emit(readInputs('inputs', request.vocabulary, request.inputs)) } };
  });
}
