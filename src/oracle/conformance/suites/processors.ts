/**
 * The suite of processors: an engine turns logits into laws.
 * @packageDocumentation
 */
import { FormatError } from '../../../errors.ts';
import { rowOf } from '../../vectors/hex-tensor.ts';
import { faultyLaw, LAW_FAULTS, sameLaw } from '../../vectors/processors/faults/index.ts';
import { LAW_FLAGS } from '../../vectors/processors/law-flags.ts';
import { LAW_TOPICS } from '../../vectors/processors/law-topics.ts';
import { type LawVector, lawFileShape, readLawInputs } from '../../vectors/processors/law-vectors.ts';
import type { Ask, ConformCase, Explanation, Outcome } from '../conform-case.ts';
import { answeredLaw, lawOutputsShape } from '../operations/law.ts';
import type { ConformSuite } from './suite.ts';

/** The suite of processors. Its parts are the processors, and combinations. */
export const PROCESSORS: ConformSuite = {
  name: 'processors',
  about: 'from logits and settings to the law of a row, within the tolerance of the case; a part for each processor',
  flags: LAW_FLAGS,
  faults: [...LAW_FAULTS.values()],
  parts: LAW_TOPICS.map(({ name }) => name),
  cases: ({ text }, parts) =>
    parts.flatMap((part) => {
      const { groups } = lawFileShape.parse(JSON.parse(text(`vectors/processors/${part}.json`)));
      return groups.flatMap(({ vocabulary, tests }) => tests.map((test) => new LawCase(part, vocabulary, test)));
    }),
};

/** A law of the test vectors. */
class LawCase implements ConformCase {
  readonly suite = 'processors';
  readonly part: string;
  readonly id: string;
  readonly flags: readonly string[];
  readonly #vocabulary: number;
  readonly #test: LawVector;
  #got: Float64Array | null = null;

  constructor(part: string, vocabulary: number, test: LawVector) {
    [this.part, this.id, this.flags] = [part, test.id, test.flags];
    this.#vocabulary = vocabulary;
    this.#test = test;
  }

  async judge(ask: Ask): Promise<Outcome> {
    const [vocabulary, { inputs, outputs, compare }] = [this.#vocabulary, this.#test];
    const reply = await ask({ op: 'law', vocabulary, inputs }, lawOutputsShape);
    if (reply.kind !== 'outputs') return reply;
    const expected = rowOf(this.id, outputs.law, vocabulary);
    try {
      this.#got = answeredLaw(reply.value, vocabulary);
    } catch (error) {
      if (error instanceof FormatError) return { kind: 'broken', problem: error.message };
      throw error;
    }
    if (sameLaw(this.#got, expected, compare)) return { kind: 'pass' };
    return { kind: 'fail', expected: written(expected), got: written(this.#got) };
  }

  /** The faults that give what the engine gave. */
  explain(): Explanation[] {
    const inputs = readLawInputs(this.id, this.#vocabulary, this.#test.inputs);
    const expected = rowOf(this.id, this.#test.outputs.law, this.#vocabulary);
    const got = this.#got ?? expected;
    const fitting = [...LAW_FAULTS.values()].filter((fault) =>
      sameLaw(got, faultyLaw(fault, inputs) ?? expected, this.#test.compare),
    );
    return fitting.map(({ name }): Explanation => ({ kind: 'fault', name }));
  }
}

function written(law: Float64Array): string {
  return Array.from(law, (mass) => Number(mass.toPrecision(6))).join(' ');
}
