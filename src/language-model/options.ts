/**
 * What a user can ask of a generation, checked before anything runs.
 * @packageDocumentation
 */

import type { Step } from '../decode/step.ts';
import { checkChildren, type DraftChoice } from '../draft/choice.ts';
import type { Drawn } from '../draft/draft.ts';
import { draftModelDrafter } from '../draft/draft-model.ts';
import type { Drafter } from '../draft/drafter.ts';
import { headsDrafter } from '../draft/heads-drafter.ts';
import { promptLookup } from '../draft/prompt-lookup.ts';
import { ConflictError, OptionError } from '../errors.ts';
import { Session } from '../model/session.ts';
import type { Tape } from '../numerics/tape.ts';
import type { Sampler } from '../sampling/sampler.ts';
import type { SamplingInput } from '../sampling/settings.ts';
import type { Rule } from '../verify/rule.ts';
import { ruleNamed, takesInWords, takesSiblings } from '../verify/rules.ts';
import type { LanguageModel } from './language-model.ts';

/** Who drafts: nobody, the adapter's heads, an n-gram lookup in the text, or another model. */
export type DraftSource = 'none' | 'turbo' | 'lookup' | LanguageModel;

/** Options of one generation. */
export interface GenerateOptions extends Omit<SamplingInput, 'eosTokens'> {
  /** Tokens to generate at most; default 128. */
  readonly maxNewTokens?: number;
  /** Names the random tape; default 0. Without effect at temperature 0. */
  readonly seed?: number;
  /** A tape instead of a seed. */
  readonly tape?: Tape;
  /** Who drafts; by default the heads if the adapter has some, else nobody. */
  readonly draft?: DraftSource;
  /** Drafted tokens per round; by default one per head, else 4. */
  readonly draftTokens?: number;
  /** Children per node and depth of a drafted tree, such as [3, 2, 1]; by heads or a draft model. */
  readonly draftTree?: readonly number[];
  /**
   * `top1` drafts the most likely tokens (default), `sample` draws them from the drafter's law; siblings of a tree
   * independently or without replacement, as the rule wants them.
   */
  readonly draftChoice?: 'top1' | 'sample';
  /** Name of the acceptance rule; default `match`. Under `gumbel` plain decoding draws by race too. */
  readonly verify?: string;
  /** The text ends when one of these is complete; it is not part of the text. */
  readonly stopStrings?: readonly string[];
  /** Tokens that end a text; by default those of the model. */
  readonly eosTokens?: readonly number[];
  /** Whether steps carry the target and draft laws that they were decided by, for a trace. */
  readonly recordLaws?: boolean;
  /** Called after each pass through the target. */
  readonly onStep?: (step: Step) => void;
}

// `satisfies` holds the list to the interface: a key that is missing here does not compile.
const KNOWN = {
  ...{ temperature: 0, topK: 0, topP: 0, minP: 0, repetitionPenalty: 0, frequencyPenalty: 0, presencePenalty: 0 },
  ...{ topH: 0, typicalP: 0, epsilonCutoff: 0, etaCutoff: 0, encoderRepetitionPenalty: 0, removeInvalidValues: 0 },
  ...{ noRepeatNgramSize: 0, encoderNoRepeatNgramSize: 0, exponentialDecayLengthPenalty: 0, minLength: 0 },
  ...{ logitBias: 0, sequenceBias: 0, badWords: 0, bannedTokens: 0, beginSuppressTokens: 0, forcedBosTokens: 0 },
  ...{ forcedEosTokens: 0, minNewTokens: 0, maxNewTokens: 0, seed: 0, tape: 0, eosTokens: 0 },
  ...{ draft: 0, draftTokens: 0, draftTree: 0, draftChoice: 0, verify: 0, stopStrings: 0, onStep: 0 },
  ...{ recordLaws: 0 },
} satisfies Record<keyof GenerateOptions, 0>;

