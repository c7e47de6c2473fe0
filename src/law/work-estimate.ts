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
 * // 46 million: the target departs from the draft at one of 14 positions.
 * assert.equal(branches, 3 ** 13 * (13 * 2 + 3));
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
  const followed = new FollowedDraft(uniform, budget);
  const arithmetic = meteredRational(followed.meter);
  const round = roundProgram(charging(scheme, followed), arithmetic);
  try {
    for (const { probability, standsFor } of enumerateThinned(arithmetic, round, followed.thinning)) {
      followed.endBranch(costOf(probability), standsFor);
    }
    return followed.whole();
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    return followed.cutShort();
  }
}

/** A draft that is being followed: what it represents, and what the branches below it have taken so far. */
class FollowedDraft {
  readonly meter: Meter;
  /** The tokens of the draft; null while it is being drawn. */
  #tokens: ReadonlySet<number> | null = null;
  /** The number of drafts that this one stands for. */
  #drafts = 1;
  /** The least number of branches below those drafts, and the least cost of each. */
  #least = 1;
  #floor = 0;
  #branches = 0;
  /** Operations on listing alternatives, on the branches themselves, and on their probabilities. */
  #onChoices = 0;
  #onBranches = 0;
  #costs = 0;
  /** The meter at the start of the present branch. */
  #runStart = 0;
  readonly #uniform: () => number;

  constructor(uniform: () => number, budget: number) {
    this.#uniform = uniform;
    this.meter = new Meter((spent) => {
      const tooMany = spent * this.#drafts > 2 * budget || this.#least * this.#floor > 2 * budget;
      if (spent > allowance(budget) || tooMany) throw new TooMuch();
    });
  }

  /** The alternatives to follow at one draw. */
  readonly thinning = (alternatives: () => Alternative<Fraction>[], standsFor: number): Representative<Fraction>[] => {
    const start = this.meter.spent;
    const all = alternatives();
    const cost = this.meter.spent - start;
    this.#onChoices += standsFor * cost;
    this.#runStart += cost; // paid once for all branches below, not by each
    this.#least += standsFor * (all.length - 1);
    if (this.#tokens === null) this.#drafts = standsFor * all.length;
    return representatives(all, this.#tokens, this.#uniform);
  };

  /** Called with null when drafting begins, and with the tokens when it ends. */
  draftIs(tokens: readonly number[] | null): void {
    this.#tokens = tokens && new Set(tokens);
    if (tokens !== null) this.#floor = draftingCost(tokens.length);
  }

  /** Counts a branch that has been followed to its end, given the cost of an operation on its probability. */
  endBranch(cost: number, standsFor: number): void {
    this.meter.charge(2 * cost); // adding to the law; sums are somewhat longer than their terms
    this.#branches += standsFor;
    this.#costs += standsFor * cost;
    this.#onBranches += standsFor * (this.meter.spent - this.#runStart);
    this.#runStart = this.meter.spent;
  }

  /** The sample of a draft whose branches have all ended. */
  whole(): Sample {
    const branches = this.#branches;
    const operations = this.#onChoices + this.#onBranches;
    const costOfProbability = this.#costs / branches;
    return { branches, operations, entries: branches, costOfProbability, complete: true, spent: this.meter.spent };
  }

  /**
   * The sample of a draft that was given up. There are at least `#least` branches; those that have ended, or else the
   * present one, give the cost of each.
   */
  cutShort(): Sample {
    const { spent } = this.meter;
    const [branches, least] = [this.#branches, this.#least];
    const perBranch = branches > 0 ? this.#onBranches / branches : spent - this.#runStart;
    const operations = Math.max(this.#onChoices + least * Math.max(perBranch, this.#floor), spent * this.#drafts);
    const costOfProbability = branches > 0 ? this.#costs / branches : 1;
    return { branches: least, operations, entries: least, costOfProbability, complete: false, spent };
  }
}

/** The cost of going through the nodes of a draft: the prefix and the siblings of each. */
function draftingCost(nodes: number): number {
  return 3 + nodes * (1 + nodes / 20);
}

/** A scheme that charges for work other than arithmetic: building prefixes, looking up siblings and children. */
function charging(scheme: Scheme<Fraction>, followed: FollowedDraft): Scheme<Fraction> {
  const { meter } = followed;
  return {
    propose(chance) {
      followed.draftIs(null);
      const draft = scheme.propose(chance);
      followed.draftIs(draft.tokens);
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
