/**
 * Faults of the vectors that no question of `conform` asks for: masks, rotary tables, log-probabilities, whole decodes.
 * They are put before the committed cases, and called by the faults whose outputs are theirs on every case.
 */
import { TurboLoraError } from '../../src/errors.ts';
import { DECODE_FAULTS } from '../../src/oracle/vectors/decodes/decode-faults.ts';
import { decodeFileShape, readDecodeInputs } from '../../src/oracle/vectors/decodes/decode-vectors.ts';
import { simpleDecode } from '../../src/oracle/vectors/decodes/simple-decode.ts';
import { emittedLogprobs, type Logprobs } from '../../src/oracle/vectors/logprobs/emitted-logprobs.ts';
import { LOGPROB_FAULTS, sameLogprobs } from '../../src/oracle/vectors/logprobs/logprob-faults.ts';
import { logprobFileShape, readLogprobInputs } from '../../src/oracle/vectors/logprobs/logprob-vectors.ts';
import { MASK_FAULTS } from '../../src/oracle/vectors/masks/mask-faults.ts';
import { maskFileShape } from '../../src/oracle/vectors/masks/mask-vectors.ts';
import { visibleSlots } from '../../src/oracle/vectors/masks/visible-slots.ts';
import { ROTARY_FAULTS, sameTable } from '../../src/oracle/vectors/rotary/rotary-faults.ts';
import { type RotaryTable, rotaryTable } from '../../src/oracle/vectors/rotary/rotary-table.ts';
import { rotaryFileShape } from '../../src/oracle/vectors/rotary/rotary-vectors.ts';
import { COMMITTED_SEED, suiteNamed } from '../../src/oracle/vectors/suites.ts';
import type { VectorFault } from '../../src/oracle/vectors/vector-fault.ts';
import { committed } from '../support/own-engines.ts';
import type { Row } from './row.ts';

/** A case of any suite: its inputs, read, and how its outputs are compared. */
interface Case<I, O> {
  readonly id: string;
  readonly inputs: I;
  readonly same: (a: O, b: O) => boolean;
}

const files = (suite: string): unknown[] =>
  [...suiteNamed(suite).files(COMMITTED_SEED).keys()].map((file) => JSON.parse(committed.text(`vectors/${file}`)));
const sameText = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The rows of a suite of vectors. A fault that cannot show in a case gives what is right; one that throws, nothing. */
function rowsOf<I, O>(
  part: string,
  faults: readonly VectorFault<I, O>[],
  right: (inputs: I) => O,
  cases: readonly Case<I, O>[],
): Row[] {
  const outputsOf = ({ plant }: VectorFault<I, O>): (O | null)[] =>
    cases.map(({ inputs }) => orNull(() => plant(inputs) ?? right(inputs)));
  const correct = cases.map(({ inputs }) => right(inputs));
  const outputs = new Map(faults.map((fault) => [fault.name, outputsOf(fault)]));
  const agree = (a: O | null, b: O | null, i: number): boolean =>
    a === null || b === null ? a === b : cases[i]!.same(a, b);
  return [...outputs].map(([fault, got]): Row => {
    const failing = cases.filter((_, i) => !agree(got[i]!, correct[i]!, i));
    const named = [...outputs].filter(([, other]) => other.every((each, i) => agree(got[i]!, each, i)));
    const caught = { part, failed: failing.length, of: cases.length, first: failing[0]?.id ?? '' };
    const isCaught = failing.length > 0;
    return {
      fault,
      by: 'vectors',
      isListed: true,
      caught: isCaught ? [caught] : [],
      named: isCaught ? named.map(([name]) => name) : [],
    };
  });
}

function orNull<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof TurboLoraError) return null;
    throw error;
  }
}

function maskRows(): Row[] {
  const groups = files('masks').flatMap((file) => maskFileShape.parse(file).groups);
  const cases = groups.flatMap(({ tests }) => tests.map(({ id, inputs }) => ({ id, inputs, same: sameText })));
  return rowsOf('masks', MASK_FAULTS, visibleSlots, cases);
}

function rotaryRows(): Row[] {
  const groups = files('rotary').flatMap((file) => rotaryFileShape.parse(file).groups);
  const cases = groups.flatMap(({ tests }) =>
    tests.map(({ id, inputs, compare }) => ({
      ...{ id, inputs },
      same: (a: RotaryTable, b: RotaryTable) => sameTable(a, b, compare),
    })),
  );
  return rowsOf('rotary', ROTARY_FAULTS, rotaryTable, cases);
}

function logprobRows(): Row[] {
  const groups = files('logprobs').flatMap((file) => logprobFileShape.parse(file).groups);
  const cases = groups.flatMap(({ vocabulary, tests }) =>
    tests.map(({ id, inputs, compare }) => ({
      id,
      inputs: readLogprobInputs(id, vocabulary, inputs),
      same: (a: Logprobs, b: Logprobs) => sameLogprobs(a, b, compare),
    })),
  );
  return rowsOf('logprobs', LOGPROB_FAULTS, emittedLogprobs, cases);
}

function decodeRows(): Row[] {
  const groups = files('decodes').flatMap((file) => decodeFileShape.parse(file).groups);
  const cases = groups.flatMap(({ vocabulary, tests }) =>
    tests.map(({ id, inputs }) => ({ id, inputs: readDecodeInputs(id, vocabulary, inputs), same: sameText })),
  );
  return rowsOf('decodes', DECODE_FAULTS, (inputs) => simpleDecode(inputs), cases);
}

/** The faults of each suite of vectors that `conform` does not ask for. */
export const VECTOR_FAULTS: Readonly<Record<string, readonly { readonly name: string }[]>> = {
  masks: MASK_FAULTS,
  rotary: ROTARY_FAULTS,
  logprobs: LOGPROB_FAULTS,
  decodes: DECODE_FAULTS,
};

/** What the committed vectors make of every fault that they are for. */
export function vectorRows(): Row[] {
  return [...maskRows(), ...rotaryRows(), ...logprobRows(), ...decodeRows()];
}
