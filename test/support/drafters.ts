/** Drafters that exist only to try verification hard. */
import type { Draft } from '../../src/draft/draft.ts';
import type { Drafter } from '../../src/draft/drafter.ts';
import { numbersFrom } from './random-model.ts';

/** Whole numbers in [0, below), from a seed. */
export function integersFrom(seed: number): (below: number) => number {
  const draw = numbersFrom(seed);
  return (below) => Math.floor(((draw(1, 1)[0]! + 1) / 2) * below);
}

/** Random tokens in a random tree (or chain), each with a random law or as a point mass. */
export function randomDrafter(seed: number, vocabularySize: number, shape: 'chain' | 'tree'): Drafter {
  const integer = integersFrom(seed);
  const numbers = numbersFrom(seed + 1);
  return {
    name: `random ${shape}`,
    propose({ maxDepth, lift }) {
      const draft = { tokens: [] as number[], parents: [] as number[], laws: [] as Draft<never>['laws'][number][] };
      const depths: number[] = [];
      for (let node = 0, nodes = integer(7); node < nodes; node++) {
        const parent = shape === 'chain' ? node - 1 : integer(node + 1) - 1;
        const depth = parent < 0 ? 1 : depths[parent]! + 1;
        if (depth > maxDepth) break;
        depths.push(depth);
        draft.tokens.push(integer(vocabularySize));
        draft.parents.push(parent);
        const law = numbers(vocabularySize, 0.5, 0.5);
        draft.laws.push(integer(2) === 0 ? 'point' : (lift(law) as ArrayLike<never>));
      }
      return draft;
    },
  };
}

/**
 * Knows a text and drafts it, sometimes with a wrong token, and beside it (in a tree) random siblings. Given a text
 * that runs past the place where decoding must stop, it shows whether anything stops inside an accepted block.
 */
export function knowingDrafter(
  seed: number,
  text: readonly number[],
  vocabularySize: number,
  options: { shape: 'chain' | 'tree'; length: number; wrongOneIn: number },
): Drafter {
  const integer = integersFrom(seed);
  return {
    name: `knowing ${options.shape}`,
    propose({ tokens, maxDepth }) {
      const draft = { tokens: [] as number[], parents: [] as number[], laws: [] as 'point'[] };
      const add = (token: number, parent: number): number => {
        draft.parents.push(parent);
        draft.laws.push('point');
        return draft.tokens.push(token) - 1;
      };
      let parent = -1;
      for (let depth = 0; depth < Math.min(maxDepth, options.length); depth++) {
        const next = text[tokens.length + depth] ?? integer(vocabularySize);
        const wrong = options.wrongOneIn > 0 && integer(options.wrongOneIn) === 0;
        if (options.shape === 'tree' && integer(2) === 0) add((next + 1) % vocabularySize, parent);
        parent = add(wrong ? (next + 1 + integer(vocabularySize - 1)) % vocabularySize : next, parent);
      }
      return draft;
    },
  };
}
