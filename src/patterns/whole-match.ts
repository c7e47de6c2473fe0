/**
 * Matches module names against Python regular expressions in polynomial time.
 *
 * Patterns come with untrusted adapters, and a backtracking engine takes exponential time on some of them
 * (`(a+)+b`). Here a pattern maps a position to the set of positions where a match from there can end: a sequence
 * composes these maps, alternatives unite them, a repeat iterates until nothing changes. Each is computed once per
 * position, so the work stays polynomial.
 * @packageDocumentation
 */
import { Budget } from './budget.ts';
import type { CharacterSet } from './character-set.ts';
import { isEdge, type Look, type Pattern, type Repeat } from './pattern.ts';
import { parsePython } from './python.ts';

type Positions = ReadonlySet<number>;

/** A second or two of work. Real-world patterns take some hundred steps per name. */
const STEPS = 10_000_000;

/** The budget that all patterns of a file share, over all names that they are tested on. */
export function wholeMatchBudget(label: string): Budget {
  return new Budget(label, STEPS);
}

/**
 * Compiles a pattern to a test for whole names, as Python's `re.fullmatch` does.
 * @param budget shared by untrusted patterns from the same file; by default this pattern has its own.
 * @throws {@link FormatError} when the pattern is invalid; {@link UnsupportedError} for a construct that is not
 * implemented. The test throws {@link WorkLimitError} when the budget is spent.
 */
export function fullMatcher(
  label: string,
  pattern: string,
  budget: Budget = wholeMatchBudget(label),
): (name: string) => boolean {
  const parsed = parsePython(label, pattern);
  return (name) => {
    const codes = Int32Array.from(name, (character) => character.codePointAt(0)!);
    return new Matching(codes, budget).endsFrom(parsed, 0).has(codes.length);
  };
}

class Matching {
  readonly #codes: Int32Array;
  readonly #budget: Budget;
  readonly #known = new Map<Pattern, Map<number, Positions>>();

  constructor(codes: Int32Array, budget: Budget) {
    this.#codes = codes;
    this.#budget = budget;
  }

  endsFrom(pattern: Pattern, position: number): Positions {
    let known = this.#known.get(pattern);
    if (known === undefined) {
      known = new Map();
      this.#known.set(pattern, known);
    }
    let ends = known.get(position);
    if (ends === undefined) {
      ends = this.#compute(pattern, position);
      known.set(position, ends);
    }
    this.#budget.spend(1 + ends.size);
    return ends;
  }

  #compute(pattern: Pattern, position: number): Positions {
    switch (pattern.kind) {
      case 'character':
        return position < this.#codes.length && pattern.set.has(this.#codes[position]!)
          ? new Set([position + 1])
          : new Set();
      case 'sequence':
        return pattern.items.reduce<Positions>((ends, item) => this.#step(item, ends), new Set([position]));
      case 'either':
        return new Set(pattern.branches.flatMap((branch) => [...this.endsFrom(branch, position)]));
      case 'repeat':
        return this.#repeat(pattern, position);
      case 'edge':
        return isEdge(pattern, this.#codes, position) ? new Set([position]) : new Set();
      case 'look':
        return this.#sees(pattern, position) !== pattern.negated ? new Set([position]) : new Set();
      case 'atomic':
        throw new TypeError('the Python dialect has no atomic groups here');
    }
  }

  #step(pattern: Pattern, starts: Positions): Positions {
    const ends = new Set<number>();
    for (const start of starts) for (const end of this.endsFrom(pattern, start)) ends.add(end);
    return ends;
  }

  #repeat({ item, least, most }: Repeat, position: number): Positions {
    if (item.kind === 'character') return this.#run(item.set, least, most, position);
    // Once there were as many rounds as positions, every further round can only stay in place.
    const rounds = Math.min(least, this.#codes.length + 2);
    let ends: Positions = new Set([position]);
    for (let round = 0; round < rounds && ends.size > 0; round++) ends = this.#step(item, ends);
    const all = new Set(ends);
    for (let round = least; round < most && ends.size > 0; round++) {
      ends = new Set([...this.#step(item, ends)].filter((end) => !all.has(end)));
      for (const end of ends) all.add(end);
    }
    return all;
  }

  /** A repeat of one set, which needs no set of positions per round. */
  #run(set: CharacterSet, least: number, most: number, position: number): Positions {
    const ends = new Set<number>();
    for (let end = position; end - position <= most; end++) {
      if (end - position >= least) ends.add(end);
      if (end >= this.#codes.length || !set.has(this.#codes[end]!)) break;
    }
    return ends;
  }

  #sees({ item, behind }: Look, position: number): boolean {
    if (!behind) return this.endsFrom(item, position).size > 0;
    for (let start = 0; start <= position; start++) if (this.endsFrom(item, start).has(position)) return true;
    return false;
  }
}
