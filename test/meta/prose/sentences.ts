/** Turns of the sentence: word order, clauses and inversions. */
import { type Habit, habit } from './habit.ts';

export const SENTENCES: readonly Habit[] = [
  habit(
    'for, of a reason',
    /, for (?:it|they|there|he|she|we|you|such|its \w+ has) /i,
    'because, since',
    'It is never drawn, for it has no mass.',
    'It is never drawn, because it has no mass.',
  ),
  habit(
    'participle first',
    /(?:^|[.;:] )(?:Refused|Released|Chosen|Passed|Listed|Needed|Kept|Known|Held back|Missing|Added|Returned|Counted|Tried|Left) (?:is|are)\b/,
    'the subject first',
    'Refused are dropout and merges.',
    'Dropout and merges are refused.',
  ),
  habit(
    'is to be …ed',
    /\b(?:is|are|was|were) to be (?!expected\b)\w+/i,
    'must be, will be, should be',
    'A token that is to be drawn.',
    'A token that will be drawn, as is to be expected.',
  ),
  habit(
    'looks whether',
    /\blooks? whether\b/i,
    'checks whether',
    'It looks whether it may.',
    'It checks whether it may.',
  ),
  habit(
    'as it should be',
    /\bas (?:it|they) should be\b/i,
    'correct, correctly',
    'The rule as it should be.',
    'The correct rule.',
  ),
  habit(
    'Were it …',
    /(?:^|[.:;] )Were (?:…|`…`|it|they|there|the|an?)\b/,
    'If it were …',
    'They share it. Were it to return, all would.',
    'If it were to return, all would.',
  ),
  habit(
    'who wants …',
    /(?:\band|[,.:;]) who (?:wants|asks|needs|has)\b/i,
    'whoever, code that, callers that',
    'It is synchronous; who has to wait does so before.',
    'Code that must wait does so before.',
  ),
  habit(
    'as far as can be seen',
    /\bas far as can be seen\b/i,
    'no … detected',
    'Right as far as can be seen.',
    'Right.',
  ),
];
