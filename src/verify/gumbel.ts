import { follow } from './follow.ts';
import type { Rule } from './rule.ts';

/**
 * Gumbel coupling: at each position one set of exponential clocks is raced under the target's law and, by the drafter,
 * under the draft law. Emit the target's winner; continue iff it was drafted.
 *
 * The text is the sequence of the target's winners, so it has the target's law and does not depend on the drafter at
 * all: with the same tape it is the text of plain decoding that draws by race. A token drawn by race from q is accepted
 * with probability `sum_x 1 / sum_y max(p_y / p_x, q_y / q_x)`, at least `(1 - d) / (1 + d)` with d the total
 * variation. Any other draft is verified too, with the acceptance of sample-and-match.
 * @source Daliri et al. 2024, arXiv 2408.07978
 */
export const gumbel: Rule<'gumbel'> = {
  name: 'gumbel',
  guarantee: 'lossless; with the same random tape, exactly the text of plain decoding by race, for any drafter',
  lossless: 'law',
  sameText: true,
  source: 'Daliri et al. 2024, arXiv 2408.07978',
  takes: { siblings: 'any' },
  draws: 'race',
  decide: (round, _arithmetic, chance) =>
    follow(round, (node, position) => chance.race({ purpose: 'target', position }, round.target(node))),
};
