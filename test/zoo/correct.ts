/** Engines without a fault: the own engine as it is, and in the number formats that engines have. */
import { folderAt } from '../../src/formats/folder/node.ts';
import { Uploads } from '../../src/language-model/uploads.ts';
import { Session } from '../../src/model/session.ts';
import type { Engine } from '../../src/oracle/conformance/engine.ts';
import { configuredModel } from '../../src/oracle/conformance/model-faults/configured-model.ts';
import { CONFORM_SUITES } from '../../src/oracle/conformance/suites/suites.ts';
import { emulatedArithmetics } from '../../src/oracle/noise/emulated-arithmetic.ts';
import { emulatedBackend } from '../../src/oracle/noise/emulated-backend.ts';
import { type EngineDtype, roundTo } from '../../src/oracle/noise/formats.ts';
import { withRoundedFrequencies } from '../../src/oracle/noise/rounded-frequencies.ts';
import { summation } from '../../src/oracle/noise/summation.ts';
import { hexRows } from '../../src/oracle/vectors/hex-tensor.ts';
import { processedLaw } from '../../src/oracle/vectors/processors/law-inputs.ts';
import { readLawInputs } from '../../src/oracle/vectors/processors/law-vectors.ts';
import { engineOf, ownEngine } from '../support/own-engines.ts';
import { casesOfSuite, judged } from './judged.ts';

/** What came of an engine that must pass. */
export interface CorrectEngine {
  readonly engine: string;
  readonly judged: number;
  /** The cases that it fails. */
  readonly failed: readonly string[];
}

/** The engines that must pass. Rounding flips near ties, and moves logits, and neither is a fault. */
export async function correctEngines(): Promise<CorrectEngine[]> {
  return [
    await correct('in float64', ownEngine(), [...CONFORM_SUITES.keys()], 'float64'),
    await correct('laws in float32', float32Laws(), ['processors'], 'float32'),
    await correct('in float32', emulated('float32'), ['logits'], 'float32'),
    await correct('in float16', emulated('float16'), ['logits'], 'float16'),
    await correct('in bfloat16', emulated('bfloat16'), ['logits'], 'bfloat16'),
  ];
}

async function correct(
  engine: string,
  asked: Engine,
  suites: readonly string[],
  dtype: string,
): Promise<CorrectEngine> {
  process.stderr.write(`without a fault, ${engine}\n`);
  const all = await judged(asked, suites.flatMap(casesOfSuite), dtype);
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

/** Logits in the emulated arithmetic of a number format, summed in an order that the judge does not emulate. */
function emulated(dtype: EngineDtype): Engine {
  const order = { name: '4 lanes, fused', lanes: 4, fused: true };
  const wide = roundTo('float32');
  const by = { ...emulatedArithmetics(dtype)[0]!, ...summation(order, wide), frequency: wide };
  return engineOf((request) => {
    if (request.op !== 'logits') return { id: request.id, unsupported: true, reason: 'logits only' };
    const { id, model, adapter, tokens } = request;
    const base = configuredModel(folderAt(model), adapter === null ? null : folderAt(adapter));
    const uploads = new Uploads(emulatedBackend(by));
    const transformer = uploads.transformer(withRoundedFrequencies(base.transformer, by.frequency));
    const rows = new Session(uploads.backend, transformer, uploads.adapter(base.adapter)).read(tokens);
    const logits = tokens.map((_, t) => rows.logits(t));
    return { id, outputs: { logits: hexRows(logits, logits[0]!.length) } };
  });
}
