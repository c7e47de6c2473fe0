/** What `audit` says of engines whose fault is not in the catalogue: at the alarm, and after given numbers of rounds. */
import { Audit } from '../../src/law/audit/audit.ts';
import type { WeightedOutcome } from '../../src/law/audit/outcome-table.ts';
import { outcomeLaw } from '../../src/law/enumeration.ts';
import type { Problem } from '../../src/law/problem.ts';
import { problemFrom } from '../../src/law/problem-input.ts';
import { rational } from '../../src/numerics/arithmetic.ts';
import { nearestNumber } from '../../src/numerics/nearest-number.ts';
import { rejection } from '../../src/verify/rejection.ts';
import { counted, planFor } from './audits.ts';
import { countsFrom, REVEALING, roundsFrom } from './sampled-rounds.ts';
import { THREE_DRAFTED, UNLISTED } from './unlisted-faults.ts';

/** An engine with a fault that is not in the catalogue, on one problem. */
export interface UnlistedEngine {
  readonly name: string;
  readonly problem: Problem;
  readonly outcomes: readonly WeightedOutcome[];
}

/** Every unlisted fault on two problems. */
export const UNLISTED_ENGINES: readonly UnlistedEngine[] = [REVEALING, THREE_DRAFTED]
  .map((input) => problemFrom(input))
  .flatMap((problem, i) =>
    [...UNLISTED].map(([name, plant]) => {
      const law = [...outcomeLaw(plant(problem), rational).values()];
      const outcomes = law.map(({ outcome, probability: p }) => ({ outcome, probability: nearestNumber(p) }));
      return { name: `${name}, problem ${i}`, problem, outcomes };
    }),
  );

/** An audit with an alarm. */
export interface Diagnosed {
  readonly engine: string;
  /** `alarm` for the audit that stops there. */
  readonly checkpoint: 'alarm' | number;
  readonly rounds: number;
  /** Whether a known fault is named: wrongly, as it is another one. */
  readonly isNamed: boolean;
}

/** Longest wait for the alarm of a checkpoint at the alarm. */
const MOST_ROUNDS = 3000;

/** Audits of every engine at every checkpoint; those without an alarm are left out, as no fault is named then. */
export function* unlistedDiagnoses(
  seed: number,
  draftsKnown: boolean,
  checkpoints: readonly number[],
): Generator<Diagnosed, void, void> {
  for (const { name, problem, outcomes } of UNLISTED_ENGINES) {
    const atAlarm = new Audit(planFor(problem, rejection, draftsKnown));
    for (const round of roundsFrom(outcomes, seed)) {
      atAlarm.observe(draftsKnown ? round : { ...round, drafted: null, parents: null });
      if (atAlarm.hasAlarm || atAlarm.tokens.rounds === MOST_ROUNDS) break;
    }
    const later = checkpoints.map((rounds) => {
      const counts = countsFrom(outcomes, seed + rounds, rounds);
      return [rounds, counted(problem, rejection, counts, draftsKnown)] as const;
    });
    for (const [checkpoint, audit] of [['alarm', atAlarm] as const, ...later]) {
      if (!audit.hasAlarm) continue;
      yield { engine: name, checkpoint, rounds: audit.tokens.rounds, isNamed: audit.isExplained() };
    }
  }
}
