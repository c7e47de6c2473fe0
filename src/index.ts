/**
 * Turbo LoRA in float64: load a Hugging Face checkpoint with its adapters, decode it plainly or speculatively, and look at
 * every number on the way.
 *
 * The usual way in is {@link load}. Below it lie the parts, floor by floor: numbers and chance, tensor operations, the
 * model, adapters, sampling, drafts, acceptance rules, the two decoding loops and the file formats.
 * @packageDocumentation
 */

// Floor 3: model and adapters
export { type Adapter, type Lane, type LowRank, linearWithLora } from './adapters/lora.ts';
export { mergeAdapter } from './adapters/merge.ts';
export type { Alternative } from './chance/alternatives.ts';
export type { Chance, DrawMethod } from './chance/chance.ts';
export {
  type Branch,
  enumerate,
  enumerateThinned,
  type Representative,
  type ThinnedBranch,
  type Thinning,
} from './chance/enumerate.ts';
export { indexAt } from './chance/inverse-cdf.ts';
export { raceWinner } from './chance/race.ts';
export { jointRaceLaw, raceProbability } from './chance/race-law.ts';
export { sampled } from './chance/sampled.ts';
export { seededTape } from './chance/seeded-tape.ts';
export type { Purpose, Slot } from './chance/slot.ts';
export { type RecordedDraw, recordingTape, replayedTape, type Tape } from './chance/tape.ts';
// Floor 6: decoding
export { answeredAtOnce, isRead, type Loop } from './decode/pass.ts';
export { decodePlainly, plainLoop } from './decode/plain.ts';
export { decodeSpeculatively, type SpeculativeDecoding, speculativeLoop } from './decode/speculative.ts';
export { type Decoding, lawAsNumbers, type Step, type StepLaws } from './decode/step.ts';
export {
  type StopCondition,
  type StopReason,
  type StopSettings,
  stopCondition,
} from './decode/stop.ts';
export { TextStream, type TokenSpelling } from './decode/text-stream.ts';
export { checkChildren, type DraftChoice, type DraftPlan, planOf } from './draft/choice.ts';
// Floor 4: drafts and sampling
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
} from './draft/draft.ts';
export { type DraftModelOptions, draftModelDrafter } from './draft/draft-model.ts';
export type { Drafter, DraftRequest } from './draft/drafter.ts';
export { type GrowingNode, growDraft } from './draft/grow.ts';
export { headLogits, type Shaped, type SpeculativeHead, type SpeculativeHeads } from './draft/heads.ts';
export { type HeadsDrafterOptions, headsDrafter } from './draft/heads-drafter.ts';
export { mostLikelyTokens } from './draft/most-likely.ts';
export { type PromptLookupOptions, promptLookup } from './draft/prompt-lookup.ts';
export { drawSiblings, drawToken, type Siblings } from './draft/siblings.ts';
// Errors
export * from './errors.ts';
// Floor 8: file formats
export type { AdapterFolder } from './formats/adapter-folder.ts';
export { renderHere } from './formats/chat-template/here.ts';
export { renderInProcess } from './formats/chat-template/node.ts';
export {
  type ChatMessage,
  type ChatTemplate,
  hasChatTemplate,
  renderChats,
  type TemplateRenderer,
} from './formats/chat-template.ts';
export type { Checkpoint } from './formats/checkpoint.ts';
export { type Folder, hasFile, labelIn, type OpenFile } from './formats/folder/folder.ts';
export { memoryFolder, openBytes } from './formats/folder/memory.ts';
export { folderAt } from './formats/folder/node.ts';
export type { GenerationConfig, GenerationSettings } from './formats/generation-config.ts';
export type {
  CheckpointReport,
  DtypeSize,
  FolderReport,
  HeadsReport,
  LoraReport,
  TensorSizes,
} from './formats/inspect.ts';
export type { HeadsConfig } from './formats/lorax-heads.ts';
export { modelName, namesDiffer } from './formats/model-name.ts';
export {
  inspectFolder,
  loadAdapterFolder,
  loadCheckpoint,
  loadTokenizer,
  readChatTemplate,
} from './formats/node/by-path.ts';
export type { LoraConfig } from './formats/peft/config.ts';
export type { SafetensorsHeader, TensorEntry } from './formats/safetensors/header.ts';
export { openSafetensors, writeSafetensors } from './formats/safetensors/node.ts';
export { SafetensorsFile } from './formats/safetensors/reader.ts';
export { safetensorsPieces } from './formats/safetensors/writer.ts';
export type { TensorSource } from './formats/tensors.ts';
export type { DecodeOptions, Tokenizer } from './formats/tokenizer.ts';
export type { BatchCompletion, BatchOptions, BatchRequest, BatchToken } from './language-model/batch.ts';
export type { Completion, DepthAcceptance, GeneratedToken, TokenProbability } from './language-model/completion.ts';
// A whole model
export {
  type DefaultedOptions,
  describeDefaults,
  type GenerationDefault,
  type GenerationDefaults,
} from './language-model/defaults.ts';
export type { AbortState } from './language-model/event-loop.ts';
export type { MaybeGiven } from './language-model/given.ts';
export { LanguageModel } from './language-model/language-model.ts';
export type { LoadOptions } from './language-model/load.ts';
export { embeddedFolder, embeddedModel, load } from './language-model/node.ts';
export type { DrafterContext, DraftSource, GenerateOptions } from './language-model/options.ts';
export type { AdapterParts, LanguageModelParts } from './language-model/parts.ts';
export type { Prompt, TokenIds } from './language-model/prompt.ts';
// Floor 7: laws
export { Audit, type Explanation } from './law/audit/audit.ts';
export { type AuditOptions, audit } from './law/audit/audit-of.ts';
export { Diagnosis, type Finding } from './law/audit/diagnosis.ts';
export { logOdds, type PrefixFinding, prefixFindings, worstPrefix } from './law/audit/findings.ts';
export { type Hypothesis, hypothesesFor, plainLaw } from './law/audit/hypotheses.ts';
export { KrichevskyTrofimov, regretBound } from './law/audit/krichevsky-trofimov.ts';
export { logSum } from './law/audit/log-space.ts';
export { OutcomeTable, type WeightedOutcome } from './law/audit/outcome-table.ts';
export {
  type Audited,
  type AuditPlan,
  type Bets,
  planAudit,
  type RoundsNeeded,
  roundsNeeded,
} from './law/audit/plan.ts';
export { type Growth, growthAgainst, leastDivergence, roundsToSee, smallestVisible } from './law/audit/power.ts';
export { nextLetterLaws, type SequenceLaw, type WeightedSequence } from './law/audit/sequence-law.ts';
export { type PrefixRecord, SequentialTest, shareOfEachKind, visitsOf } from './law/audit/sequential-test.ts';
export { type SetRecord, TILTS, TiltTest } from './law/audit/tilt-test.ts';
export { TraceAudit } from './law/audit/trace-audit.ts';
export { type Certificate, certify, identitiesOf, type PrefixIdentity } from './law/certificate.ts';
export {
  expectedAccepted,
  firstTokenLaw,
  type OutcomeProbability,
  outcomeKey,
  outcomeLaw,
  type PrefixLaw,
  prefixLaw,
  type RoundLaw,
  roundLaw,
  textVariation,
  totalVariation,
} from './law/enumeration.ts';
export { dyadic, exactNumber } from './law/exact-number.ts';
export { type ExactReport, exactReport } from './law/exact-report.ts';
export type { Fault, FaultReference } from './law/faults/fault.ts';
export { FAULTS, faultNamed, faultNeeds, faultyScheme } from './law/faults/faults.ts';
export { costOf, Meter, meteredRational, operationCost } from './law/metered.ts';
export { EXACT, type Numbers, ROUNDED } from './law/numbers.ts';
export { tokensOf } from './law/prefix.ts';
export {
  checkLaw,
  type ExactLaw,
  type ExactLaws,
  type LawInput,
  type LawsInput,
  type NormalizedLaw,
  type Problem,
  type ProblemInput,
  type ProblemOptions,
  problemFrom,
} from './law/problem.ts';
export { type Outcome, roundProgram } from './law/round-program.ts';
export { type ReportedRound, roundFrom, type SampledRound } from './law/rounds.ts';
export { type Scheme, schemeFor } from './law/scheme.ts';
export { parentsOfFullTree } from './law/shape.ts';
export { type SparseLaw, type TracedRound, tracedRoundFrom } from './law/trace-line.ts';
export { differingTexts, exactLaw, textLaw } from './law/whole-text.ts';
export { addWork, checkWork, type Progress, WORK_BUDGET, type Work, type WorkOptions } from './law/work.ts';
export { type EnumerationWork, type EstimateOptions, estimateWork } from './law/work-estimate.ts';
export { KeyValueCache } from './model/cache.ts';
export type { ModelConfig, RopeConfig, RopeScaling } from './model/config.ts';
export { forward, languageModelHead, type Segment } from './model/forward.ts';
export { type Layout, layoutOf } from './model/layout.ts';
export { type RotaryFrequencies, rotaryFrequencies, rotationAt } from './model/rope.ts';
export { type ForwardRows, type Read, readTogether, Session } from './model/session.ts';
export { allLinears, type Block, blockLinears, type Linear, type Transformer } from './model/weights.ts';
// Floor 1: numbers, sums, chance
export { type Arithmetic, float64, rational, sum } from './numerics/arithmetic.ts';
export { nearestNumber } from './numerics/nearest-number.ts';
export {
  BYTES_OF,
  bfloat16Value,
  type FloatFormat,
  float16Value,
  type Stored,
  stored,
  widen,
  widened,
} from './numerics/stored.ts';
export { at, expectShape, type RawRows, rowOf, rowsOf, type Tensor, tensor, zeros } from './numerics/tensor.ts';
export { checkToken } from './numerics/token.ts';
// Floor 2: tensor operations
export { float64Ops } from './ops/float64/index.ts';
export { linear, linearNaive } from './ops/float64/linear.ts';
export type { AttentionShape, Ops, Rotation, RowStore, Visible } from './ops/ops.ts';
export { printable, quoted } from './quoted.ts';
export { logSoftmax } from './sampling/log-probability.ts';
export { createSampler, type Sampler, type TextContext } from './sampling/sampler.ts';
export { checkSettings, type SamplingInput, type SamplingSettings } from './sampling/settings.ts';
export { argmax, softmax } from './sampling/softmax.ts';
export type { SequenceBias } from './sampling/token-settings.ts';
// Floor 5: acceptance rules
export { block, carriedMass } from './verify/block.ts';
export { eagle } from './verify/eagle.ts';
export { greedy } from './verify/greedy.ts';
export { gumbel } from './verify/gumbel.ts';
export { kSeq, kSeqRho } from './verify/k-seq.ts';
export { lenience, lenienceBy } from './verify/lenience.ts';
export {
  checkTransportSize,
  type DraftedSet,
  draftedSets,
  optimalAcceptance,
  optimalTransport,
} from './verify/optimal-transport.ts';
export { recursive } from './verify/recursive.ts';
export { rejection } from './verify/rejection.ts';
export { residual } from './verify/residual.ts';
export type { Lossless, Round, Rule, RuleUse, Takes, Verdict } from './verify/rule.ts';
export { checkShape, RULES, type RuleName, ruleNamed, takesInWords, takesSiblings } from './verify/rules.ts';
export { sampleAndMatch } from './verify/sample-and-match.ts';
export { specinfer } from './verify/specinfer.ts';
export { type Flow, largestFlow } from './verify/transport-flow.ts';
export { traversal } from './verify/traversal.ts';
export { type TypicalSettings, typical, typicalWith } from './verify/typical.ts';
