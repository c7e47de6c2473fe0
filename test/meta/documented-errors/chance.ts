import { drawAlternatives } from '../../../src/chance/alternatives.ts';
import { conditionalRaces } from '../../../src/chance/conditional-races.ts';
import { enumerate, enumerateThinned } from '../../../src/chance/enumerate.ts';
import { indexAt } from '../../../src/chance/inverse-cdf.ts';
import { raceWinner } from '../../../src/chance/race.ts';
import { raceProbability } from '../../../src/chance/race-law.ts';
import { sampled } from '../../../src/chance/sampled.ts';
import { seededTape } from '../../../src/chance/seeded-tape.ts';
import { replayedTape } from '../../../src/chance/tape.ts';
import { float64 } from '../../../src/numerics/arithmetic.ts';
import type { Calls } from './calls.ts';

const slot = { purpose: 'draft', position: 0 } as const;

export const chance: Calls = {
  'chance/alternatives drawAlternatives': { LawError: () => drawAlternatives(float64, [0, 0]) },
  'chance/conditional-races conditionalRaces': {
    LawError: () => conditionalRaces(float64, (alternatives) => alternatives()[0]!.index)(slot, [1, -1]),
  },
  'chance/inverse-cdf indexAt': { LawError: () => indexAt(0.5, [1, Number.NaN]) },
  'chance/sampled sampled': { LawError: () => sampled(seededTape(0)).draw(slot, [0, 0]) },
  'chance/enumerate enumerate': { LawError: () => [...enumerate(float64, (chance) => chance.draw(slot, [0]))] },
  'chance/enumerate enumerateThinned': {
    LawError: () => [
      ...enumerateThinned(
        float64,
        (chance) => chance.draw(slot, [0]),
        (alternatives) => alternatives().map((alternative) => ({ ...alternative, standsFor: 1 })),
      ),
    ],
  },
  'chance/race raceWinner': { LawError: () => raceWinner([-1], () => 0.5) },
  'chance/race-law raceProbability': {
    ShapeError: () => raceProbability(float64, [[1, 1], [1]], [0, 0]),
    LawError: () => raceProbability(float64, [[1, -1]], [0]),
  },
  'chance/seeded-tape seededTape': { OptionError: () => seededTape(-1) },
  'chance/tape replayedTape': { OptionError: () => replayedTape([]).uniform(slot) },
};
