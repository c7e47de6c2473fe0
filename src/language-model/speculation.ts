/**
 * From the options of a generation to its rule and its drafter.
 * @packageDocumentation
 */
import { checkChildren, type DraftChoice } from '../draft/choice.ts';
import type { Drawn } from '../draft/draft.ts';
import { draftModelDrafter } from '../draft/draft-model.ts';
import type { Drafter } from '../draft/drafter.ts';
import { headsDrafter } from '../draft/heads-drafter.ts';
import { promptLookup } from '../draft/prompt-lookup.ts';
import { ConflictError, OptionError } from '../errors.ts';
import { Session } from '../model/session.ts';
import type { Rule } from '../verify/rule.ts';
import { RULES, ruleNamed, takesInWords, takesSiblings } from '../verify/rules.ts';
import { LIBRARY_DEFAULTS } from './defaults.ts';
import { inWords, isObject } from './given.ts';
import type { DrafterContext, DraftSource, GenerateOptions } from './options.ts';

/**
 * The rule that a generation is verified by.
 * @throws {@link OptionError} unless `verify` is the name of a rule or a rule.
 */
export function ruleOf({ verify = LIBRARY_DEFAULTS.verify }: GenerateOptions): Rule {
  if (typeof verify === 'string') return ruleNamed(verify);
  // Plain JavaScript may pass anything.
  const rule: Partial<Rule> | null = verify;
  if (isObject(rule) && typeof rule.decide === 'function' && isObject(rule.takes)) return verify;
  throw new OptionError('verify', `one of ${[...RULES.keys()].join(', ')}, or a rule`, inWords(verify));
}

/** How a generation speculates. */
export interface Speculation {
  readonly rule: Rule;
  readonly drafter: Drafter;
  /** Frees what the drafter has on a backend, if it was made for this generation. */
  close(): void;
}

/**
 * The rule and the drafter of a generation, or null for plain decoding.
 * @throws {@link ConflictError} when options exclude each other; {@link OptionError} for an unknown rule or an
 * impossible draft; {@link UnsupportedError} when the rule cannot plan for drafts of this size.
 */
export function speculationOf(context: DrafterContext, options: GenerateOptions): Speculation | null {
  const { draft = context.heads === null ? 'none' : 'turbo', draftTree } = options;
  const rule = ruleOf(options);
  checkDraft(draft, context);
  checkConflicts(draft, rule, options);
  if (draft === 'none') return null;
  checkUse(rule, context, draftTree ?? []);
  if (draftTree !== undefined) checkTree(draftTree);
  const drafter = drafterFrom(draft, context, rule, options);
  return { rule, drafter, close: () => (drafter === draft ? undefined : drafter.close?.()) };
}

/** What is left to whom: draft is checked before, so that a string is one of the names. */
function drafterFrom(
  draft: Exclude<DraftSource, 'none'>,
  context: DrafterContext,
  rule: Rule,
  options: GenerateOptions,
): Drafter {
  const { target, sampler, eosTokens, heads } = context;
  if (draft === 'lookup')
    return promptLookup({ length: options.draftTokens ?? LIBRARY_DEFAULTS.draftTokens, eosTokens });
  if (draft === 'turbo') {
    return headsDrafter({ target, heads: heads!, sampler, choice: draftChoice(rule, heads!.length, options) });
  }
  if (typeof draft === 'function') return checkedDrafter(draft(context));
  if ('propose' in draft) return checkedDrafter(draft);
  const { vocabularySize } = target.model.config;
  const { uploads = context.uploads } = draft;
  const session = new Session(uploads.backend, uploads.transformer(draft.transformer), uploads.adapter(draft.adapter));
  const choice = draftChoice(rule, LIBRARY_DEFAULTS.draftTokens, options);
  return draftModelDrafter({ session, vocabularySize, sampler, choice });
}

const SOURCES = ['none', 'turbo', 'lookup'];

function checkDraft(draft: DraftSource, { heads }: DrafterContext): void {
  const known =
    typeof draft === 'string'
      ? SOURCES.includes(draft)
      : typeof draft === 'function' || (isObject(draft) && ('propose' in draft || 'transformer' in draft));
  if (!known) {
    throw new OptionError('draft', `${SOURCES.join(', ')}, a language model or a drafter`, inWords(draft));
  }
  if (draft === 'turbo' && heads === null) {
    throw new ConflictError('draft turbo', 'an adapter with speculative heads', 'none');
  }
}

