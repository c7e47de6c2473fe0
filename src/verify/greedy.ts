import { mostLikely } from '../chance/distribution.ts';
import { ConflictError } from '../errors.ts';
import { follow } from './follow.ts';
import type { Rule } from './rule.ts';

/**
 * Greedy verification: a drafted token is accepted iff it is the target's most likely one (lowest id on ties); the
 * round ends with the target's most likely token after the accepted branch. It uses no randomness.
 *
 * The text is that of plain greedy decoding, token for token. It is not a sampler: at a temperature above 0 its law is
 * still a point mass, whatever the target's.
 * @source Stern et al. 2018, arXiv 1811.03115 (blockwise parallel decoding), section 3
 */
export const greedy: Rule<'greedy'> = {
  name: 'greedy',
  guarantee: 'the text of plain greedy decoding, token for token',
  lossless: 'text',
  source: 'Stern et al. 2018, arXiv 1811.03115',
  takes: { siblings: 'any' },
  checkUse({ temperature }) {
    if (temperature > 0) throw new ConflictError('verify greedy', 'temperature 0', `temperature ${temperature}`);
  },
  decide: (round, arithmetic) => follow(round, (node) => mostLikely(arithmetic, round.target(node))),
};
