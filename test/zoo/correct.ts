/** Engines without a fault: the own engine as it is, and in the number formats that engines have. */
import type { Engine } from '../../src/oracle/conformance/engine.ts';
import { CONFORM_SUITES } from '../../src/oracle/conformance/suites/suites.ts';
import { processedLaw } from '../../src/oracle/vectors/processors/law-inputs.ts';
import { readLawInputs } from '../../src/oracle/vectors/processors/law-vectors.ts';
import { engineOf, ownEngine } from '../support/own-engines.ts';
import { judgedOn } from './judged.ts';

/** What came of an engine that must pass. */
export interface CorrectEngine {
  readonly engine: string;
  readonly judged: number;
  /** The cases that it fails. */
  readonly failed: readonly string[];
}

/** The engines that must pass. */
export async function correctEngines(): Promise<CorrectEngine[]> {
  return [
    await correct('in float64', ownEngine(), [...CONFORM_SUITES.keys()]),
    await correct('laws in float32', float32Laws(), ['processors']),
  ];
}

async function correct(engine: string, asked: Engine, suites: readonly string[]): Promise<CorrectEngine> {
  process.stderr.write(`without a fault, ${engine}\n`);
  const all = await judgedOn(asked, suites);
  const failed = all.filter(({ outcome }) => outcome.kind !== 'pass' && outcome.kind !== 'near tie');
  return { engine: `${engine}: ${suites.join(', ')}`, judged: all.length, failed: failed.map(({ test }) => test.id) };
}

/** Laws from logits in float32, and rounded to float32. */
function float32Laws(): Engine {
  return engineOf((request) => {
    if (request.op !== 'law') return { id: request.id, unsupported: true, reason: 'laws only' };
    const read = readLawInputs('inputs', request.vocabulary, request.inputs);
    const law = Float32Array.from(processedLaw({ ...read, logits: read.logits.map(Math.fround) }));
    const hex = Buffer.from(law.buffer).toString('hex');
    return { id: request.id, outputs: { law: { dtype: 'F32', shape: [1, request.vocabulary], hex } } };
  });
}
