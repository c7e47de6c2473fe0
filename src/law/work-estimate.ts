/**
 * How long enumeration will take, before it begins.
 *
 * A few drafts are drawn, with tokens uniform among the possible ones, and represent all drafts. Below each of them the
 * rule is followed over both sides of every coin; of the tokens that a draw can yield, each drafted one is followed,
 * and one other token that represents the rest. The number of branches that this represents is correct on average
 * (Knuth, Chen). Arithmetic is metered, so long denominators and expensive rules are charged at their real cost.
 * @source Knuth 1975, "Estimating the efficiency of backtrack programs", Mathematics of Computation 29; Chen 1992,
 * "Heuristic sampling", SIAM Journal on Computing 21
 * @packageDocumentation
 */
import type Fraction from 'fraction.js';
import type { Alternative } from '../chance/alternatives.ts';
import { enumerateThinned, type Representative } from '../chance/enumerate.ts';
import { seededTape } from '../chance/seeded-tape.ts';
import { costOf, Meter, meteredRational } from './metered.ts';
import { roundProgram } from './round-program.ts';
import type { Scheme } from './scheme.ts';
import { WORK_BUDGET, type Work } from './work.ts';

/** What an enumeration takes, and how long the fractions get. */
export interface EnumerationWork extends Work {
  /** Average cost of an operation on the probability of a branch. */
  readonly costOfProbability: number;
}

/** How an estimate is made. */
export interface EstimateOptions {
  /** Beyond this many operations the exact number no longer matters. */
  readonly budget?: number;
  /** Drafts to draw; by default 8, and up to 64 while the estimate is near the budget. */
  readonly drafts?: number;
}

/** Thrown by the meter when a single draft is too much. */
class TooMuch extends Error {}

interface Sample extends EnumerationWork {
  /**
   * Whether the draft was followed to its end; otherwise its numbers are extrapolated from the branches seen so far.
   */
  readonly complete: boolean;
  /** Operations used by the sample itself. */
  readonly spent: number;
}

/**
 * Estimates what it takes to enumerate a round of a scheme: within a factor of two on the random problems of its tests.
 * @example
 * import assert from 'node:assert/strict';
 * import { EXACT, schemeFor, estimateWork, problemFrom } from 'turbo-lora/law';
 * import { sampleAndMatch } from 'turbo-lora/verify';
 * const third = ['1/3', '1/3', '1/3'];
 * const problem = problemFrom({ vocabulary: 3, target: third, draft: third, shape: { chain: 13 } });
 * const scheme = schemeFor(problem, sampleAndMatch, EXACT);
 * const { branches } = estimateWork(scheme, { budget: 1e12 });
 * assert.equal(branches, 3 ** 13 * (13 * 2 + 3)); // 46 million: the target departs from the draft at one of 14 positions
 */
export function estimateWork(scheme: Scheme<Fraction>, options: EstimateOptions = {}): EnumerationWork {
  const { budget = WORK_BUDGET.operations, drafts } = options;
  const tape = seededTape(0);
  const uniform = (): number => tape.uniform({ purpose: 'draft', position: 0 });
  const samples: Sample[] = [];
  let spent = 0;
  for (;;) {
    const sample = followDraft(scheme, uniform, budget);
    samples.push(sample);
    const mean = meanOf(samples);
    spent += sample.spent;
    if (!sample.complete || samples.length === (drafts ?? MOST_DRAFTS)) return mean;
    if (drafts === undefined && spent > allowance(budget)) return mean;
    const decided = samples.length >= FEW_DRAFTS && (mean.operations * FAR < budget || mean.operations > FAR * budget);
    if (drafts === undefined && decided) return mean;
  }
}

/** Drafts that are always drawn, and the most that may be. */
const [FEW_DRAFTS, MOST_DRAFTS] = [8, 64];
/** What the estimate itself may use: a twentieth of the budget, or a second. */
function allowance(budget: number): number {
  return Math.max(budget / 20, 1e6);
}
/** An estimate this far from the budget needs no more drafts. */
const FAR = 16;

function meanOf(samples: readonly Sample[]): EnumerationWork {
  const mean = (of: (sample: Sample) => number): number =>
    samples.reduce((total, sample) => total + of(sample), 0) / samples.length;
  const branches = mean((sample) => sample.branches);
  return {
    branches,
    operations: mean((sample) => sample.operations),
    entries: branches,
    costOfProbability: mean((sample) => sample.costOfProbability),
  };
}

