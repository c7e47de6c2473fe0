/** Turns about what there is, how much of it, and what is missing. */
import { type Habit, habit } from './habit.ts';

export const AMOUNTS: readonly Habit[] = [
  habit('so many', /\bso many\b/i, 'this many, that many', 'Among so many rounds.', 'Among this many rounds.'),
  habit(
    'is no …',
    /(?<!\bthere )\b(?:is|are|was|were|be) no (?!longer\b|more\b|less\b|\w+er\b|such\b|matter\b)/i,
    'is not a …; "there is no …" is fine',
    'Parents that are no tree.',
    'There is no tree, and it is no longer than before.',
  ),
  habit(
    'is none',
    /(?<!\b[Tt]here |\b[Tt]here should )\b(?:is|are|was|were|be) none\b(?! of\b)/,
    'is not one, is invalid, is empty; "there are none" is fine',
    'Refuses what is none.',
    'Null when there is none.',
  ),
  habit(
    'a … of its own',
    /\b(?:an?|have|has|with|needs?|clocks|limits|rules|laws) (?:[\w-]+ ){0,3}of (?:its|their|our|his) own\b/i,
    'its own …, a separate …, a unique …',
    'It runs in a process of its own.',
    'It runs in its own process, by the root of its own rank.',
  ),
  habit('an own …', /\ban own\b/i, 'its own …', 'Heads with an own matrix.', 'Heads with their own matrix.'),
  habit('to be had', /\bto be had\b/i, 'available', 'Samples only are to be had.', 'Only samples are available.'),
  habit('can be had', /\bcan be had\b/i, 'are available', 'That can be had.', 'That is available.'),
  habit('it alone', /\b(?:it|that|which) alone\b/i, 'only', 'The code says it alone.', 'Only the code says it.'),
  habit('but for', /\bbut for\b/i, 'except (for)', 'All but for the last.', 'All except the last.'),
  habit(
    'apart, for separately',
    /\b(?:judged|counted|timed|measured|checked|listed|kept|printed|shown|stated) apart\b/i,
    'separately; "told apart" is fine',
    'Times are counted apart.',
    'They cannot be told apart, and are counted separately.',
  ),
  habit(
    'what is worth knowing but no …',
    /\bbut no (?:error|warning|result)\b/i,
    'but not an …',
    'Worth knowing but no error.',
    'Worth knowing, but not an error.',
  ),
  habit(
    'has not, at the end',
    /\b(?:JSON|it|they|library|engine|class) (?:has|have) not[.;:)]/i,
    'does not have, lacks',
    'Infinity, which JSON has not.',
    'Infinity, which JSON lacks and has not seen.',
  ),
];
