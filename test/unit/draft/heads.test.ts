import { describe, expect, it } from 'vitest';
import { headLogits, type SpeculativeHead, type SpeculativeHeads } from '../../../src/draft/heads.ts';
import { NonFiniteError, ShapeError } from '../../../src/errors.ts';
import { type Stored, stored } from '../../../src/numerics/stored.ts';
import { rowOf, rowsOf, type Tensor, tensor } from '../../../src/numerics/tensor.ts';
import { float64Ops } from '../../../src/ops/float64/index.ts';
import { numbersFrom, randomHeads, randomModel, smallConfig } from '../../support/random-model.ts';

const { vocabularySize: V, hiddenSize: D } = smallConfig;
const model = randomModel(1);
const sharedHead = (states: Tensor): Tensor => float64Ops.linear(states, model.head.weight, null);
const statesOf = (rows: number, scale = 1): Tensor => tensor('h', numbersFrom(9)(rows * D, scale), [rows, D]);
const own = stored('own', 'F64', numbersFrom(77)(V * D, 1), [V, D]);
/** Shared, own, shared, own: rows of the shared batch are not those of the heads. */
const mixed: SpeculativeHeads<Stored> = randomHeads(5, smallConfig, 4).map((head, i) =>
  i % 2 === 1 ? { ...head, output: own } : head,
);
const zero: SpeculativeHead<Stored> = {
  layers: [
    {
      weight: stored('w', 'F64', new Float64Array(D * D), [D, D]),
      bias: stored('b', 'F64', new Float64Array(D), [D]),
    },
  ],
  output: null,
};

describe('headLogits', () => {
  it('by hand: heads of zeros say what the LM head says, row for row', () => {
    const hidden = statesOf(3);
    const logits = headLogits(float64Ops, [zero, zero], hidden, sharedHead);
    const said = sharedHead(hidden);
    expect(rowsOf('logits', logits)).toMatchObject({ rows: 6, width: V });
    for (let row = 0; row < 6; row++) expect(rowOf('logits', logits, row)).toStrictEqual(rowOf('said', said, row % 3));
  });

  it.each([1, 2, 5])('%i rows: each head has the rows it has alone, shared and own LM heads mixed', (rows) => {
    const hidden = statesOf(rows);
    const logits = headLogits(float64Ops, mixed, hidden, sharedHead);
    expect(logits.shape).toEqual([mixed.length * rows, V]);
    for (let row = 0; row < rows; row++) {
      const state = float64Ops.pickRows(hidden, [row]);
      mixed.forEach((head, i) => {
        const alone = headLogits(float64Ops, [head], state, sharedHead);
        expect(rowOf('together', logits, i * rows + row)).toStrictEqual(rowOf('alone', alone, 0));
      });
    }
  });

  it('no rows give none', () => {
    expect(headLogits(float64Ops, mixed, statesOf(0), sharedHead).shape).toEqual([0, V]);
  });

  const layerOf = (weight: number[], bias: number[]): SpeculativeHead<Stored> => {
    const zeros = (shape: number[]) =>
      stored('w', 'F64', new Float64Array(shape.reduce((product, extent) => product * extent, 1)), shape);
    return { layers: [{ weight: zeros(weight), bias: zeros(bias) }], output: null };
  };
  it.each<[string, () => unknown]>([
    ['no heads', () => headLogits(float64Ops, [], statesOf(2), sharedHead)],
    [
      'states that are not a matrix',
      () => headLogits(float64Ops, mixed, tensor('h', new Float64Array(D), [D]), sharedHead),
    ],
    [
      'states of another width',
      () => headLogits(float64Ops, [zero], tensor('h', new Float64Array(4), [2, 2]), sharedHead),
    ],
    [
      'a weight that is not square',
      () => headLogits(float64Ops, [layerOf([D + 1, D], [D + 1])], statesOf(1), sharedHead),
    ],
    ['a bias of another width', () => headLogits(float64Ops, [layerOf([D, D], [1])], statesOf(1), sharedHead)],
    [
      'an LM head of another width',
      () =>
        headLogits(
          float64Ops,
          [{ ...zero, output: stored('o', 'F64', new Float64Array(6), [3, 2]) }],
          statesOf(1),
          sharedHead,
        ),
    ],
    [
      'a shared LM head that drops rows',
      () => headLogits(float64Ops, [zero, zero], statesOf(2), (x) => sharedHead(float64Ops.pickRows(x, [0, 1]))),
    ],
  ])('refuses %s', (_, call) => {
    expect(call).toThrow(ShapeError);
  });

  it('refuses logits that overflow, naming the head and the row', () => {
    const huge = { ...zero, output: stored('o', 'F64', new Float64Array(V * D).fill(1e308), [V, D]) };
    const hidden = tensor('h', new Float64Array(2 * D).fill(0, 0, D).fill(9, D), [2, D]);
    const call = () => headLogits(float64Ops, [zero, huge], hidden, sharedHead);
    expect(call).toThrow(NonFiniteError);
    expect(call).toThrow('logits of head 1, row 1: expected finite numbers, got Infinity');
  });
});