/**
 * Follows one draft, drawn uniformly, as a representative of all; gives up when what it stands for is far over the
 * budget.
 */
function followDraft(scheme: Scheme<Fraction>, uniform: () => number, budget: number): Sample {
  let drafted: ReadonlySet<number> | null = null;
  // The number of drafts that this one stands for, the least number of branches below them, and the least cost of each.
  let [drafts, least, floor] = [1, 1, 0];
  const meter = new Meter((spent) => {
    if (spent > allowance(budget) || spent * drafts > 2 * budget || least * floor > 2 * budget) throw new TooMuch();
  });
  const arithmetic = meteredRational(meter);
  let [branches, onChoices, onBranches, costs, runStart] = [0, 0, 0, 0, 0];
  const thinning = (alternatives: () => Alternative<Fraction>[], standsFor: number): Representative<Fraction>[] => {
    const start = meter.spent;
    const all = alternatives();
    const cost = meter.spent - start;
    onChoices += standsFor * cost;
    runStart += cost; // paid once for all branches below, not by each
    least += standsFor * (all.length - 1);
    if (drafted === null) drafts = standsFor * all.length;
    return representatives(all, drafted, uniform);
  };
  const onDraft = (tokens: readonly number[] | null): void => {
    drafted = tokens && new Set(tokens);
    if (tokens !== null) floor = draftingCost(tokens.length);
  };
  const round = roundProgram(charging(scheme, meter, onDraft), arithmetic);
  try {
    for (const { probability, standsFor } of enumerateThinned(arithmetic, round, thinning)) {
      const cost = costOf(probability);
      meter.charge(2 * cost); // adding to the law; sums are somewhat longer than their terms
      branches += standsFor;
      costs += standsFor * cost;
      onBranches += standsFor * (meter.spent - runStart);
      runStart = meter.spent;
    }
    const operations = onChoices + onBranches;
    return {
      ...{ branches, operations, entries: branches, costOfProbability: costs / branches },
      ...{ complete: true, spent: meter.spent },
    };
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    // There are at least `least` branches; those that were followed, or the unfinished one, give the cost of each.
    const perBranch = branches > 0 ? onBranches / branches : meter.spent - runStart;
    const operations = Math.max(onChoices + least * Math.max(perBranch, floor), meter.spent * drafts);
    return {
      ...{ branches: least, operations, entries: least, costOfProbability: branches > 0 ? costs / branches : 1 },
      ...{ complete: false, spent: meter.spent },
    };
  }
}

/** The cost of going through the nodes of a draft: the prefix and the siblings of each. */
function draftingCost(nodes: number): number {
  return 3 + nodes * (1 + nodes / 20);
}

/** A scheme that charges for work other than arithmetic: building prefixes, looking up siblings and children. */
function charging(
  scheme: Scheme<Fraction>,
  meter: Meter,
  onDraft: (tokens: readonly number[] | null) => void,
): Scheme<Fraction> {
  return {
    propose(chance) {
      onDraft(null);
      const draft = scheme.propose(chance);
      onDraft(draft.tokens);
      meter.charge(draftingCost(draft.tokens.length));
      return draft;
    },
    target(draft, node) {
      meter.charge(1 + draft.tokens.length / 10);
      return scheme.target(draft, node);
    },
    decide: (round, numbers, chance) => scheme.decide(round, numbers, chance),
  };
}

/**
 * While drafting, one alternative represents all; after that, both sides of a coin, every drafted token, and one other
 * token.
 */
function representatives(
  all: readonly Alternative<Fraction>[],
  drafted: ReadonlySet<number> | null,
  uniform: () => number,
): Representative<Fraction>[] {
  const oneOf = (some: readonly Alternative<Fraction>[]): Representative<Fraction> => ({
    ...some[Math.floor(uniform() * some.length)]!,
    standsFor: some.length,
  });
  if (drafted === null) return [oneOf(all)];
  if (all.length <= 2) return all.map((alternative) => ({ ...alternative, standsFor: 1 }));
  const own = all.filter(({ index }) => drafted.has(index));
  const others = all.filter(({ index }) => !drafted.has(index));
  return [
    ...own.map((alternative) => ({ ...alternative, standsFor: 1 })),
    ...(others.length > 0 ? [oneOf(others)] : []),
  ];
}
