import { expect, it } from 'vitest';
import { mostTokens } from '../../../src/model/context.ts';
import { readFamily } from '../formats/families/cases.ts';

it('a model has as many positions as it has learned, as longrope was trained for, or any number', () => {
  const longrope = { type: 'longrope', short_factor: [1, 1], long_factor: [2, 2] };
  const long = readFamily('phi3', {
    max_position_embeddings: 999,
    original_max_position_embeddings: 77,
    rope_scaling: longrope,
  });
  expect(mostTokens(long.transformer)).toBe(77);
  expect(mostTokens(readFamily('gpt2', { n_positions: 33 }).transformer)).toBe(33);
  expect(mostTokens(readFamily('phi3', { max_position_embeddings: 55 }).transformer)).toBe(Number.POSITIVE_INFINITY);
});
