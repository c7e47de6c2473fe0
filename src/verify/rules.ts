import { type Draft, isChain } from '../draft/draft.ts';
import { OptionError, UnsupportedError } from '../errors.ts';
import { greedy } from './greedy.ts';
import { rejection } from './rejection.ts';
import type { Rule } from './rule.ts';
import { sampleAndMatch } from './sample-and-match.ts';

/** Every acceptance rule, by name. */
export const RULES: ReadonlyMap<string, Rule> = new Map(
  [greedy, rejection, sampleAndMatch].map((rule) => [rule.name, rule]),
);

/**
 * The rule of this name.
 * @throws {@link OptionError} when there is none.
 * @example
 * import assert from 'node:assert/strict';
 * import { ruleNamed } from 'turbo-lora';
 * assert.equal(ruleNamed('rejection').shapes, 'chain');
 */
export function ruleNamed(name: string): Rule {
  const rule = RULES.get(name);
  if (rule === undefined) throw new OptionError('verification rule', `one of ${[...RULES.keys()].join(', ')}`, name);
  return rule;
}

/**
 * Asserts that a rule takes drafts of this shape.
 * @throws {@link UnsupportedError} when the draft branches and the rule verifies chains only.
 */
export function checkShape(rule: Rule, draft: Draft<unknown>): void {
  if (rule.shapes === 'chain' && !isChain(draft)) {
    throw new UnsupportedError(`rule ${rule.name}`, 'a draft without branches', 'a tree');
  }
}
