/** Words and idioms that have a plainer one. */
import { type Habit, habit } from './habit.ts';

export const WORDS: readonly Habit[] = [
  habit('worked out', /\bworked out\b/i, 'computed, derived', 'The threshold is worked out.', 'It is computed.'),
  habit(
    'says nothing of',
    /\bsays? nothing of\b/i,
    'does not say, says nothing about',
    'It says nothing of the joint law.',
    'It says nothing about the joint law.',
  ),
  habit(
    'speaks of',
    /\bspeaks? of\b/i,
    'describes, predicts, is about',
    'Row i speaks of i + 1.',
    'It predicts i + 1.',
  ),
  habit(
    'the very …',
    /\b(?:the|this|that) very (?!first|last|same|end|beginning|start|least|best|most|large|small|long|few|many)/i,
    'exactly the, the same',
    'The very text of plain decoding.',
    'Exactly the text, at the very first pass.',
  ),
  habit('in silence', /\bin silence\b/i, 'silently', 'It was cut in silence.', 'It was silently cut.'),
  habit('without a word', /\bwithout a word\b/i, 'silently', 'It spreads without a word.', 'It spreads silently.'),
  habit(
    'of old',
    /\b(?:files|folders|versions|names) of old\b(?! )/i,
    'old',
    'Folders of old, too.',
    'Old folders, too.',
  ),
  habit('strangers', /\bstrangers?\b/i, 'untrusted', 'Files come from strangers.', 'Files are untrusted.'),
  habit('now and then', /\bnow and then\b/i, 'sometimes, from time to time', 'It reports now and then.', 'At times.'),
  habit('anew', /\banew\b/i, 'again', 'It is made anew.', 'It is made again.'),
  habit('surely', /\bsurely\b/i, 'certainly, clearly', 'It is surely accepted.', 'It is always accepted.'),
  habit('foretell', /\bforet[eo]ll?d?\b/i, 'predict', 'Easy to foretell.', 'Easy to predict.'),
  habit('drawn evenly', /\bdrawn evenly\b/i, 'drawn uniformly', 'Drafts drawn evenly.', 'Drafts drawn uniformly.'),
  habit('on the average', /\bon the average\b/i, 'on average', 'Half that on the average.', 'Half that on average.'),
  habit('for ever', /\bfor ever\b/i, 'forever', 'It can loop for ever.', 'It can loop forever.'),
  habit(
    'in the manner of',
    /\bin the manner of\b/i,
    'like',
    'A template in the manner of Llama.',
    'A template like it.',
  ),
  habit(
    'the one …',
    /\b[Tt]he one (?:writer|reader|place|file|way)\b/,
    'the only …',
    'The one reader.',
    'The only reader.',
  ),
];
