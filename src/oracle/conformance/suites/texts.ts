/**
 * The suite of texts: greedy decoding, plain and speculative, alone and in batches.
 * @packageDocumentation
 */
import { MODEL_FAULTS } from '../model-faults/model-faults.ts';
import { TEXT_FAULTS } from '../text-faults.ts';
import { type ConformSuite, faultInWords } from './suite.ts';
import { TextCase } from './text-case.ts';
import { TEXT_FLAGS, TEXT_PARTS, textPlans } from './text-plans.ts';

/** The suite of greedy texts. */
export const TEXTS: ConformSuite = {
  name: 'texts',
  about:
    'greedy texts, token by token, near ties accepted either way; a part for each drafter, for adapters, for batches',
  flags: TEXT_FLAGS,
  faults: [...TEXT_FAULTS.values(), ...MODEL_FAULTS.values()].map(faultInWords),
  parts: TEXT_PARTS,
  cases: (fixtures, parts) =>
    textPlans(fixtures)
      .filter(({ part }) => parts.includes(part))
      .map((plan) => new TextCase(fixtures, plan)),
};
