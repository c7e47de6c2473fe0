/**
 * What the vectors of laws are about: for each processor alone, and for combinations, which settings are tried.
 * @packageDocumentation
 */
import type { Dice } from '../dice.ts';
import type { VectorSettings } from './vector-settings.ts';

/** A file of laws. */
export interface LawTopic {
  readonly name: string;
  /** What it says about itself. */
  readonly about: string;
  /** Settings chosen for what they may reveal. */
  readonly edges: readonly VectorSettings[];
  /** Random settings, for V tokens. */
  random(dice: Dice, vocabulary: number): VectorSettings;
}

const TEMPERATURES = [0.3, 0.5, 0.7, 1, 1.25, 2] as const;
const some = (dice: Dice, vocabulary: number, most: number): number[] => {
  const chosen = new Set<number>();
  for (let i = dice.below(most); i >= 0; i--) chosen.add(dice.below(vocabulary));
  return [...chosen];
};
const steps = (dice: Dice, least: number, most: number, step: number): number =>
  (least + dice.below(most - least + 1)) * step;

const SHAPING_TOPICS: readonly LawTopic[] = [
  {
    name: 'temperature',
    about: 'temperature: logits are divided by it; at 0 the largest logit gets everything',
    edges: [{}, ...[0, 1e-6, 0.01, 0.5, 2, 100, 1e6].map((temperature) => ({ temperature }))],
    random: (dice) => ({ temperature: steps(dice, 0, 16, 1 / 8) }),
  },
  {
    name: 'top-k',
    about: 'top_k: the k largest logits stay, and every logit equal to the smallest of them; 0 is off',
    edges: [0, 1, 2, 7, 8, 9, 1000].map((top_k) => ({ top_k })),
    random: (dice, vocabulary) => ({ top_k: 1 + dice.below(vocabulary), temperature: dice.pick(TEMPERATURES) }),
  },
  {
    name: 'top-p',
    about: 'top_p: the least likely tokens go as long as their mass is at most 1 - p; the most likely always stays',
    edges: [0, 1e-9, 0.125, 0.25, 0.5, 0.75, 0.875, 0.9, 0.999999, 1].map((top_p) => ({ top_p })),
    random: (dice) => ({ top_p: steps(dice, 1, 63, 1 / 64), temperature: dice.pick(TEMPERATURES) }),
  },
  {
    name: 'min-p',
    about: 'min_p: tokens below this share of the largest probability go; one at the border stays',
    edges: [0, 1e-9, 0.05, 0.5, 1].map((min_p) => ({ min_p })),
    random: (dice) => ({ min_p: steps(dice, 1, 32, 1 / 64), temperature: dice.pick(TEMPERATURES) }),
  },
  {
    name: 'other-filters',
    about: 'typical_p, epsilon_cutoff, eta_cutoff and top_h, as in transformers',
    edges: [{ typical_p: 0.5 }, { epsilon_cutoff: 0.125 }, { eta_cutoff: 0.5 }, { top_h: 1 }, { top_h: 0.25 }],
    random: (dice) => ({
      ...dice.pick([
        { typical_p: steps(dice, 8, 60, 1 / 64) },
        { epsilon_cutoff: steps(dice, 1, 16, 1 / 64) },
        { eta_cutoff: steps(dice, 1, 32, 1 / 64) },
        { top_h: steps(dice, 8, 64, 1 / 64) },
      ]),
      temperature: dice.pick(TEMPERATURES),
    }),
  },
];

