/**
 * What the own engine answers to the questions of vectors, with or without a fault.
 * @packageDocumentation
 */
import { UnsupportedError } from '../../../errors.ts';
import { FAULTS } from '../../../law/faults/faults.ts';
import { RULES } from '../../../verify/rules.ts';
import { INVERSE_CDF_FAULTS, RACE_FAULTS } from '../../vectors/draws/draw-faults.ts';
import { readDrawInputs } from '../../vectors/draws/draw-vectors.ts';
import { drawnToken } from '../../vectors/draws/drawn-token.ts';
import { hexRows } from '../../vectors/hex-tensor.ts';
import { faultyLaw, LAW_FAULTS } from '../../vectors/processors/faults/index.ts';
import { processedLaw } from '../../vectors/processors/law-inputs.ts';
import { readLawInputs } from '../../vectors/processors/law-vectors.ts';
import { emittedWithFault } from '../../vectors/rounds/faulty-round.ts';
import { playRound } from '../../vectors/rounds/played-round.ts';
import { readInputs } from '../../vectors/rounds/round-vectors.ts';
import { MODEL_FAULTS } from '../model-faults/model-faults.ts';
import type { AcceptQuestion } from '../operations/accept.ts';
import type { DrawQuestion } from '../operations/draw.ts';
import type { LawQuestion } from '../operations/law.ts';
import { TEXT_FAULTS } from '../text-faults.ts';

const ofDraws = [...INVERSE_CDF_FAULTS, ...RACE_FAULTS];

/** Names of the faults that can be planted in the own engine. */
export const ENGINE_FAULTS: readonly string[] = [
  ...new Set([
    ...[...FAULTS.keys(), ...LAW_FAULTS.keys(), ...ofDraws.map(({ name }) => name)],
    ...[...MODEL_FAULTS.keys(), ...TEXT_FAULTS.keys()],
  ]),
];

/**
 * @throws {@link UnsupportedError} when there is no such rule; {@link FormatError} for inputs that do not form a round.
 */
export function ownRound({ rule: name, vocabulary, inputs: written }: AcceptQuestion, fault: string | null): object {
  const rule = RULES.get(name);
  if (rule === undefined) throw new UnsupportedError('rule', `one of ${[...RULES.keys()].join(', ')}`, name);
  const inputs = readInputs('inputs', vocabulary, written);
  const planted = fault === null ? undefined : FAULTS.get(fault);
  const faulty = planted === undefined ? null : emittedWithFault(rule, planted, inputs);
  return { emitted: faulty ?? playRound(rule, inputs).emitted };
}

/**
 * @throws {@link FormatError} for logits of another shape; {@link OptionError}, {@link TokenError} and
 * {@link ConflictError} for settings outside their ranges; {@link LawError} when they leave no token.
 */
export function ownLaw({ vocabulary, inputs: written }: LawQuestion, fault: string | null): object {
  const inputs = readLawInputs('inputs', vocabulary, written);
  const planted = fault === null ? undefined : LAW_FAULTS.get(fault);
  const faulty = planted === undefined ? null : faultyLaw(planted, inputs);
  return { law: hexRows([faulty ?? processedLaw(inputs)], vocabulary) };
}

/** @throws {@link FormatError} for tensors of another shape; {@link LawError} when there is no mass. */
export function ownDraw({ method, vocabulary, inputs: written }: DrawQuestion, fault: string | null): object {
  const inputs = readDrawInputs('inputs', vocabulary, written);
  const faults = method === 'race' ? RACE_FAULTS : INVERSE_CDF_FAULTS;
  const faulty = faults.find(({ name }) => name === fault)?.plant(inputs) ?? null;
  return { token: faulty ?? drawnToken(method === 'race' ? 'race' : 'inverse cdf', inputs).token };
}
