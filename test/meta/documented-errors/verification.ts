import { sampled } from '../../../src/chance/sampled.ts';
import { seededTape } from '../../../src/chance/seeded-tape.ts';
import { chain } from '../../../src/draft/draft.ts';
import { float64 } from '../../../src/numerics/arithmetic.ts';
import { lenienceBy } from '../../../src/verify/lenience.ts';
import {
  checkTransportSize,
  draftedSets,
  optimalAcceptance,
  optimalTransport,
} from '../../../src/verify/optimal-transport.ts';
import { rejection } from '../../../src/verify/rejection.ts';
import { checkShape, ruleNamed } from '../../../src/verify/rules.ts';
import type { Calls } from './calls.ts';

const uniform = (size: number): number[] => new Array(size).fill(1 / size);

/** One round in which all siblings come from one law over as many tokens as the target has. */
function decide(tokens: readonly number[], law: readonly number[]): unknown {
  const draft = { tokens, parents: tokens.map(() => -1), laws: tokens.map(() => law), drawn: 'independent' } as const;
  const target = () => uniform(law.length);
  return optimalTransport.decide({ draft, target, position: 0 }, float64, sampled(seededTape(0)));
}

export const verification: Calls = {
  'verify/lenience lenienceBy': { OptionError: () => lenienceBy(0.5) },
  'verify/optimal-transport checkTransportSize': { UnsupportedError: () => checkTransportSize(1000, 3) },
  'verify/optimal-transport draftedSets': { UnsupportedError: () => draftedSets(float64, uniform(1000), 3) },
  'verify/optimal-transport optimalAcceptance': {
    UnsupportedError: () => optimalAcceptance(float64, uniform(21), uniform(21), 2),
  },
  'verify/optimal-transport optimalTransport': {
    UnsupportedError: () => decide([0, 1, 2], uniform(1000)),
    LawError: () => decide([0, 1], [1, 0]),
  },
  'verify/rules ruleNamed': { OptionError: () => ruleNamed('nothing') },
  'verify/rules checkShape': {
    UnsupportedError: () => checkShape(rejection, { ...chain([1, 2], ['point', 'point']), parents: [-1, -1] }),
  },
};
