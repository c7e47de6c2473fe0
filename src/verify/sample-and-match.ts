import { follow } from './follow.ts';
import type { Rule } from './rule.ts';

/**
 * Sample-and-match: draw y from the target's law, emit it, and continue from the child that equals y, if there is one.
 *
 * Every emitted token is drawn from the target's law given the tokens before it, so the rule is lossless for any draft
 * at any temperature, and the draft laws do not matter. A drafted token x is accepted with probability p(x), so the
 * acceptance is sum_x p(x) q(x), below rejection's sum_x min(p(x), q(x)).
 *
 * Draws are named by position: with the same tape the text is that of plain decoding.
 * @source LoRAX `server/lorax_server/utils/tokens.py`; llama.cpp `common/sampling.cpp`
 * (`common_sampler_sample_and_accept_n`)
 */
export const sampleAndMatch: Rule<'match'> = {
  name: 'match',
  guarantee: 'lossless; with the same random tape, exactly the text of plain decoding',
  lossless: 'law',
  sameText: true,
  source: 'LoRAX server/lorax_server/utils/tokens.py',
  takes: { siblings: 'any' },
  decide: (round, _arithmetic, chance) =>
    follow(round, (node, position) => chance.draw({ purpose: 'target', position }, round.target(node))),
};
