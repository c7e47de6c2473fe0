/**
 * Exact laws by enumeration, the certificate that a rule is lossless, and the audit of an engine that shows nothing but
 * its output.
 * @packageDocumentation
 */
export { Audit, type Conclusion, type Explanation, SOMETHING_ELSE } from './audit/audit.ts';
export { type AuditOptions, audit } from './audit/audit-of.ts';
export { Diagnosis, type Finding, logOdds, type Odds } from './audit/diagnosis.ts';
export {
  type DecisionFinding,
  decisionFindings,
  findingOf,
  type PrefixFinding,
  prefixFindings,
  worstPrefix,
  worstRecord,
} from './audit/findings.ts';
export { type Hypothesis, hypothesesFor, plainLaw } from './audit/hypotheses.ts';
export { KrichevskyTrofimov, regretBound } from './audit/krichevsky-trofimov.ts';
export { logSum } from './audit/log-space.ts';
export { NodewiseEstimate, type PlaceRecord } from './audit/nodewise-estimate.ts';
export { OutcomeTable, type WeightedOutcome } from './audit/outcome-table.ts';
export {
  type Audited,
  type AuditPlan,
  type Bets,
  planAudit,
  type RoundsNeeded,
  roundsNeeded,
  roundsToTellApart,
} from './audit/plan.ts';
export { auditPlan } from './audit/plans.ts';
export {
  type Growth,
  growthAgainst,
  leastDivergence,
  roundsToSee,
  smallestVisible,
  visitsToSee,
} from './audit/power.ts';
export { type Letter, type LetterKind, lettersOf, placeOf, type RoundAlphabet } from './audit/round-letters.ts';
export { logLetter, type Masses, type ReadLetter, RoundReading } from './audit/round-reading.ts';
export { type DecisionRecord, RoundsTest } from './audit/rounds-test.ts';
export { nextLetterLaws, type SequenceLaw, type WeightedSequence } from './audit/sequence-law.ts';
export { type PrefixRecord, SequentialTest, shareOfEachKind, visitsOf } from './audit/sequential-test.ts';
export {
  type CompletionLaw,
  STOPPED,
  TextAudit,
  type TextAuditInput,
  type TextFinding,
  type TokenFrequency,
} from './audit/text-audit.ts';
export { textsNeeded, visitsNeeded } from './audit/text-power.ts';
export { type SetRecord, TILTS, TiltTest } from './audit/tilt-test.ts';
export { TraceAudit } from './audit/trace-audit.ts';
export { type Certificate, certify, identitiesOf, type PrefixIdentity } from './certificate.ts';
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
} from './enumeration.ts';
export { checkLaw } from './exact-law.ts';
export { dyadic, exactNumber } from './exact-number.ts';
export { type ExactReport, exactReport } from './exact-report.ts';
export type { Fault, FaultReference } from './faults/fault.ts';
export { FAULTS, faultNamed, faultNeeds, faultyScheme } from './faults/faults.ts';
export { costOf, Meter, meteredRational, operationCost } from './metered.ts';
export { EXACT, type Numbers, ROUNDED } from './numbers.ts';
export { tokensOf } from './prefix.ts';
export type { ExactLaw, ExactLaws, NormalizedLaw, Problem } from './problem.ts';
export { type LawInput, type LawsInput, type ProblemInput, type ProblemOptions, problemFrom } from './problem-input.ts';
export { type Outcome, roundProgram } from './round-program.ts';
export { type ReportedRound, roundFrom, type SampledRound } from './rounds.ts';
export { type Scheme, schemeFor } from './scheme.ts';
export { parentsOfFullTree } from './shape.ts';
export { type SparseLaw, type TracedRound, tracedRoundFrom } from './trace-line.ts';
export { differingTexts, exactLaw, textLaw } from './whole-text.ts';
export { addWork, checkWork, type Progress, WORK_BUDGET, type Work, type WorkOptions } from './work.ts';
export { type EnumerationWork, type EstimateOptions, estimateWork } from './work-estimate.ts';
