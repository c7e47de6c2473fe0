/**
 * A test that is valid after every round.
 *
 * **The null.** Rounds are short sequences x1..xN, and given the prefix x1..xn and that N >= n+1 the next letter has
 * the law p(. | x1..xn). For the tokens that a round emits this *is* losslessness, whatever N depends on.
 *
 * **The bets.** A bet names a law g for a letter before it is seen; its wealth is multiplied by g(x)/p(x). Under the
 * null that factor has mean `sum_x p(x) g(x)/p(x) <= 1`, so the wealth is a nonnegative supermartingale that starts
 * at 1. By Ville's inequality the probability that it *ever* reaches 1/alpha is at most alpha: stop whenever you like.
 * Three kinds of bets are placed, and an average of such wealths is one again:
 *
 * - `everywhere`: after each prefix the Krichevsky–Trofimov estimate of the letters seen there;
 * - `after one prefix`: the same, but only there; with weight `2^-(n+1) p(x1..xn)` for a prefix of n letters. It pays
 * for learning one law instead of all, so a fault at one prefix is not drowned out by the others;
 * - `known fault`: the next-letter laws of each fault, with equal weights.
 *
 * A letter of probability zero decides at once: the wealth becomes infinite.
 *
 * **Counts.** Neither a ratio of two fixed laws nor the estimate depends on the order of the letters, so the wealth
 * after n rounds can be computed from how often each round occurred. Counts have no order in which one could have
 * stopped: the alarm is then decided once, for all rounds together, and the false alarm rate is that of Markov's
 * inequality.
 *
 * Betting per prefix tests the joint law; the law p may differ at every letter.
 * @source Ville 1939, "Étude critique de la notion de collectif"; Ramdas, Grünwald, Vovk & Shafer 2023, arXiv
 * 2210.01948 (game-theoretic statistics and safe anytime-valid inference), sections 2 and 3
 * @packageDocumentation
 */
import { OptionError } from '../../errors.ts';
import { ln } from '../../numerics/elementary.ts';
import { KrichevskyTrofimov } from './krichevsky-trofimov.ts';
import { logSum } from './log-space.ts';
import type { SequenceLaw } from './sequence-law.ts';

/** What was observed after one prefix. */
export interface PrefixRecord {
  readonly prefix: readonly number[];
  /** p(. | prefix). */
  readonly law: ArrayLike<number>;
  readonly seen: KrichevskyTrofimov;
  /** How often letters occurred that p excludes; they are not counted as seen. */
  readonly excluded: ReadonlyMap<number, number>;
  /** ln of the wealth of the bet after this prefix only; infinite after an excluded letter. */
  readonly logWealth: number;
  /** The share of the prior wealth bet after this prefix only. */
  readonly weight: number;
}

/** The share of the prior wealth of each kind of bet: a third, or a half if there are no known faults to bet on. */
export function shareOfEachKind(knownFaults: number): number {
  return knownFaults > 0 ? 1 / 3 : 1 / 2;
}

/** The share of the bets on single prefixes that the empty prefix has. */
export const FIRST_PREFIX = 0.5;

/** How often a prefix was followed by a letter. */
export function visitsOf({ seen, excluded }: Pick<PrefixRecord, 'seen' | 'excluded'>): number {
  return [...excluded.values()].reduce((total, times) => total + times, seen.total);
}

interface Node extends PrefixRecord {
  readonly excluded: Map<number, number>;
  logWealth: number;
  /** `ln(g(x) / p(x))` of each fault; null where it makes no prediction. */
  readonly faults: readonly (Float64Array | null)[];
  readonly children: Map<number, Node>;
}

/**
 * Bets against a law of sequences; the wealth is the evidence that the law is not the null.
 * @example
 * import assert from 'node:assert/strict';
 * import { SequentialTest } from 'turbo-lora/law';
 * const fair = { after: () => [0.5, 0.5] };
 * const test = new SequentialTest(fair, [], 1e-6);
 * for (let i = 0; i < 40; i++) test.observe([0]);
 * assert.equal(test.firstAlarm, 24);
 */
export class SequentialTest {
  readonly #null: SequenceLaw;
  readonly #alternatives: readonly SequenceLaw[];
  readonly #root: Node;
  readonly #faults: Float64Array;
  readonly #nodes: Node[] = [];
  #everywhere = 0;
  #unvisited = 1;
  #rounds = 0;
  #impossible = false;
  #close = false;
  #firstAlarm: number | null = null;
  /** Share of the prior wealth of each kind of bet: thirds, or halves where there are no known faults. */
  readonly #share: number;
  /** `ln(1 / alpha)`. */
  readonly logThreshold: number;

