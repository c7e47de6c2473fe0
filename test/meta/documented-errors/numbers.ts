import { indexAt, sampled } from '../../../src/chance/chance.ts';
import { enumerate, enumerateThinned } from '../../../src/chance/enumerate.ts';
import { raceWinner } from '../../../src/chance/race.ts';
import { raceProbability } from '../../../src/chance/race-law.ts';
import { replayedTape, seededTape } from '../../../src/chance/tape.ts';
import { float64 } from '../../../src/numerics/arithmetic.ts';
import { stored } from '../../../src/numerics/stored.ts';
import { at, expectShape, rowOf, rowsOf, tensor, zeros } from '../../../src/numerics/tensor.ts';
import { checkToken } from '../../../src/numerics/token.ts';
import type { Calls } from './calls.ts';

const slot = { purpose: 'draft', position: 0 } as const;
const square = tensor('x', Float64Array.of(1, 2, 3, 4), [2, 2]);

export const numbers: Calls = {
  'chance/chance indexAt': { LawError: () => indexAt(0.5, [1, Number.NaN]) },
  'chance/chance sampled': { LawError: () => sampled(seededTape(0)).draw(slot, [0, 0]) },
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
  'numerics/stored stored': {
    ShapeError: () => stored('w', 'F32', new Float32Array(3), [2, 2]),
    OptionError: () => stored('w', 'F32', new Float64Array(4), [2, 2]),
  },
  'chance/tape seededTape': { OptionError: () => seededTape(-1) },
  'chance/tape replayedTape': { OptionError: () => replayedTape([]).uniform(slot) },
  'numerics/token checkToken': { TokenError: () => checkToken('token', 4, 4) },
  'numerics/tensor tensor': { ShapeError: () => tensor('x', new Float64Array(3), [2, 2]) },
  'numerics/tensor zeros': { ShapeError: () => zeros('x', [-1]) },
  'numerics/tensor at': { ShapeError: () => at(square, 0, 2) },
  'numerics/tensor expectShape': { ShapeError: () => expectShape('x', square, [2, 3]) },
  'numerics/tensor rowsOf': { ShapeError: () => rowsOf('x', square.transpose(1, 0)) },
  'numerics/tensor rowOf': { ShapeError: () => rowOf('x', square, 2) },
};
