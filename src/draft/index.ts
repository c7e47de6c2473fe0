/**
 * Everything that proposes tokens: speculative heads, a draft model, prompt lookup. A draft is a tree of tokens, and
 * carries the law that each of them was drawn from.
 * @packageDocumentation
 */
export { checkChildren, type DraftChoice, type DraftPlan, type PlannedChild, planOf } from './choice.ts';
export {
  branchTo,
  chain,
  checkDraft,
  childrenOf,
  type Draft,
  type DraftLaw,
  type Drawn,
  depthOf,
  drawnOf,
  EMPTY_DRAFT,
  isChain,
} from './draft.ts';
export { type DraftModelOptions, draftModelDrafter } from './draft-model.ts';
export type { Drafter, DraftRequest, Drawing, ModelFreeDrafter } from './drafter.ts';
export { type GrowingNode, type GrowthOptions, growDraft, type LawAfter, lawOfLogits } from './grow.ts';
export { headLogits, mapHeads, type SpeculativeHead, type SpeculativeHeads } from './heads.ts';
export { type HeadsDrafterOptions, headsDrafter } from './heads-drafter.ts';
export { HeadsPass } from './heads-pass.ts';
export { mostLikelyTokens } from './most-likely.ts';
export { type PromptLookupOptions, promptLookup } from './prompt-lookup.ts';
export { drawSiblings } from './siblings.ts';