  /**
   * @param falseAlarm the probability alpha that a true null is ever rejected.
   * @throws {@link OptionError} when `falseAlarm` is not between 0 and 1.
   */
  constructor(law: SequenceLaw, alternatives: readonly SequenceLaw[], falseAlarm: number) {
    if (!(falseAlarm > 0 && falseAlarm < 1)) {
      throw new OptionError('false alarm rate', 'a number above 0 and below 1', `${falseAlarm}`);
    }
    this.#null = law;
    this.#alternatives = alternatives;
    this.#faults = new Float64Array(alternatives.length);
    this.#share = shareOfEachKind(alternatives.length);
    this.logThreshold = -ln(falseAlarm);
    this.#root = this.#nodeAt([], FIRST_PREFIX);
  }

  /** Number of rounds observed. */
  get rounds(): number {
    return this.#rounds;
  }

  /** Number of different prefixes that were followed by a letter, the empty one included. */
  get prefixes(): number {
    return this.#nodes.length;
  }

  /** The first round, counted from 1, at which the wealth was found to have reached 1/alpha; null if it never was. */
  get firstAlarm(): number | null {
    return this.#firstAlarm;
  }

  /** Adds one round, and checks whether it raises the alarm. */
  observe(sequence: readonly number[]): void {
    this.count(sequence, 1);
    this.look();
  }

  /** Adds identical rounds without testing: their order is unknown. */
  count(sequence: readonly number[], times: number): void {
    this.#rounds += times;
    let node = this.#root;
    for (const [n, letter] of sequence.entries()) {
      const p = node.law[letter] ?? 0;
      if (p === 0) {
        node.excluded.set(letter, (node.excluded.get(letter) ?? 0) + times);
        node.logWealth = Number.POSITIVE_INFINITY;
        this.#impossible = true;
        return; // letters after it have no law
      }
      this.#bet(node, letter, p, times);
      if (n + 1 < sequence.length) node = this.#childOf(node, letter, p);
    }
    // The average is below its largest part, so it is not computed until some part is large.
    this.#close ||= Math.max(this.#everywhere, ...this.#faults) >= this.logThreshold;
  }

  /** Decides on the alarm. After counts: once, when all of them have been added. */
  look(): void {
    if (this.#firstAlarm !== null) return;
    if (this.#impossible || (this.#close && this.logEValue >= this.logThreshold)) this.#firstAlarm = this.#rounds;
  }

  /** ln of the wealth: the evidence against the null after the rounds so far. Infinite after an impossible letter. */
  get logEValue(): number {
    if (this.#impossible) return Number.POSITIVE_INFINITY;
    const nodes = this.#nodes.map(({ weight, logWealth }) => ln(weight) + logWealth);
    const parts = [this.#everywhere, logSum([...nodes, ln(this.#unvisited)])];
    const faults = Array.from(this.#faults);
    return ln(this.#share) + logSum([...parts, ...faults.map((wealth) => wealth - ln(faults.length))]);
  }

  /** What was observed after each visited prefix, the most visited first; `weight` as a share of all prior wealth. */
  records(): PrefixRecord[] {
    const visited = [...this.#nodes].sort((a, b) => visitsOf(b) - visitsOf(a));
    return visited.map(({ prefix, law, seen, excluded, logWealth, weight }) => ({
      ...{ prefix, law, seen, excluded, logWealth },
      weight: weight * this.#share,
    }));
  }

  /** Places every bet on one letter, this many times. */
  #bet(node: Node, letter: number, p: number, times: number): void {
    const gain = node.seen.logProbability(letter, times) - times * ln(p);
    node.seen.add(letter, times);
    node.logWealth += gain;
    this.#everywhere += gain;
    this.#close ||= node.logWealth >= this.logThreshold;
    for (const [i, logRatios] of node.faults.entries()) {
      if (logRatios !== null) this.#faults[i]! += times * logRatios[letter]!;
    }
  }

  #childOf(node: Node, letter: number, p: number): Node {
    let child = node.children.get(letter);
    if (child === undefined) {
      child = this.#nodeAt([...node.prefix, letter], (node.weight / 2) * p);
      node.children.set(letter, child);
    }
    return child;
  }

  #nodeAt(prefix: readonly number[], weight: number): Node {
    const law = this.#null.after(prefix) ?? [];
    const faults = this.#alternatives.map((alternative) => {
      const bet = alternative.after(prefix);
      return bet && Float64Array.from(law, (p, x) => (p > 0 ? ln(bet[x]! / p) : 0));
    });
    const seen = new KrichevskyTrofimov(Array.from(law).filter((p) => p > 0).length);
    const empty = { logWealth: 0, excluded: new Map<number, number>(), children: new Map<number, Node>() };
    const node = { prefix, law, seen, weight, faults, ...empty };
    this.#nodes.push(node);
    this.#unvisited -= weight;
    return node;
  }
}
