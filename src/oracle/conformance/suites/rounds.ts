/**
 * The suite of rounds: an engine decides the rounds of the test vectors.
 * @packageDocumentation
 */
import { TurboLoraError } from '../../../errors.ts';
import { FAULTS } from '../../../law/faults/faults.ts';
import type { Rule } from '../../../verify/rule.ts';
import { RULES } from '../../../verify/rules.ts';
import { emittedWithFault, faultsOf } from '../../vectors/rounds/faulty-round.ts';
import { ROUND_FLAGS } from '../../vectors/rounds/flags.ts';
import { playRound, type RoundInputs } from '../../vectors/rounds/played-round.ts';
import { type RoundVector, readInputs, roundFileShape } from '../../vectors/rounds/round-vectors.ts';
import type { Ask, ConformCase, Explanation, Outcome } from '../conform-case.ts';
import { acceptOutputsShape } from '../operations/accept.ts';
import type { ConformSuite } from './suite.ts';

/** The suite of rounds. Its parts are the acceptance rules. */
export const ROUNDS: ConformSuite = {
  name: 'rounds',
  about: 'one round from laws and uniforms, exactly; a part for each acceptance rule',
  flags: ROUND_FLAGS,
  faults: [...FAULTS.values()].map(({ name, description, references }) => {
    const links = references.map(({ where, title }) => `${where}: ${title}`);
    return { name, description, links };
  }),
  parts: [...RULES.keys()],
  cases: ({ text }, parts) =>
    parts.flatMap((rule) => {
      const { groups } = roundFileShape.parse(JSON.parse(text(`vectors/rounds/${rule}.json`)));
      return groups.flatMap(({ vocabulary, tests }) =>
        tests.map((test) => new RoundCase(RULES.get(rule)!, vocabulary, test)),
      );
    }),
};

/** A round of the test vectors. */
class RoundCase implements ConformCase {
  readonly suite = 'rounds';
  readonly part: string;
  readonly id: string;
  readonly flags: readonly string[];
  readonly #rule: Rule;
  readonly #vocabulary: number;
  readonly #test: RoundVector;

  constructor(rule: Rule, vocabulary: number, test: RoundVector) {
    [this.part, this.id, this.flags] = [rule.name, test.id, test.flags];
    this.#rule = rule;
    this.#vocabulary = vocabulary;
    this.#test = test;
  }

  async judge(ask: Ask): Promise<Outcome> {
    const { inputs, outputs, result } = this.#test;
    const question = { op: 'accept', rule: this.#rule.name, vocabulary: this.#vocabulary, inputs } as const;
    const reply = await ask(question, acceptOutputsShape);
    if (reply.kind !== 'outputs') return reply;
    const [expected, got] = [written(outputs.emitted), written(reply.value.emitted)];
    if (got === expected) return { kind: 'pass' };
    return result === 'acceptable' ? { kind: 'near tie', got } : { kind: 'fail', expected, got };
  }

  /** The faults and the other rules that emit what the engine emitted. */
  explain(outcome: Outcome): Explanation[] {
    const [rule, expected] = [this.#rule, this.#test.outputs.emitted];
    const got = 'got' in outcome ? outcome.got : written(expected);
    const inputs = readInputs(this.id, this.#vocabulary, this.#test.inputs);
    const faults = faultsOf(rule).filter((fault) => written(emittedWithFault(rule, fault, inputs) ?? expected) === got);
    const others = [...RULES.values()].filter((other) => other !== rule && emittedBy(other, inputs) === got);
    return [
      ...faults.map(({ name }): Explanation => ({ kind: 'fault', name })),
      ...others.map(({ name }): Explanation => ({ kind: 'rule', name })),
    ];
  }
}

/** Null if the rule does not take the draft, or needs chance that the round does not give. */
function emittedBy(rule: Rule, inputs: RoundInputs): string | null {
  try {
    return written(playRound(rule, inputs).emitted);
  } catch (error) {
    if (error instanceof TurboLoraError) return null;
    throw error;
  }
}

function written(tokens: readonly number[]): string {
  return tokens.join(' ');
}
