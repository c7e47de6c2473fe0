/**
 * Limits on exact work.
 * @packageDocumentation
 */
import { WorkLimitError } from '../errors.ts';
import type { Problem } from './problem.ts';

/** The size of a piece of exact work. */
export interface Work {
  /** Branches to enumerate. */
  readonly branches: number;
  /** Operations on fractions, or work that takes as long: about a microsecond each. */
  readonly operations: number;
  /** Probabilities and identities kept in memory, about 400 bytes each. */
  readonly entries: number;
}

/** Progress of a piece of work. */
export interface Progress {
  /** Branches enumerated. */
  readonly done: number;
  /** The estimated number of branches, or `done` if that is larger. */
  readonly estimated: number;
}

/** Settings of exact work. */
export interface WorkOptions {
  /** Operations to allow instead of {@link WORK_BUDGET}'s. */
  readonly budget?: number;
  /** Called every thousand branches. */
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * The default limit: one or two minutes of arithmetic (0.3 to 1.5 microseconds per operation, depending on the rule;
 * `npm run bench` prints the figures), about a gigabyte of laws.
 */
export const WORK_BUDGET = { operations: 1e8, entries: 2.5e6 } as const;

/** Counts branches and reports them from time to time. */
export function branchCounter(estimated: number, { onProgress }: WorkOptions): () => void {
  let done = 0;
  return () => {
    done += 1;
    if (done % 1000 === 0) onProgress?.({ done, estimated: Math.max(done, estimated) });
  };
}

/** Sums of work. */
export function addWork(a: Work, b: Work): Work {
  return {
    branches: a.branches + b.branches,
    operations: a.operations + b.operations,
    entries: a.entries + b.entries,
  };
}

/**
 * Asserts that work is within its budget.
 * @throws {@link WorkLimitError} when it is not, with the estimate, the budget and what to reduce.
 * @example
 * import assert from 'node:assert/strict';
 * import { WorkLimitError } from 'turbo-lora/errors';
 * import { checkWork, problemFrom } from 'turbo-lora/law';
 * const problem = problemFrom({ vocabulary: 1, target: [1], draft: [1] });
 * assert.throws(() => checkWork('law', { branches: 1e9, operations: 1e10, entries: 1e9 }, problem), WorkLimitError);
 */
export function checkWork(
  label: string,
  work: Work,
  { vocabulary, parents }: Problem,
  options: WorkOptions = {},
): void {
  const { budget = WORK_BUDGET.operations } = options;
  if (work.operations <= budget && work.entries <= WORK_BUDGET.entries) return;
  const about = (amount: number): string => amount.toPrecision(2);
  const memory = work.entries > WORK_BUDGET.entries ? ` and ${about(WORK_BUDGET.entries)} entries in memory` : '';
  const kept = memory === '' ? '' : ` and ${about(work.entries)} entries`;
  throw new WorkLimitError(
    label,
    `at most ${about(budget)} operations${memory}`,
    `an estimated ${about(work.operations)} operations${kept} for ${about(work.branches)} branches; a smaller vocabulary than ` +
      `${vocabulary}, fewer drafted tokens than ${parents.length} or shorter fractions would reduce it`,
  );
}