/** Asserts that no option is unknown: a misspelt one would be ignored in silence. @throws {@link OptionError} naming it. */
export function checkKnown(options: GenerateOptions): void {
  const unknown = Object.keys(options).find((key) => !Object.hasOwn(KNOWN, key));
  if (unknown !== undefined) throw new OptionError('option', `one of ${Object.keys(KNOWN).join(', ')}`, unknown);
}

const DEFAULT_DRAFT_TOKENS = 4;

/**
 * The rule and the drafter of a generation, or null for plain decoding.
 * @throws {@link ConflictError} when options exclude each other; {@link OptionError} for an unknown rule or an impossible
 * draft; {@link UnsupportedError} when the rule cannot plan for drafts of this size.
 */
export function speculationOf(
  model: LanguageModel,
  target: Session,
  sampler: Sampler,
  eosTokens: readonly number[],
  options: GenerateOptions,
): { rule: Rule; drafter: Drafter } | null {
  const { draft = model.heads === null ? 'none' : 'turbo' } = options;
  const rule = ruleNamed(options.verify ?? 'match');
  checkConflicts(draft, rule, options);
  if (draft === 'none') return null;
  const { draftTree } = options;
  const { vocabularySize } = model.transformer.config;
  checkUse(rule, sampler, vocabularySize, draftTree ?? []);
  if (draftTree !== undefined) checkTree(draftTree);
  const choiceOf = (length: number): DraftChoice => draftChoice(rule, length, options);
  if (draft === 'lookup')
    return { rule, drafter: promptLookup({ length: options.draftTokens ?? DEFAULT_DRAFT_TOKENS, eosTokens }) };
  if (draft === 'turbo') {
    const { heads } = model;
    if (heads === null) throw new ConflictError('draft turbo', 'an adapter with speculative heads', 'none');
    return { rule, drafter: headsDrafter({ target, heads, sampler, choice: choiceOf(heads.length) }) };
  }
  const session = new Session(draft.transformer, draft.adapter);
  const choice = choiceOf(DEFAULT_DRAFT_TOKENS);
  return { rule, drafter: draftModelDrafter({ session, vocabularySize, sampler, choice }) };
}

function checkConflicts(draft: DraftSource, rule: Rule, options: GenerateOptions): void {
  const { draftTree, draftChoice, draftTokens } = options;
  if (draft === 'none') {
    const needing = Object.entries({ draftTree, draftChoice, draftTokens }).find(([, value]) => value !== undefined);
    if (needing) throw new ConflictError(needing[0], 'a drafter', 'draft none');
  }
  if (draftTree === undefined) return;
  if (draft === 'lookup') throw new ConflictError('draft tree', 'draft turbo or a draft model', 'draft lookup');
  if (draftTokens !== undefined) throw new ConflictError('draft tree', 'no number of draft tokens', `${draftTokens}`);
  const drawn = kindOfSiblings(rule, draftChoice);
  if (rule.takes.siblings === 'none')
    throw new ConflictError(`verify ${rule.name}`, 'a chain of drafts', 'a draft tree');
  if (!takesSiblings(rule, drawn)) {
    const got = drawn === 'top' ? 'the most likely tokens' : 'sampled drafts';
    throw new ConflictError(`verify ${rule.name}`, `${takesInWords(rule)}`, got);
  }
}

/** Siblings of the kind that the rule makes most of; draws without replacement where it takes any, or no draws. */
function kindOfSiblings({ takes: { siblings } }: Rule, choice: 'top1' | 'sample' = 'top1'): Drawn {
  if (choice === 'top1') return 'top';
  const kinds = typeof siblings === 'string' ? [] : siblings;
  return kinds.find((kind) => kind !== 'top') ?? 'without-replacement';
}

/** What the rule cannot serve is refused before anything runs. */
function checkUse(rule: Rule, { settings }: Sampler, vocabularySize: number, tree: readonly number[]): void {
  const { temperature, topK } = settings;
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
