/** The two problems that the chapter "Why it is lossless" works with. */
import { type Problem, type ProblemInput, problemFrom } from 'turbo-lora/law';

/** One drafted token out of three. */
export const ONE_TOKEN: ProblemInput = {
  vocabulary: 3,
  target: ['1/2', '3/10', '1/5'],
  draft: ['1/5', '3/10', '1/2'],
};

/** Two drafted tokens out of two, with other laws after every prefix. */
export const TWO_TOKENS: ProblemInput = {
  vocabulary: 2,
  target: {
    after: {
      '': ['1/2', '1/2'],
      '0': ['1/4', '3/4'],
      '1': ['2/3', '1/3'],
      '0 0': ['2/5', '3/5'],
      '0 1': ['1/5', '4/5'],
      '1 0': ['5/6', '1/6'],
      '1 1': ['3/8', '5/8'],
    },
  },
  draft: {
    after: { '': ['2/3', '1/3'], '0': ['1/2', '1/2'], '1': ['1/3', '2/3'] },
  },
  shape: { chain: 2 },
};

export const oneToken: Problem = problemFrom(ONE_TOKEN);
export const twoTokens: Problem = problemFrom(TWO_TOKENS);

/** Every prefix of tokens of this length, in order. */
export function prefixesOf(length: number, vocabulary: number): number[][] {
  if (length === 0) return [[]];
  const tokens = Array.from({ length: vocabulary }, (_, token) => token);
  return prefixesOf(length - 1, vocabulary).flatMap((prefix) => tokens.map((token) => [...prefix, token]));
}
