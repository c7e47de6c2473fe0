/**
 * Turns of phrase that were once all over this tree and that no native engineer writes. Each has what to write instead,
 * a sentence that shows the habit, and one that must pass. A turn with a good use is listed only as far as it is bad.
 */

export interface Habit {
  /** The turn, as people would call it. */
  readonly name: string;
  readonly pattern: RegExp;
  readonly instead: string;
  /** A sentence with the habit, for the test of the test. */
  readonly bad: string;
  /** The same in plain English, or a good use of the same words. */
  readonly good: string;
}

function habit(name: string, pattern: RegExp, instead: string, bad: string, good: string): Habit {
  return { name, pattern, instead, bad, good };
}

export const HABITS: readonly Habit[] = [
  habit(
    'behind, of an order',
    /(?<!left |leaves? |leaving |nothing |file |look-|"|hides? |hidden |falls |lags )\bbehind\b/i,
    'after, past, below; "left behind" is fine',
    'A read behind the end of the array.',
    'No temporary file is left behind.',
  ),
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
  habit('worked out', /\bworked out\b/i, 'computed, derived', 'The threshold is worked out.', 'It is computed.'),
  habit(
    'at an engine',
    /\bat (?:an engine|transformers|the (?:user|caller)['’]s)\b/i,
    'of an engine, in transformers',
    'As at an engine.',
    'As in an engine.',
  ),
  habit(
    'stands, of a place',
    /\bstands?\b(?! for\b| in for\b| by\b| alone\b| out\b)/i,
    'is, comes, is written; "stands for" is fine',
    'Where it stands in the text.',
    'A number stands for its shortest decimal.',
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
  habit('it alone', /\b(?:it|that|which) alone\b/i, 'only', 'The code says it alone.', 'Only the code says it.'),
  habit('but for', /\bbut for\b/i, 'except (for)', 'All but for the last.', 'All except the last.'),
  habit(
    'for, of a reason',
    /, for (?:it|they|there|he|she|we|you|such|its \w+ has) /i,
    'because, since',
    'It is never drawn, for it has no mass.',
    'It is never drawn, because it has no mass.',
  ),
  habit(
    'the very …',
    /\b(?:the|this|that) very (?!first|last|same|end|beginning|start|least|best|most|large|small|long|few|many)/i,
    'exactly the, the same',
    'The very text of plain decoding.',
    'Exactly the text, at the very first pass.',
  ),
  habit(
    'participle first',
    /(?:^|[.;:] )(?:Refused|Released|Chosen|Passed|Listed|Needed|Kept|Known|Held back|Missing|Added|Returned|Counted|Tried|Left) (?:is|are)\b/,
    'the subject first',
    'Refused are dropout and merges.',
    'Dropout and merges are refused.',
  ),
  habit(
    'come to be',
    /\bc[oa]m(?:e|es|ing) to be\b/i,
    'arise, are drawn',
    'How siblings come to be.',
    'How they are drawn.',
  ),
  habit(
    'in the place of',
    /\bin (?:the|its|their) place of\b/i,
    'instead of, replaces',
    'One branch in the place of all.',
    'One branch instead of all takes the place of the rest.',
  ),
  habit('in silence', /\bin silence\b/i, 'silently', 'It was cut in silence.', 'It was silently cut.'),
  habit('without a word', /\bwithout a word\b/i, 'silently', 'It spreads without a word.', 'It spreads silently.'),
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
    'apart, for separately',
    /\b(?:judged|counted|timed|measured|checked|listed|kept|printed|shown|stated) apart\b/i,
    'separately; "told apart" is fine',
    'Times are counted apart.',
    'They cannot be told apart, and are counted separately.',
  ),
  habit(
    'as it should be',
    /\bas (?:it|they) should be\b/i,
    'correct, correctly',
    'The rule as it should be.',
    'The correct rule.',
  ),
  habit(
    'of old',
    /\b(?:files|folders|versions|names) of old\b(?! )/i,
    'old',
    'Folders of old, too.',
    'Old folders, too.',
  ),
  habit(
    'lies, of a place',
    /\blies? (?:in|on|at|below|above|beside|next|apart|where)\b/i,
    'is; "lies between" is fine',
    'The folder lies in the cache.',
    'A number that lies between two others.',
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
  habit('passed over', /\bpassed over\b/i, 'ignored, skipped', 'A key that is passed over.', 'It is ignored.'),
  habit(
    'hands over',
    /\bhand(?:s|ed)? over\b/i,
    'passes, passes on, gives',
    'It hands over the raw law.',
    'It passes the raw law on.',
  ),
  habit(
    'what is worth knowing but no …',
    /\bbut no (?:error|warning|result)\b/i,
    'but not an …',
    'Worth knowing but no error.',
    'Worth knowing, but not an error.',
  ),
  habit('strangers', /\bstrangers?\b/i, 'untrusted', 'Files come from strangers.', 'Files are untrusted.'),
  habit(
    'went alike',
    /\b(?:went|go|goes|gone) alike\b/i,
    'were identical',
    'Rounds that went alike.',
    'Rounds that were identical, alike in all respects.',
  ),
  habit(
    'without a look',
    /\bwithout a look\b/i,
    'without reading',
    'Known without a look.',
    'Known without reading it.',
  ),
  habit(
    'what hangs on',
    /\b(?:what|chance that) hangs on\b/i,
    'depends on, the subtree of',
    'A node is left out with what hangs on it.',
    'A regular expression that hangs on a text.',
  ),
  habit(
    'looked at, for read',
    /\b(?:is|are|was|were|be|been|being|never|once) looked at\b/i,
    'read, checked, considered',
    'The header alone is looked at.',
    'Only the header is read.',
  ),
  habit('now and then', /\bnow and then\b/i, 'sometimes, from time to time', 'It reports now and then.', 'At times.'),
  habit('anew', /\banew\b/i, 'again', 'It is made anew.', 'It is made again.'),
  habit(
    'takes … for',
    /\b(?:taken for (?!granted)|takes? (?:none|null|NaN|it|them) for)/i,
    'treats as',
    'A null is taken for zero.',
    'A null counts as zero; it is taken for granted.',
  ),
  habit(
    'at its place',
    /\bat (?:its|that|this|their) place\b/i,
    'at its position',
    'Tokens at its place.',
    'At its position.',
  ),
  habit('surely', /\bsurely\b/i, 'certainly, clearly', 'It is surely accepted.', 'It is always accepted.'),
  habit('foretell', /\bforet[eo]ll?d?\b/i, 'predict', 'Easy to foretell.', 'Easy to predict.'),
  habit('drawn evenly', /\bdrawn evenly\b/i, 'drawn uniformly', 'Drafts drawn evenly.', 'Drafts drawn uniformly.'),
  habit('on the average', /\bon the average\b/i, 'on average', 'Half that on the average.', 'Half that on average.'),
  habit('for ever', /\bfor ever\b/i, 'forever', 'It can loop for ever.', 'It can loop forever.'),
  habit(
    'leave aside',
    /\b(?:leaves? (?:it|them|the file|everything) aside|left aside)\b/i,
    'ignore',
    'The file can be left aside.',
    'The file can be ignored.',
  ),
  habit(
    'in the manner of',
    /\bin the manner of\b/i,
    'like',
    'A template in the manner of Llama.',
    'A template like it.',
  ),
  habit(
    'as far as can be seen',
    /\bas far as can be seen\b/i,
    'no … detected',
    'Right as far as can be seen.',
    'Right.',
  ),
  habit(
    'has not, at the end',
    /\b(?:JSON|it|they|library|engine|class) (?:has|have) not[.;:)]/i,
    'does not have, lacks',
    'Infinity, which JSON has not.',
    'Infinity, which JSON lacks and has not seen.',
  ),
  habit(
    'the one …',
    /\b[Tt]he one (?:writer|reader|place|file|way)\b/,
    'the only …',
    'The one reader.',
    'The only reader.',
  ),
  habit(
    'not there',
    /\b(?:file|folder|tensor|key|model|adapter|which|that|it) (?:is|are) not there\b/i,
    'is missing, does not exist',
    'A folder that is not there.',
    'A folder that does not exist.',
  ),
];

/** Turns of a text that are habits. */
export function habitsIn(text: string): Habit[] {
  return HABITS.filter(({ pattern }) => pattern.test(text));
}
