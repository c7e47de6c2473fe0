/**
 * Faults of tokens that are banned, favoured or forced.
 * @packageDocumentation
 */
import { type LawFault, onInputs, underSettings } from './law-fault.ts';

const bansSkipped = underSettings(
  'bans-skipped',
  'Banned tokens, words and n-grams are possible under speculation.',
  [],
  () => ({
    ...{ suppress_tokens: undefined, begin_suppress_tokens: undefined, bad_words_ids: undefined },
    ...{ no_repeat_ngram_size: undefined, encoder_no_repeat_ngram_size: undefined },
  }),
);

const biasSkipped = underSettings('bias-skipped', 'Biases have no effect under speculation.', [], () => ({
  logit_bias: undefined,
  sequence_bias: undefined,
}));

const forcedSkipped = underSettings('forced-skipped', 'Tokens are not forced under speculation.', [], () => ({
  forced_bos_token_id: undefined,
  forced_eos_token_id: undefined,
}));

const wordsBannedByLastToken = underSettings(
  'words-banned-by-last-token',
  'The last token of a banned word is banned after every text.',
  [],
  ({ bad_words_ids: words }) => ({ bad_words_ids: words?.map((word) => word.slice(-1)) }),
);

const ngramsOneLonger = underSettings(
  'ngrams-one-longer',
  'N-grams are banned that are one token longer than was asked.',
  [],
  ({ no_repeat_ngram_size: size }) => ({ no_repeat_ngram_size: size === undefined ? undefined : size + 1 }),
);

const beginSuppressedAlways = onInputs(
  'begin-suppressed-always',
  'Tokens that are banned at the beginning stay banned.',
  [],
  ({ settings: { begin_suppress_tokens: begin = [], suppress_tokens: banned = [], ...others } }) => ({
    settings: begin.length === 0 ? others : { ...others, suppress_tokens: [...banned, ...begin] },
  }),
);

/** Faults of bans and forced tokens. */
export const BAN_FAULTS: readonly LawFault[] = [
  ...[bansSkipped, biasSkipped, forcedSkipped, wordsBannedByLastToken, ngramsOneLonger, beginSuppressedAlways],
];
