/**
 * What an audit found, in numbers.
 * @packageDocumentation
 */
import { smallestVisible } from './power.ts';
import type { Letter } from './round-letters.ts';
import type { RoundsTest } from './rounds-test.ts';
import { type PrefixRecord, type SequentialTest, visitsOf } from './sequential-test.ts';

/** What was observed after one prefix. */
export interface PrefixFinding {
  readonly prefix: readonly number[];
  /** How often the prefix was followed by a letter. */
  readonly visits: number;
  /** `1/2 sum_x |f(x) - p(x)|` of the frequencies f of the letters that followed; 0 without visits. */
  readonly totalVariation: number;
  /** The smallest total variation that must have raised the alarm by now; 1 while none would have. */
  readonly smallestVisible: number;
  /** ln of the evidence found after this prefix; infinite after a letter that the law excludes. */
  readonly logEvidence: number;
}

/** What a record of a test with this threshold says. */
export function findingOf(record: PrefixRecord, logThreshold: number): PrefixFinding {
  const { prefix, law, seen, excluded, logWealth } = record;
  const visits = visitsOf(record);
  const expected = Array.from(law, (p, letter) => (p > 0 ? Math.abs(seen.count(letter) / visits - p) : 0));
  const impossible = [...excluded.values()].map((times) => times / visits);
  const total = [...expected, ...impossible].reduce((sum, distance) => sum + distance, 0) / 2;
  return {
    prefix,
    visits,
    totalVariation: visits === 0 ? 0 : total,
    smallestVisible: smallestVisible(record, logThreshold),
    logEvidence: logWealth,
  };
}

/**
 * What was observed after each prefix, the most visited first; a letter that the law excludes counts as a frequency
 * where there should be none.
 * @example
 * import assert from 'node:assert/strict';
 * import { prefixFindings, SequentialTest } from 'turbo-lora/law';
 * const test = new SequentialTest({ after: () => [1, 0] }, [], 1e-6);
 * for (let i = 0; i < 1000; i++) test.observe([i === 0 ? 0 : 1]);
 * assert.equal(prefixFindings(test)[0]!.totalVariation, 0.999);
 */
export function prefixFindings(test: SequentialTest): PrefixFinding[] {
  return test.records().map((record) => findingOf(record, test.logThreshold));
}

/** What was decided at one place of rounds. */
export interface DecisionFinding {
  /** Which decision it was, after which tokens, about which drafted ones. */
  readonly about: Letter;
  readonly visits: number;
  /** Total variation of the frequencies from the rule's law; null where that depends on more than the place. */
  readonly totalVariation: number | null;
  /** The smallest total variation that must have raised the alarm by now; null as above. */
  readonly smallestVisible: number | null;
  readonly logEvidence: number;
}

/** What the rule decided at each place, the most visited first. */
export function decisionFindings(test: RoundsTest): DecisionFinding[] {
  return test.places().map(({ about, seen, law, logWealth, weight }) => {
    const distance = law?.reduce((sum, p, letter) => sum + Math.abs(seen.count(letter) / seen.total - p), 0);
    return {
      about,
      visits: seen.total,
      totalVariation: distance === undefined ? null : distance / 2,
      smallestVisible: law && smallestVisible({ law, seen, weight }, test.logThreshold),
      logEvidence: logWealth,
    };
  });
}

/** The prefix with the strongest evidence; of equal ones the most visited. */
export function worstPrefix(test: SequentialTest): PrefixFinding {
  return findingOf(worstRecord(test), test.logThreshold);
}

/** The record of the prefix with the strongest evidence; of equal ones the most visited. */
export function worstRecord(test: SequentialTest): PrefixRecord {
  return test.records().reduce((worst, one) => (one.logWealth > worst.logWealth ? one : worst));
}
