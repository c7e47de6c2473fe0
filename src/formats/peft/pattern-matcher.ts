/**
 * Matches module names against Python regular expressions in polynomial time.
 *
 * Patterns come with adapters, from strangers, and a backtracking engine takes exponential time on some of them
 * (`(a+)+b`). Here a pattern maps a position to the set of positions where a match from there may end: a sequence
 * composes these maps, alternatives unite them, a repeat iterates until nothing changes. Each is computed once per
 * position, so nothing can explode.
 * @packageDocumentation
 */
import { type Pattern, parsePattern } from './pattern-syntax.ts';

type Positions = ReadonlySet<number>;

/**
 * Compiles a pattern to a test for whole names, as Python's `re.fullmatch` does.
 * @throws {@link FormatError} when the pattern is none; {@link UnsupportedError} for a construct that is not
 * implemented.
 */
export function fullMatcher(label: string, pattern: string): (name: string) => boolean {
  const parsed = parsePattern(label, pattern);
  return (name) => new Matching(name).endsFrom(parsed, 0).has(name.length);
}

class Matching {
  readonly #text: string;
  readonly #known = new Map<Pattern, Map<number, Positions>>();

  constructor(text: string) {
    this.#text = text;
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
    return ends;
  }

  #compute(pattern: Pattern, position: number): Positions {
    switch (pattern.kind) {
      case 'character':
        return position < this.#text.length && pattern.matches(this.#text[position]!)
          ? new Set([position + 1])
          : new Set();
      case 'sequence':
        return pattern.items.reduce<Positions>((ends, item) => this.#step(item, ends), new Set([position]));
      case 'either':
        return new Set(pattern.branches.flatMap((branch) => [...this.endsFrom(branch, position)]));
      case 'repeat':
        return this.#repeat(pattern, position);
      case 'edge':
        return this.#isEdge(pattern.edge, position) ? new Set([position]) : new Set();
      case 'look':
        return this.#sees(pattern, position) !== pattern.negated ? new Set([position]) : new Set();
    }
  }

  #step(pattern: Pattern, starts: Positions): Positions {
    return new Set([...starts].flatMap((start) => [...this.endsFrom(pattern, start)]));
  }

  #repeat({ item, least, most }: Pattern & { kind: 'repeat' }, position: number): Positions {
    // Past as many rounds as there are positions, each further round can only stay in place.
    const rounds = Math.min(least, this.#text.length + 2);
    let ends: Positions = new Set([position]);
    for (let round = 0; round < rounds && ends.size > 0; round++) ends = this.#step(item, ends);
    const all = new Set(ends);
    for (let round = least; round < most && ends.size > 0; round++) {
      ends = new Set([...this.#step(item, ends)].filter((end) => !all.has(end)));
      for (const end of ends) all.add(end);
    }
    return all;
  }

  #isEdge(edge: (Pattern & { kind: 'edge' })['edge'], position: number): boolean {
    const text = this.#text;
    if (edge === 'start') return position === 0;
    if (edge === 'end') return position === text.length;
    const isWord = (at: number): boolean => /\w/.test(text[at] ?? '');
    return (isWord(position - 1) !== isWord(position)) === (edge === 'word');
  }

  #sees({ item, behind }: Pattern & { kind: 'look' }, position: number): boolean {
    if (!behind) return this.endsFrom(item, position).size > 0;
    for (let start = 0; start <= position; start++) if (this.endsFrom(item, start).has(position)) return true;
    return false;
  }
}
