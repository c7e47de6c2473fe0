/**
 * The oracle: vectors that engines run in their own tests, what is special about each, and what they catch; problems as
 * checkpoints, for engines that take nothing else.
 * @packageDocumentation
 */
export type { Files } from './checkpoints/folder-files.ts';
export { type LeastNormSolver, leastNormSolver } from './checkpoints/least-norm.ts';
export type {
  Precision,
  Realization,
  RealizedFolder,
  RealizedHeads,
  RealizedPrompt,
} from './checkpoints/realization.ts';
export { REALIZED_DTYPES, type RealizedProblem, type RealizeOptions, realize } from './checkpoints/realize.ts';
export {
  nearestStored,
  type StoredEquations,
  type StoredSolver,
  storedSolver,
  WEIGHT_FORMATS,
  type WeightFormat,
} from './checkpoints/stored-solution.ts';
export { type TokenLayout, tokenLayout } from './checkpoints/token-layout.ts';
export { answerFrom } from './conformance/answer.ts';
export type {
  Ask,
  ConformCase,
  EvidencePoint,
  Explanation,
  JudgedCase,
  Measured,
  Outcome,
  Unanswered,
} from './conformance/conform-case.ts';
export { casesOfShard, conformanceReport, type Run, silentReport } from './conformance/conformance-report.ts';
export type { Engine, Reply } from './conformance/engine.ts';
export { greet, judge, MOST_BROKEN } from './conformance/judge.ts';
export { junitText } from './conformance/junit.ts';
export { mergeReports, type NamedReport } from './conformance/merge-reports.ts';
export type { ConfiguredModel } from './conformance/model-faults/configured-model.ts';
export type { LoraInFile, ModelFault } from './conformance/model-faults/model-fault.ts';
export { MODEL_FAULTS, withModelFault } from './conformance/model-faults/model-faults.ts';
export type { AcceptQuestion } from './conformance/operations/accept.ts';
export type { AnsweredTensor } from './conformance/operations/answered-tensor.ts';
export type { DrawQuestion } from './conformance/operations/draw.ts';
export type {
  AskedDrafter,
  AskedSampling,
  AskedText,
  GenerateOutputs,
  GenerateQuestion,
} from './conformance/operations/generate.ts';
export type { LawQuestion } from './conformance/operations/law.ts';
export type { LogitsOutputs, LogitsQuestion } from './conformance/operations/logits.ts';
export { OwnEngine, type OwnEngineOptions } from './conformance/own-engine.ts';
export { pageText } from './conformance/page/page.ts';
export { type PartVerdict, partVerdicts } from './conformance/part-verdict.ts';
export {
  type Answer,
  type Hello,
  type HelloQuestion,
  type Operation,
  PROTOCOL,
  type Question,
  type Request,
} from './conformance/protocol.ts';
export { readReport } from './conformance/read-report.ts';
export {
  type ConformanceReport,
  failuresOf,
  type OutcomeKind,
  type Plan,
  REPORT_FORMAT,
  type ReportedCase,
  type Verdict,
} from './conformance/report.ts';
export { reportText } from './conformance/report-text.ts';
export { type Shard, shardFrom, shardOf, WHOLE } from './conformance/shard.ts';
export type { ConformSuite, Fixtures, KnownFault } from './conformance/suites/suite.ts';
export { CONFORM_SUITES, casesOf, knownFault } from './conformance/suites/suites.ts';
export { type ListedFile, lintManifest, type Manifest, manifestFrom, sha256 } from './manifest.ts';
export { type AdaptedModel, emulatedLogits, exactLogits } from './noise/emulated-logits.ts';
export { dtypeNamed, ENGINE_DTYPES, type EngineDtype, type Round, roundTo } from './noise/formats.ts';
export { ALLOWED_NOISE, type LargestError, largestError, noiseOf } from './noise/noise.ts';
export { archiveOf, CHECKSUMS } from './pack/archive.ts';
export { changedFiles, changesOf } from './pack/compare-packs.ts';
export { type AskedCase, type MadeCase, madeCase } from './pack/packed-case.ts';
export {
  PACK_FORMAT,
  type PackedCase,
  type PackedFolder,
  type PackedText,
  type PackSettings,
  packFrom,
  type RegressionPack,
} from './pack/regression-pack.ts';
export type { DecodeInputs, DecodeOutputs, DecodeStep } from './vectors/decodes/decode-inputs.ts';
export {
  type DecodeFile,
  type DecodeVectorInputs,
  readDecodeInputs,
} from './vectors/decodes/decode-vectors.ts';
export { type DecodedText, decodedText } from './vectors/decodes/decoded-text.ts';
export {
  type DrawFile,
  type DrawVectorInputs,
  type DrawVectorOutputs,
  readDrawInputs,
} from './vectors/draws/draw-vectors.ts';
export { type DrawInputs, type DrawnToken, drawnToken } from './vectors/draws/drawn-token.ts';
export { type HexTensor, hexRows, rowOf, rowsOf } from './vectors/hex-tensor.ts';
export { type Finding, lintVectors } from './vectors/linter.ts';
export { emittedLogprobs, type LogprobInputs, type Logprobs } from './vectors/logprobs/emitted-logprobs.ts';
export {
  type LogprobCompare,
  type LogprobFile,
  type LogprobVectorInputs,
  type LogprobVectorOutputs,
  readLogprobInputs,
} from './vectors/logprobs/logprob-vectors.ts';
export type { MaskFile } from './vectors/masks/mask-vectors.ts';
export { type MaskInputs, type MaskOutputs, visibleSlots } from './vectors/masks/visible-slots.ts';
export { type LawInputs, processedLaw } from './vectors/processors/law-inputs.ts';
export {
  LAW_CAP,
  type LawCompare,
  type LawFile,
  type LawVector,
  type LawVectorInputs,
  type LawVectorOutputs,
  readLawInputs,
} from './vectors/processors/law-vectors.ts';
export { samplerSettings, type VectorSettings } from './vectors/processors/vector-settings.ts';
export {
  type RopeParameters,
  type RotaryInputs,
  type RotaryTable,
  rotaryTable,
} from './vectors/rotary/rotary-table.ts';
export type { RotaryCompare, RotaryFile, RotaryVectorOutputs } from './vectors/rotary/rotary-vectors.ts';
export { ROUND_FLAGS, type RoundFlag } from './vectors/rounds/flags.ts';
export { type Asked, type PlayedRound, playRound, type RoundInputs } from './vectors/rounds/played-round.ts';
export {
  type RoundVector,
  type RoundVectorInputs,
  type RoundVectorOutputs,
  readInputs,
} from './vectors/rounds/round-vectors.ts';
export { roundFile } from './vectors/rounds/suite.ts';
export { COMMITTED_SEED, type PlannedFile, plannedFiles, SUITES, type Suite, suiteNamed } from './vectors/suites.ts';
export { firstOutside, type Tolerance } from './vectors/tolerance.ts';
export { tabledTape, type UniformTable } from './vectors/uniform-table.ts';
export {
  type AnyVectorFile,
  type Note,
  VECTOR_FORMAT,
  type VectorFile,
  type VectorGroup,
  type VectorTest,
  vectorText,
} from './vectors/vector-file.ts';
