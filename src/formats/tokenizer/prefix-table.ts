import type { Budget } from '../../patterns/budget.ts';

/** Sorted texts, to find those that begin at a position of another text. */
export class PrefixTable {
  readonly #texts: readonly string[];
  /** Where the texts with a given first code unit begin and end. */
  readonly #byFirst = new Map<number, readonly [from: number, to: number]>();

  constructor(texts: readonly string[]) {
    this.#texts = texts.filter((text) => text !== '').sort();
    for (let from = 0; from < this.#texts.length; ) {
      const first = this.#texts[from]!.charCodeAt(0);
      let to = from + 1;
      while (to < this.#texts.length && this.#texts[to]!.charCodeAt(0) === first) to += 1;
      this.#byFirst.set(first, [from, to]);
      from = to;
    }
  }

  /** Lengths of the texts that begin at `at` in `text`, the shortest first. Throws {@link WorkLimitError}. */
  lengthsAt(text: string, at: number, budget: Budget): number[] {
    const lengths: number[] = [];
    let [from, to] = this.#byFirst.get(text.charCodeAt(at)) ?? [0, 0];
    for (let depth = 1; from < to; depth++) {
      budget.spend(1);
      // In sorted order, a text that ends here comes before those that continue.
      if (this.#texts[from]!.length === depth) {
        lengths.push(depth);
        from += 1;
      }
      if (at + depth >= text.length) break;
      const next = text.charCodeAt(at + depth);
      from = this.#firstWith(depth, next, from, to);
      to = this.#firstWith(depth, next + 1, from, to);
    }
    return lengths;
  }

  /** The first text in a range whose code unit at a given depth is at least `unit`. */
  #firstWith(depth: number, unit: number, from: number, to: number): number {
    let [low, high] = [from, to];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#texts[middle]!.charCodeAt(depth) < unit) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
