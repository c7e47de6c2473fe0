/**
 * A test for letters whose laws change from one to the next.
 *
 * **The bets.** Before a letter is seen its law p is known, and so is the mass m of some set A of letters. A bet of
 * tilt t claims that the odds of A are e^t times those under p: its wealth is multiplied by `e^t / (1 + m (e^t - 1))`
 * when the letter falls into A, by `1 / (1 + m (e^t - 1))` when not. Under the null that factor has mean 1 whatever p
 * and A are, as long as both were known before the letter. So each wealth is a nonnegative martingale, and so is the
 * average of all of them: the probability that it ever reaches 1/alpha is at most alpha (Ville). Mixing over tilts, as
 * Krichevsky and Trofimov mix over laws, costs `ln(tilts x sets)` nats and avoids guessing how large a fault is.
 *
 * **What it cannot detect.** A fault that does not change the mass of any set: tokens exchanged inside a set, or odds
 * that are too high in some places and too low in others, so that no single tilt gains. Odds that are off by e^t are
 * expected to be detected when the sum of `kl(tilted m || m)` reaches `ln(1/alpha) + ln(tilts x sets)`.
 * @source Ville 1939, "Étude critique de la notion de collectif"; Waudby-Smith & Ramdas 2024, "Estimating means of
 * bounded random variables by betting", JRSS B 86(1) (mixtures of bets on means that change)
 * @packageDocumentation
 */
import { OptionError } from '../../errors.ts';
import { exp, ln } from '../../numerics/elementary.ts';
import { logSum } from './log-space.ts';

const SIZES = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2];
/** The tilts bet on: ln of the factors by which odds are claimed to be off. */
export const TILTS: readonly number[] = [...SIZES, ...SIZES.map((size) => -size)];
const FACTORS = TILTS.map(exp);

/** Sets whose mass is closer to 0 or 1 than this are not bet on. */
const SLIVER = 1e-9;

/** How often letters fell into a set, and how often they should have. */
export interface SetRecord {
  readonly name: string;
  readonly trials: number;
  /** The sum of the masses. */
  readonly expected: number;
  readonly observed: number;
  /** ln of the average wealth of the bets on this set. */
  readonly logEvidence: number;
  /**
   * The smallest factor on the odds, of those bet on, that was expected to be detected by now; infinite while there is
   * none.
   */
  readonly smallestVisibleOdds: number;
}

interface Bets {
  trials: number;
  expected: number;
  observed: number;
  /** ln of the wealth per tilt. */
  readonly wealth: Float64Array;
  /** The sum of `kl(tilted m || m)` per tilt. */
  readonly information: Float64Array;
}

/**
 * Bets on sets of letters, each set under its name.
 * @example
 * import assert from 'node:assert/strict';
 * import { TiltTest } from 'turbo-lora/law';
 * const test = new TiltTest(['heads'], 1e-6);
 * for (let i = 0; i < 200; i++) {
 *   test.bet('heads', 0.25, i % 2 === 0); // heads half the time instead of one time in four
 *   test.endRound();
 * }
 * assert.ok(test.firstAlarm !== null);
 */
export class TiltTest {
  readonly #sets: ReadonlyMap<string, Bets>;
  #impossible = 0;
  #rounds = 0;
  #firstAlarm: number | null = null;
  #close = false;
  /** `ln(1 / alpha)`. */
  readonly logThreshold: number;

  /**
   * @param names of all sets that will be bet on.
   * @throws {@link OptionError} when the false alarm rate is not between 0 and 1.
   */
  constructor(names: readonly string[], falseAlarm: number) {
    if (!(falseAlarm > 0 && falseAlarm < 1)) {
      throw new OptionError('false alarm rate', 'a number above 0 and below 1', `${falseAlarm}`);
    }
    this.logThreshold = -ln(falseAlarm);
    const empty = (): Bets => ({
      ...{ trials: 0, expected: 0, observed: 0 },
      wealth: new Float64Array(TILTS.length),
      information: new Float64Array(TILTS.length),
    });
    this.#sets = new Map(names.map((name) => [name, empty()]));
  }

  /** Number of finished rounds. */
  get rounds(): number {
    return this.#rounds;
  }

  /**
   * The first round, counted from 1, at whose end the wealth was found to have reached 1/alpha; null if it never was.
   */
  get firstAlarm(): number | null {
    return this.#firstAlarm;
  }

  /** Letters that occurred although their law excludes them. */
  get impossible(): number {
    return this.#impossible;
  }

  /** Places the bets on a set of this mass, and settles them. */
  bet(name: string, mass: number, fellIn: boolean): void {
    if (!(mass > SLIVER && mass < 1 - SLIVER)) return;
    const bets = this.#sets.get(name)!;
    bets.trials += 1;
    bets.expected += mass;
    bets.observed += fellIn ? 1 : 0;
    for (const [i, tilt] of TILTS.entries()) {
      const norm = 1 + mass * (FACTORS[i]! - 1);
      const logNorm = ln(norm);
      bets.wealth[i]! += (fellIn ? tilt : 0) - logNorm;
      bets.information[i]! += ((mass * FACTORS[i]!) / norm) * tilt - logNorm;
      this.#close ||= bets.wealth[i]! >= this.logThreshold;
    }
  }

  /** A letter of probability zero occurred: the wealth is infinite. */
  sawImpossible(): void {
    this.#impossible += 1;
  }

  /** Counts a round, and checks whether it raises the alarm. */
  endRound(): void {
    this.#rounds += 1;
    if (this.#firstAlarm !== null) return;
    const alarmed = this.#impossible > 0 || (this.#close && this.logEValue >= this.logThreshold);
    if (alarmed) this.#firstAlarm = this.#rounds;
  }

  /** ln of the wealth. */
  get logEValue(): number {
    if (this.#impossible > 0) return Number.POSITIVE_INFINITY;
    const all = [...this.#sets.values()].flatMap(({ wealth }) => [...wealth]);
    return logSum(all) - ln(all.length);
  }

  /** What was observed of each set, the strongest evidence first. */
  records(): SetRecord[] {
    const needed = this.logThreshold + ln(this.#sets.size * TILTS.length);
    const records = [...this.#sets].map(([name, { trials, expected, observed, wealth, information }]): SetRecord => {
      const visible = TILTS.flatMap((tilt, i) => (information[i]! >= needed ? [exp(Math.abs(tilt))] : []));
      const logEvidence = logSum([...wealth]) - ln(TILTS.length);
      return { name, trials, expected, observed, logEvidence, smallestVisibleOdds: Math.min(Infinity, ...visible) };
    });
    return records.sort((a, b) => b.logEvidence - a.logEvidence);
  }
}
