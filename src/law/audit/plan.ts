import { ln } from '../../numerics/elementary.ts';
import type { Rule } from '../../verify/rule.ts';
import { keyOf } from '../prefix.ts';
import type { Problem } from '../problem.ts';
import type { SampledRound } from '../rounds.ts';
import { longestRound } from '../shape.ts';
import { type Hypothesis, plainLaw } from './hypotheses.ts';
import { OutcomeTable, reportedKey } from './outcome-table.ts';
import { growthAgainst, roundsToSee, visitsToSee } from './power.ts';
import { lettersOf } from './round-letters.ts';
import { RoundReading } from './round-reading.ts';
import { nextLetterLaws, type SequenceLaw, type WeightedSequence } from './sequence-law.ts';
import { FIRST_PREFIX, shareOfEachKind } from './sequential-test.ts';

/** What is audited. */
export interface Audited {
  readonly problem: Problem;
  readonly rule: Rule;
  /** Made by `hypothesesFor`; the correct rule is the first. */
  readonly hypotheses: readonly Hypothesis[];
  /** Whether rounds say what was drafted. */
  readonly draftsKnown: boolean;
}

/** A null law of sequences and the known laws to bet on against it. */
export interface Bets {
  readonly law: SequenceLaw;
  readonly alternatives: readonly SequenceLaw[];
}

/** Everything that an audit needs and that no round changes. Many audits may share it. */
export interface AuditPlan extends Audited {
  /** The reported outcomes of rounds, under each hypothesis. */
  readonly table: OutcomeTable;
  /** Parents of each possible draft, as keys. */
  readonly shapes: ReadonlySet<string>;
  readonly tokens: Bets;
  /** Null when drafts are not known. */
  readonly drafts: Bets | null;
  /** Whole rounds as letters. */
  readonly reading: RoundReading;
}

/** The number of rounds needed to find a fault; infinite if no practical number of rounds would. */
export interface RoundsNeeded {
  /** Until its own bet is expected to raise the alarm of `tokens`. */
  readonly toSee: number;
  /** Until its posterior odds against each other explanation are expected to be 99 to 1 times their number. */
  readonly toName: number;
}

const NAMED_AT = 99;

/**
 * ln of prior probabilities: one half for the correct rule, one quarter for something else, one quarter shared evenly
 * by the faults. Without any faults something else has the other half.
 */
export function logPriorsOf(hypotheses: number): { correct: number; fault: number; other: number } {
  const faults = hypotheses - 1;
  return { correct: ln(1 / 2), fault: -ln(4 * faults), other: ln(faults > 0 ? 1 / 4 : 1 / 2) };
}

/** The sequence of tokens that a test reads of a round. */
export type Look = (round: SampledRound) => readonly number[];
/** What a round emitted. */
export const emittedOf: Look = ({ emitted }) => emitted;
/** What a round drafted. */
export const draftedOf: Look = ({ drafted }) => drafted ?? [];

/**
 * Prepares an audit.
 * @example
 * import assert from 'node:assert/strict';
 * import { hypothesesFor, planAudit, problemFrom, roundsNeeded } from 'turbo-lora/law';
 * import { rejection } from 'turbo-lora/verify';
 * const problem = problemFrom({ vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] });
 * const hypotheses = hypothesesFor(problem, rejection);
 * const plan = planAudit({ problem, rule: rejection, hypotheses, draftsKnown: true });
 * const always = hypotheses.find(({ name }) => name === 'coins-at-zero')!;
 * assert.ok(roundsNeeded(plan, always, 1e-6).toSee < 300);
 * assert.equal(roundsNeeded(plan, hypotheses[0]!, 1e-6).toSee, Infinity);
 */
