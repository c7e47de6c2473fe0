import { expect, it } from 'vitest';
import { pieceOf, tokenLayout } from '../../../../src/oracle/checkpoints/token-layout.ts';

it('takes the smallest usual vocabulary that has room', () => {
  expect(tokenLayout(13).vocabularySize).toBe(16);
  expect(tokenLayout(14).vocabularySize).toBe(320);
  expect(tokenLayout(62)).toEqual({ vocabularySize: 320, problem: 62, start: 317, first: 318, end: 319 });
  expect(tokenLayout(2, 5)).toEqual({ vocabularySize: 5, problem: 2, start: 2, first: 3, end: 4 });
});

it('gives every token its own piece, in plain ASCII', () => {
  const layout = tokenLayout(62);
  const pieces = Array.from({ length: 320 }, (_, token) => pieceOf(layout, token));
  expect(new Set(pieces).size).toBe(320);
  expect(pieces.slice(0, 62).join('')).toMatch(/^[a-zA-Z0-9]{62}$/);
  expect(pieces.slice(316)).toEqual(['<unused316>', '<start>', '<s>', '</s>']);
});
