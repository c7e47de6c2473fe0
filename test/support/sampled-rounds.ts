/** Rounds as an engine would report them, for the auditor. */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { indexAt } from '../../src/chance/inverse-cdf.ts';
import { sampled } from '../../src/chance/sampled.ts';
import { seededTape } from '../../src/chance/seeded-tape.ts';
import type { Tape } from '../../src/chance/tape.ts';
import type { WeightedOutcome } from '../../src/law/audit/outcome-table.ts';
import { type Outcome, roundProgram } from '../../src/law/round-program.ts';
import type { Scheme } from '../../src/law/scheme.ts';
import { float64 } from '../../src/numerics/arithmetic.ts';

export { REVEALING } from '../../src/law/faults/examples.ts';

/** A fresh uniform for every question, whatever its slot. */
export function freshTape(seed: number): Tape {
  const tape = seededTape(seed);
  return { uniform: () => tape.uniform({ purpose: 'draft', position: 0 }) };
}

/** Rounds from the code that decodes, without end, each at positions of its own. */
export function* roundsOf(scheme: Scheme<number>, seed: number): Generator<Outcome> {
  const tape = seededTape(seed);
  let start = 0;
  const chance = sampled({ uniform: (slot) => tape.uniform({ ...slot, position: start + slot.position }) });
  const round = roundProgram(scheme, float64);
  for (;;) {
    const outcome = round(chance);
    yield outcome;
    start += outcome.drafted.length + 1;
  }
}

/** Rounds from a law of rounds, without end. */
export function* roundsFrom(law: readonly WeightedOutcome[], seed: number): Generator<Outcome> {
  const tape = freshTape(seed);
  const weights = law.map(({ probability }) => probability);
  for (;;) yield law[indexAt(tape.uniform({ purpose: 'draft', position: 0 }), weights)]!.outcome;
}

/** How often each outcome of a law occurs among this many rounds; likely ones are tried first. */
export function* countsFrom(law: readonly WeightedOutcome[], seed: number, rounds: number) {
  const likely = [...law].sort((a, b) => b.probability - a.probability);
  const cumulative: number[] = [];
  for (const { probability } of likely) cumulative.push((cumulative.at(-1) ?? 0) + probability);
  const counts = new Float64Array(likely.length);
  const generator = xoroshiro128plus(seed);
  for (let i = 0; i < rounds; i++) {
    const uniform = (generator.next() >>> 0) * 2 ** -32 + (generator.next() >>> 0) * 2 ** -64;
    let at = 0;
    while (at + 1 < cumulative.length && uniform >= cumulative[at]!) at += 1;
    counts[at]! += 1;
  }
  for (const [i, { outcome }] of likely.entries()) if (counts[i]! > 0) yield { outcome, times: counts[i]! };
}
