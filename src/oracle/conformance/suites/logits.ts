/**
 * The suite of logits: small checkpoints of each family, plain and with adapters.
 * @packageDocumentation
 */
import { familyNames } from '../../../formats/families/index.ts';
import type { ConformCase } from '../conform-case.ts';
import { MODEL_FAULTS } from '../model-faults/model-faults.ts';
import { goldens } from './goldens.ts';
import { LogitsCase } from './logits-case.ts';
import { type ConformSuite, faultInWords } from './suite.ts';

/** The part of everything that has an adapter. */
const ADAPTERS = 'adapters';

/** The suite of logits. Its parts are the families, and adapters of any family. */
export const LOGITS: ConformSuite = {
  name: 'logits',
  about: 'logits of small checkpoints, as exact as the number format allows; a part for each family, one for adapters',
  faults: [...MODEL_FAULTS.values()].map(faultInWords),
  parts: [...familyNames, ADAPTERS],
  cases: (fixtures, parts) =>
    goldens(fixtures).flatMap(({ name, family, hasAdapter, texts }): ConformCase[] => {
      const part = hasAdapter ? ADAPTERS : family;
      if (!parts.includes(part)) return [];
      return texts.map((text, i) => {
        const id = texts.length === 1 ? `logits-${name}` : `logits-${name}-${i + 1}`;
        return new LogitsCase(fixtures, { part, id, flags: [name] }, text);
      });
    }),
};