function checkedDrafter(drafter: Drafter): Drafter {
  if (isObject(drafter) && typeof drafter.propose === 'function') return drafter;
  throw new OptionError('draft', 'a drafter with a function propose', inWords(drafter));
}

function checkConflicts(draft: DraftSource, rule: Rule, options: GenerateOptions): void {
  const { draftTree, draftChoice, draftTokens, verify } = options;
  // A drafter of the user's own decides by itself how much it drafts and how.
  const own = typeof draft === 'function' || (typeof draft === 'object' && 'propose' in draft);
  if (draft === 'none' || own) {
    const needing = Object.entries({ draftTree, draftChoice, draftTokens }).find(([, value]) => value !== undefined);
    const expected = own ? 'a drafter that is made from options' : 'a drafter';
    if (needing) throw new ConflictError(needing[0], expected, own ? 'a drafter of your own' : 'draft none');
  }
  if (draft === 'none' && verify !== undefined && rule.draws === undefined) {
    throw new ConflictError(`verify ${rule.name}`, 'a drafter whose tokens it verifies', 'draft none');
  }
  if (draft === 'lookup' && draftChoice === 'sample') {
    throw new ConflictError('draft lookup', 'no sampling of drafts: it copies them', 'sampled drafts');
  }
  if (draftTree !== undefined) checkTreeConflicts(draft, rule, options);
}

function checkTreeConflicts(draft: DraftSource, rule: Rule, { draftTokens, draftChoice }: GenerateOptions): void {
  if (draft === 'lookup') throw new ConflictError('draft tree', 'draft turbo or a draft model', 'draft lookup');
  if (draftTokens !== undefined) throw new ConflictError('draft tree', 'no number of draft tokens', `${draftTokens}`);
  if (rule.takes.siblings === 'none') {
    throw new ConflictError(`verify ${rule.name}`, 'a chain of drafts', 'a draft tree');
  }
  const drawn = kindOfSiblings(rule, draftChoice);
  if (takesSiblings(rule, drawn)) return;
  const got = drawn === 'top' ? 'the most likely tokens' : 'sampled drafts';
  throw new ConflictError(`verify ${rule.name}`, `${takesInWords(rule)}`, got);
}

/** Siblings of the kind that the rule makes most of; draws without replacement where it takes any, or no draws. */
function kindOfSiblings({ takes: { siblings } }: Rule, choice: 'top1' | 'sample' = 'top1'): Drawn {
  if (choice === 'top1') return 'top';
  const kinds = typeof siblings === 'string' ? [] : siblings;
  return kinds.find((kind) => kind !== 'top') ?? 'without-replacement';
}

/** What the rule cannot serve is refused before anything runs. */
function checkUse(rule: Rule, { target, sampler }: DrafterContext, tree: readonly number[]): void {
  const { temperature, topK } = sampler.settings;
  const { vocabularySize } = target.model.config;
  const possibleTokens = topK > 0 ? Math.min(topK, vocabularySize) : vocabularySize;
  rule.checkUse?.({ temperature, possibleTokens, siblings: Math.max(1, ...tree) });
}

/** A full tree multiplies its levels; past this it costs more than it can gain, and soon more than memory. */
const MOST_TREE_NODES = 1024;

function checkTree(draftTree: readonly number[]): void {
  checkChildren(draftTree);
  let [width, nodes] = [1, 0];
  for (const children of draftTree) {
    width *= children;
    nodes += width;
  }
  if (nodes > MOST_TREE_NODES) throw new OptionError('draft tree', `at most ${MOST_TREE_NODES} nodes`, `${nodes}`);
}

function draftChoice(rule: Rule, length: number, options: GenerateOptions): DraftChoice {
  const { draftChoice: kind = 'top1', draftTokens = length, draftTree } = options;
  if (draftTree === undefined) return { kind, length: draftTokens };
  return { kind: 'full tree', children: draftTree, drawn: kindOfSiblings(rule, kind) };
}
