import { exp, ln } from '../../numerics/elementary.ts';
import { keyOf } from '../prefix.ts';
import { KrichevskyTrofimov } from './krichevsky-trofimov.ts';
import { logSum } from './log-space.ts';
import type { Letter } from './round-letters.ts';
import { logLetter, type Masses, type ReadLetter } from './round-reading.ts';

/** How likely a place is, before the first round, to have an unknown law. */
const CHANGED = [1 / 2, 1 / 8, 1 / 32, 1 / 128];

/** What was observed at one place. */
export interface PlaceRecord {
  /** The first letter seen there: what the place is. */
  readonly about: Letter;
  readonly seen: KrichevskyTrofimov;
  /** The nodes before the letters seen there. */
  readonly nodes: ReadonlySet<number>;
  /** ln of the wealth of the bet on this place; infinite after a letter that the stated law excludes. */
  readonly logWealth: number;
  /** At least this share of the estimate's wealth is that of the bet on this place. */
  readonly weight: number;
}

class Place {
  readonly #together: KrichevskyTrofimov;
  readonly #apart = new Map<string, KrichevskyTrofimov>();
  #logTogether = 0;
  #logApart = 0;
  /** ln of the probability of the letters seen under the stated law. */
  logStated = 0;
  /** The nodes before its letters. */
  readonly nodes = new Set<number>();
  /** This place's factor of the probability, as logarithms, per share of changed places. */
  readonly logFactors = new Float64Array(CHANGED.length);

  constructor(readonly about: Letter) {
    this.#together = new KrichevskyTrofimov(about.letters);
  }

  /** ln of the probability of the letters seen under estimated laws: one for all, or one per draft. */
  get logOwn(): number {
    return this.#apart.size < 2 ? this.#logTogether : logSum([this.#logTogether, this.#logApart]) - ln(2);
  }

  get seen(): KrichevskyTrofimov {
    return this.#together;
  }

  /** ln of the share of the estimate's own law that one law for all has. */
  get logShare(): number {
    return this.#apart.size < 2 ? 0 : -ln(2);
  }

  add({ letter, beside, from }: ReadLetter, times: number): void {
    this.nodes.add(from);
    const key = keyOf(beside);
    const apart = this.#apart.get(key) ?? new KrichevskyTrofimov(this.about.letters);
    this.#apart.set(key, apart);
    this.#logTogether += addTo(this.#together, letter, times);
    this.#logApart += addTo(apart, letter, times);
  }
}

/** Counts letters; returns ln of the probability that was given to them. */
function addTo(estimate: KrichevskyTrofimov, letter: number, times: number): number {
  const gain = estimate.logProbability(letter, times);
  estimate.add(letter, times);
  return gain;
}

/**
 * A law of rounds for which a stated law is right except at some places, nobody knows which: at each place, with
 * probability c and independently of the others, the letters follow an unknown law instead, estimated by Krichevsky and
 * Trofimov. The probability of n rounds is
 *
 * `average over c of prod over places of ((1 - c) stated + c KT)`, for c = 1/2, 1/8, 1/32, 1/128,
 *
 * with `stated` the probability of the letters seen there under the stated law, given all letters before them. This is
 * a law of rounds like any other: divided by the probability of the rounds under the stated law it is an e-value
 * against that law, and it can be a hypothesis among others. A place that is right costs about c nats, a place with
 * an unknown law `ln(1/c)` and the regret of its estimate, whatever the number of places. No order of rounds matters.
 * @example
 * import assert from 'node:assert/strict';
 * import { lettersOf, NodewiseEstimate, OutcomeTable, RoundReading } from 'turbo-lora/law';
 * const outcome = (token: number) => ({ drafted: [], parents: [], accepted: 0, emitted: [token] });
 * const law = [0.5, 0.5].map((probability, token) => ({ outcome: outcome(token), probability }));
 * const table = new OutcomeTable([law], ({ emitted }) => `${emitted}`);
 * const reading = new RoundReading(table, (round) => lettersOf(round, { vocabulary: 2, depth: 0, shapes: [''] }));
 * const estimate = new NodewiseEstimate(reading.massesOf(table.laws[0]!));
 * estimate.add(reading.read(outcome(1)), 100);
 * assert.ok(estimate.logProbability > 100 * Math.log(0.5) + 60); // always the same letter, instead of a fair coin
 */
export class NodewiseEstimate {
  readonly #stated: Masses;
  readonly #places = new Map<string, Place>();
  readonly #sums = new Float64Array(CHANGED.length);

  /** @param stated masses of the stated law. */
  constructor(stated: Masses) {
    this.#stated = stated;
  }

  /** Adds the letters of identical rounds. */
  add(letters: readonly ReadLetter[], times: number): void {
    for (const letter of letters) {
      if (letter.letters < 2) continue;
      const place = this.#places.get(letter.place) ?? this.#newPlace(letter);
      place.logStated += times * logLetter(this.#stated, letter);
      place.add(letter, times);
      for (const [i, changed] of CHANGED.entries()) {
        const factor = logMix(changed, place.logStated, place.logOwn);
        this.#sums[i]! += factor - place.logFactors[i]!;
        place.logFactors[i] = factor;
      }
    }
  }

  /** ln of the probability of all rounds added. */
  get logProbability(): number {
    return logSum(Array.from(this.#sums)) - ln(CHANGED.length);
  }

  /** What was observed at each place, the most visited first. */
  places(): PlaceRecord[] {
    const all = [...this.#places.values()];
    // The average over c is at least its largest part, in which every other place keeps 1 - c of its factor.
    const shares = CHANGED.map((c) => ln(c) + (all.length - 1) * ln(1 - c) - ln(CHANGED.length));
    const logWeight = Math.max(...shares);
    return all
      .map(({ about, seen, nodes, logOwn, logStated, logShare }) => ({
        ...{ about, seen, nodes, weight: exp(logWeight + logShare), logWealth: logOwn - logStated },
      }))
      .sort((a, b) => b.seen.total - a.seen.total);
  }

  #newPlace(letter: ReadLetter): Place {
    const place = new Place(letter);
    this.#places.set(letter.place, place);
    return place;
  }
}

/** `ln((1 - c) e^stated + c e^own)`. */
function logMix(c: number, stated: number, own: number): number {
  const [a, b] = [ln(1 - c) + stated, ln(c) + own];
  const [large, small] = a > b ? [a, b] : [b, a];
  return large + ln(1 + exp(small - large));
}
