import { stored } from '../../../src/numerics/stored.ts';
import { at, expectShape, matrixShape, rowOf, rowsOf, tensor, zeros } from '../../../src/numerics/tensor.ts';
import { checkToken } from '../../../src/numerics/token.ts';
import type { Calls } from './calls.ts';

const square = tensor('x', Float64Array.of(1, 2, 3, 4), [2, 2]);

export const numbers: Calls = {
  'numerics/stored stored': {
    ShapeError: () => stored('w', 'F32', new Float32Array(3), [2, 2]),
    OptionError: () => stored('w', 'F32', new Float64Array(4), [2, 2]),
  },
  'numerics/token checkToken': { TokenError: () => checkToken('token', 4, 4) },
  'numerics/tensor tensor': { ShapeError: () => tensor('x', new Float64Array(3), [2, 2]) },
  'numerics/tensor zeros': { ShapeError: () => zeros('x', [-1]) },
  'numerics/tensor at': { ShapeError: () => at(square, 0, 2) },
  'numerics/tensor expectShape': { ShapeError: () => expectShape('x', square, [2, 3]) },
  'numerics/tensor matrixShape': { ShapeError: () => matrixShape('x', { shape: [2] }) },
  'numerics/tensor rowsOf': { ShapeError: () => rowsOf('x', square.transpose(1, 0)) },
  'numerics/tensor rowOf': { ShapeError: () => rowOf('x', square, 2) },
};
