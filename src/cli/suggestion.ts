import { distance } from 'fastest-levenshtein';

/** A word that needs more changes than this is another word. */
const MOST_CHANGES = 3;

/**
 * The candidate that was probably meant: the first that starts with the word, otherwise the nearest in spelling; null
 * if none is near.
 */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const begun = candidates.find((candidate) => word.length >= 3 && candidate.startsWith(word));
  if (begun !== undefined) return begun;
  const changes = candidates.map((candidate) => changesTo(word.toLowerCase(), candidate.toLowerCase()));
  const least = Math.min(...changes);
  const best = candidates[changes.indexOf(least)];
  return best !== undefined && least <= Math.min(MOST_CHANGES, best.length / 2) ? best : null;
}

/** Number of changes from one word to the other; a word that was only begun counts as one change. */
function changesTo(word: string, candidate: string): number {
  return Math.min(distance(word, candidate), 1 + distance(word, candidate.slice(0, word.length)));
}

/** ` (did you mean …?)`, or an empty string when no candidate is near. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const best = nearest(word, candidates);
  return best === null ? '' : ` (did you mean ${best}?)`;
}
