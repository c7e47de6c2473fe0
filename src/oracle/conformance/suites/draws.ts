/**
 * The suite of draws: an engine selects tokens.
 * @packageDocumentation
 */
import { type DrawFault, INVERSE_CDF_FAULTS, RACE_FAULTS } from '../../vectors/draws/draw-faults.ts';
import { DRAW_FLAGS } from '../../vectors/draws/draw-flags.ts';
import { drawFileShape, readDrawInputs } from '../../vectors/draws/draw-vectors.ts';
import type { DrawInputs } from '../../vectors/draws/drawn-token.ts';
import type { Ask, ConformCase, Explanation, Outcome } from '../conform-case.ts';
import { type DrawQuestion, drawOutputsShape } from '../operations/draw.ts';
import type { ConformSuite } from './suite.ts';

/** How engines draw, with the faults of each. */
const METHODS = { 'inverse-cdf': INVERSE_CDF_FAULTS, race: RACE_FAULTS } as const;

/** The suite of draws. Its parts are the ways to draw. */
export const DRAWS: ConformSuite = {
  name: 'draws',
  about: 'from a law and uniforms to a token, exactly; a part for each way to draw',
  flags: DRAW_FLAGS,
  faults: Object.values(METHODS).flat(),
  parts: Object.keys(METHODS),
  cases: ({ text }, parts) =>
    (parts as (keyof typeof METHODS)[]).flatMap((method) => {
      const { groups } = drawFileShape.parse(JSON.parse(text(`vectors/draws/${method}.json`)));
      return groups.flatMap(({ vocabulary, tests }) =>
        tests.map(({ id, flags, inputs, outputs: { token } }) => {
          const question: DrawQuestion = { op: 'draw', method, vocabulary, inputs };
          return new DrawCase(id, flags, question, token);
        }),
      );
    }),
};

/** A draw of the test vectors. */
class DrawCase implements ConformCase {
  readonly suite = 'draws';
  readonly part: string;
  readonly id: string;
  readonly flags: readonly string[];
  readonly #question: DrawQuestion;
  readonly #token: number;

  constructor(id: string, flags: readonly string[], question: DrawQuestion, token: number) {
    [this.part, this.id, this.flags] = [question.method, id, flags];
    this.#question = question;
    this.#token = token;
  }

  async judge(ask: Ask): Promise<Outcome> {
    const reply = await ask(this.#question, drawOutputsShape);
    if (reply.kind !== 'outputs') return reply;
    const { token } = reply.value;
    return token === this.#token ? { kind: 'pass' } : { kind: 'fail', expected: `${this.#token}`, got: `${token}` };
  }

  /** The faults that select what the engine selected. */
  explain(outcome: Outcome): Explanation[] {
    const { method, vocabulary, inputs } = this.#question;
    const drawn: DrawInputs = readDrawInputs(this.id, vocabulary, inputs);
    const got = 'got' in outcome ? outcome.got : `${this.#token}`;
    const faults: readonly DrawFault[] = METHODS[method];
    const fitting = faults.filter((fault) => `${fault.plant(drawn)}` === got);
    return fitting.map(({ name }): Explanation => ({ kind: 'fault', name }));
  }
}
