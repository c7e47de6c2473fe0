import { type Draft, type Drawn, drawnOf, isChain } from '../draft/draft.ts';
import { OptionError, UnsupportedError } from '../errors.ts';
import { block } from './block.ts';
import { eagle } from './eagle.ts';
import { greedy } from './greedy.ts';
import { gumbel } from './gumbel.ts';
import { kSeq } from './k-seq.ts';
import { lenience } from './lenience.ts';
import { optimalTransport } from './optimal-transport.ts';
import { recursive } from './recursive.ts';
import { rejection } from './rejection.ts';
import type { Rule } from './rule.ts';
import { sampleAndMatch } from './sample-and-match.ts';
import { specinfer } from './specinfer.ts';
import { traversal } from './traversal.ts';
import { typical } from './typical.ts';

// The only list of rules. In listing order: rules for chains and for any draft, then those for trees, then the
// lossy ones.
const ALL = [
  ...[greedy, rejection, sampleAndMatch, gumbel, block],
  ...[specinfer, recursive, eagle, kSeq, optimalTransport, traversal],
  ...[typical, lenience],
] as const;

/** Name of an acceptance rule. @useDeclaredType */
export type RuleName = (typeof ALL)[number]['name'];

/** Every acceptance rule, by name. */
export const RULES: ReadonlyMap<string, Rule> = new Map(ALL.map((rule) => [rule.name, rule]));

/** The rule of a generation that names none: it is lossless for any draft, and keeps the text of plain decoding. */
export const DEFAULT_RULE: typeof sampleAndMatch = sampleAndMatch;

/** The rule that most engines have, for drafts that are sampled. */
export const USUAL_RULE: Rule = rejection;

/**
 * The rule of this name.
 * @throws {@link OptionError} when there is none.
 * @example
 * import assert from 'node:assert/strict';
 * import { ruleNamed } from 'turbo-lora/verify';
 * assert.equal(ruleNamed('rejection').takes.siblings, 'none');
 */
export function ruleNamed(name: string): Rule {
  const rule = RULES.get(name);
  if (rule === undefined) throw new OptionError('verification rule', `one of ${[...RULES.keys()].join(', ')}`, name);
  return rule;
}

/** Whether a rule accepts siblings drawn in this way (null: it is not known how). */
export function takesSiblings({ takes: { siblings } }: Rule, drawn: Drawn | null): boolean {
  if (siblings === 'any') return true;
  return siblings !== 'none' && drawn !== null && siblings.includes(drawn);
}

/** Which drafts a rule accepts, in words. */
export function takesInWords({ takes: { siblings } }: Rule): string {
  if (siblings === 'none') return 'chains';
  if (siblings === 'any') return 'chains and trees';
  return `chains and trees (siblings ${siblings.join(', ')})`;
}

/**
 * Asserts that a rule accepts drafts of this shape.
 * @throws {@link UnsupportedError} when the draft branches and the rule verifies chains only, or siblings of another
 * kind.
 */
export function checkShape(rule: Rule, draft: Draft<unknown>): void {
  if (isChain(draft) || takesSiblings(rule, drawnOf(draft))) return;
  const got = drawnOf(draft) === null ? 'siblings without saying how they were drawn' : `siblings ${drawnOf(draft)}`;
  if (rule.takes.siblings === 'none')
    throw new UnsupportedError(`rule ${rule.name}`, 'a draft without branches', 'a tree');
  throw new UnsupportedError(`rule ${rule.name}`, takesInWords(rule), got);
}