export function planAudit(audited: Audited): AuditPlan {
  const { problem, hypotheses, draftsKnown } = audited;
  const laws = hypotheses.map(({ outcomes }) => outcomes);
  const asReported = (round: SampledRound): SampledRound =>
    draftsKnown ? round : { ...round, drafted: null, parents: null };
  const table = new OutcomeTable(laws, (round) => reportedKey(asReported(round)));
  const shapes = new Set(laws.flatMap((outcomes) => outcomes.map(({ outcome }) => keyOf(outcome.parents))));
  const depth = longestRound(problem) - 1;
  const alphabet = { vocabulary: problem.vocabulary, depth, shapes: [...shapes] };
  const distinct = (look: Look): SequenceLaw[] =>
    new OutcomeTable(laws, (round) => keyOf(look(round))).groups.flatMap(([first]) =>
      first === 0 ? [] : [lawOf(hypotheses[first!]!, look, problem)],
    );
  return {
    ...audited,
    table,
    reading: new RoundReading(table, (round) => lettersOf(asReported(round), alphabet)),
    shapes,
    tokens: { law: textLaw(audited), alternatives: distinct(emittedOf) },
    drafts: draftsKnown ? { law: lawOf(hypotheses[0]!, draftedOf, problem), alternatives: distinct(draftedOf) } : null,
  };
}

/** The law that emitted tokens must have: the target's, or for a rule that is not lossless the one that it has. */
function textLaw({ problem, rule, hypotheses }: Audited): SequenceLaw {
  return rule.lossless === 'no' ? lawOf(hypotheses[0]!, emittedOf, problem) : plainLaw(problem, rule);
}

/** A fault is not named while a relative of it at this total variation could not be told from it, at odds of 20. */
const NEAREST_RELATIVE = 0.1;

/**
 * The number of rounds after which a law of the first emitted token, at total variation 1/10 or more from that of a
 * hypothesis, would have been told from it: evidence of 20 against the hypothesis.
 */
export function roundsToTellApart({ problem }: AuditPlan, hypothesis: Hypothesis): number {
  const law = lawOf(hypothesis, emittedOf, problem).after([])!;
  const weight = shareOfEachKind(0) * FIRST_PREFIX;
  return visitsToSee({ law, weight }, NEAREST_RELATIVE, ln(20));
}

/** The number of rounds needed to detect a hypothesis (with the given weight of its bet) and to name it. */
export function roundsNeeded(plan: AuditPlan, hypothesis: Hypothesis, falseAlarm: number): RoundsNeeded {
  const { problem, hypotheses, table, tokens } = plan;
  const emitted = sequencesOf(hypothesis, emittedOf);
  const growth = growthAgainst(tokens.law, lawOf(hypothesis, emittedOf, problem), emitted);
  const faults = tokens.alternatives.length;
  const weight = faults > 0 ? shareOfEachKind(faults) / faults : 0;
  const index = hypotheses.indexOf(hypothesis);
  const own = table.laws[index]!;
  const possible = Array.from(own, (probability, i): WeightedSequence => [[i], probability]).filter(([, p]) => p > 0);
  const { correct, fault } = logPriorsOf(hypotheses.length);
  const prior = (member: number): number => (member === 0 ? correct : fault);
  const naming = table.groups
    .filter((members) => !members.includes(index))
    .map((members) => {
      const lead = growthAgainst(oneLetter(table.laws[members[0]!]!), oneLetter(own), possible);
      return roundsToSee(lead, 1, ln(NAMED_AT * hypotheses.length) + prior(members[0]!) - prior(index));
    });
  return {
    toSee: roundsToSee(growth, weight, -ln(falseAlarm)),
    toName: Math.max(roundsToTellApart(plan, hypothesis), ...naming),
  };
}

function sequencesOf({ outcomes }: Hypothesis, look: Look): WeightedSequence[] {
  return outcomes.map(({ outcome, probability }) => [look(outcome), probability]);
}

/** The law of what a test reads of a round, letter by letter, under a hypothesis. */
export function lawOf(hypothesis: Hypothesis, look: Look, { vocabulary }: Problem): SequenceLaw {
  return nextLetterLaws(sequencesOf(hypothesis, look), vocabulary);
}

/** A law of sequences of one letter. */
function oneLetter(law: ArrayLike<number>): SequenceLaw {
  return { after: () => law };
}