const TEXT_TOPICS: readonly LawTopic[] = [
  {
    name: 'repetition',
    about:
      'repetition_penalty: each token of prompt, text and drafted prefix once, positive logits divided, negative ones multiplied; encoder_repetition_penalty: the contrary, for the prompt',
    edges: [{ repetition_penalty: 1 }, { repetition_penalty: 2 }, { repetition_penalty: 0.5 }],
    random: (dice) =>
      dice.once(4)
        ? { encoder_repetition_penalty: steps(dice, 9, 16, 1 / 8) }
        : { repetition_penalty: steps(dice, 9, 24, 1 / 8), temperature: dice.pick([0, 1, 1]) },
  },
  {
    name: 'occurrences',
    about: 'frequency_penalty and presence_penalty: generated and drafted tokens, not the prompt',
    edges: [{ frequency_penalty: 0.5 }, { presence_penalty: 0.5 }, { frequency_penalty: -0.5, presence_penalty: 1 }],
    random: (dice) => ({
      frequency_penalty: steps(dice, -4, 8, 1 / 8),
      presence_penalty: steps(dice, -4, 8, 1 / 8),
      temperature: dice.pick([0, 1, 1]),
    }),
  },
  {
    name: 'bias',
    about: 'logit_bias and sequence_bias: added before everything else',
    edges: [{ logit_bias: [[0, 4]] }, { logit_bias: [[0, -100]] }],
    random: (dice, vocabulary) => ({
      logit_bias: some(dice, vocabulary, 4).map((token): [number, number] => [token, steps(dice, -16, 16, 1 / 4)]),
      ...(dice.once(2) && {
        sequence_bias: [[[dice.below(vocabulary), dice.below(vocabulary)], steps(dice, -16, 16, 1 / 4)] as const],
      }),
      temperature: dice.pick([0, 0.5, 1, 2]),
    }),
  },
  {
    name: 'bans',
    about: 'suppress_tokens, begin_suppress_tokens, bad_words_ids and n-grams that must not occur twice',
    edges: [{ suppress_tokens: [0, 1] }, { bad_words_ids: [[2]] }, { no_repeat_ngram_size: 1 }],
    random: (dice, vocabulary) =>
      dice.pick<VectorSettings>([
        { suppress_tokens: some(dice, vocabulary, 5) },
        { begin_suppress_tokens: some(dice, vocabulary, 5) },
        { bad_words_ids: [[dice.below(4), dice.below(4)], [dice.below(4), dice.below(4)], [dice.below(vocabulary)]] },
        { no_repeat_ngram_size: 2 },
        { encoder_no_repeat_ngram_size: 2 },
      ]),
  },
  {
    name: 'lengths',
    about: 'min_new_tokens, min_length, forced first and last tokens, and a growing wish to end',
    edges: [0, 1, 2, 3].map((min_new_tokens) => ({ min_new_tokens, eos_token_id: [0, 3] })),
    random: (dice, vocabulary) => ({
      eos_token_id: some(dice, vocabulary, 3),
      ...dice.pick<VectorSettings>([
        { min_new_tokens: dice.below(7) },
        { min_length: dice.below(12) },
        { forced_eos_token_id: some(dice, vocabulary, 2), max_new_tokens: 1 + dice.below(6) },
        { exponential_decay_length_penalty: [dice.below(4), steps(dice, 9, 16, 1 / 8)] },
      ]),
      temperature: dice.pick([0, 1, 1]),
    }),
  },
];

const COMBINATIONS: LawTopic = {
  name: 'combinations',
  about: 'several processors at once: biases, penalties, bans and lengths, then temperature, top_k, top_p and min_p',
  edges: [
    { temperature: 0.6, top_k: 4, top_p: 0.75, min_p: 0.0625 },
    { temperature: 0.6, top_p: 0.95, repetition_penalty: 1.125 },
    { temperature: 0, repetition_penalty: 1.5, min_new_tokens: 3, eos_token_id: [0] },
  ],
  random(dice, vocabulary) {
    const filters = SHAPING_TOPICS.slice(1, 4).filter(() => !dice.once(3));
    const others = TEXT_TOPICS.filter(() => dice.once(3));
    const chosen = [...others, ...filters].map((topic) => topic.random(dice, vocabulary));
    return Object.assign({}, ...chosen, { temperature: dice.once(8) ? 0 : dice.pick(TEMPERATURES) });
  },
};

/** The files of laws. */
export const LAW_TOPICS: readonly LawTopic[] = [...SHAPING_TOPICS, ...TEXT_TOPICS, COMBINATIONS];
