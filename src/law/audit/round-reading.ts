import { ln } from '../../numerics/elementary.ts';
import type { SampledRound } from '../rounds.ts';
import type { OutcomeTable } from './outcome-table.ts';
import { type Letter, placeOf } from './round-letters.ts';

/** A letter between two nodes of the tree of all beginnings of rounds. */
export interface ReadLetter extends Letter {
  readonly place: string;
  /** The node before the letter and the one after it; -1 where no hypothesis goes. */
  readonly from: number;
  readonly to: number;
}

/** The mass of the rounds that go through each node. */
export type Masses = Float64Array;

/**
 * Rounds as letters, and the law of each letter given all letters before it, under any law of rounds.
 * @example
 * import assert from 'node:assert/strict';
 * import { lettersOf, logLetter, OutcomeTable, RoundReading } from 'turbo-lora/law';
 * const outcome = (token: number) => ({ drafted: [], parents: [], accepted: 0, emitted: [token] });
 * const law = [0.25, 0.75].map((probability, token) => ({ outcome: outcome(token), probability }));
 * const table = new OutcomeTable([law], ({ emitted }) => `${emitted}`);
 * const reading = new RoundReading(table, (round) => lettersOf(round, { vocabulary: 2, depth: 0, shapes: [''] }));
 * const [, bonus] = reading.read(outcome(1));
 * assert.equal(logLetter(reading.massesOf(table.laws[0]!), bonus!), Math.log(0.75));
 */
export class RoundReading {
  readonly #children: Map<number, number>[] = [new Map()];
  /** Per round of the table, the nodes that it goes through. */
  readonly #paths: readonly Int32Array[];
  readonly #read = new Map<number, readonly ReadLetter[]>();
  readonly #lettersOf: (round: SampledRound) => readonly Letter[];

  /** @param lettersOf the letters of a round. */
  constructor(
    readonly table: OutcomeTable,
    lettersOf: (round: SampledRound) => readonly Letter[],
  ) {
    this.#lettersOf = lettersOf;
    this.#paths = table.rounds.map((round) => this.#grow(round));
  }

  /** The letters of a round. */
  read(round: SampledRound): readonly ReadLetter[] {
    const index = this.table.indexOf(round);
    const letters = this.#read.get(index) ?? this.#walk(round);
    if (index >= 0) this.#read.set(index, letters);
    return letters;
  }

  /** The mass at each node under a law of the table's rounds. */
  massesOf(law: Float64Array): Masses {
    const masses = new Float64Array(this.#children.length);
    for (const [index, path] of this.#paths.entries()) {
      masses[0]! += law[index]!;
      for (const node of path) masses[node]! += law[index]!;
    }
    return masses;
  }

  /** The law of the letter after a node; null where no round goes. */
  lawAfter(masses: Masses, node: number, letters: number): number[] | null {
    const total = masses[node] ?? 0;
    if (!(total > 0)) return null;
    const massAt = (letter: number): number => masses[this.#children[node]!.get(letter) ?? -1] ?? 0;
    return Array.from({ length: letters }, (_, letter) => massAt(letter) / total);
  }

  #walk(round: SampledRound): ReadLetter[] {
    let from = 0;
    return this.#lettersOf(round).map((letter) => {
      const next = this.#children[from]?.get(letter.letter) ?? -1;
      const read = { ...letter, place: placeOf(letter), from, to: next };
      from = next;
      return read;
    });
  }

  /** The path of a round, with new nodes where there are none. */
  #grow(round: SampledRound): Int32Array {
    let node = 0;
    return Int32Array.from(this.#lettersOf(round), ({ letter }) => {
      const children = this.#children[node]!;
      const next = children.get(letter) ?? this.#children.push(new Map()) - 1;
      children.set(letter, next);
      node = next;
      return node;
    });
  }
}

/**
 * ln of the probability of a letter given all letters before it. After letters that the law excludes all letters are
 * taken to be equally likely.
 */
export function logLetter(masses: Masses, { from, to, letters }: ReadLetter): number {
  const before = masses[from] ?? 0;
  return before > 0 ? ln(Math.min(1, (masses[to] ?? 0) / before)) : -ln(letters);
}
