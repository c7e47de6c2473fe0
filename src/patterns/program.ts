/**
 * Patterns as programs for a small backtracking machine.
 * @packageDocumentation
 */
import { UnsupportedError } from '../errors.ts';
import type { CharacterSet } from './character-set.ts';
import type { Edge, Greed, Pattern, Repeat } from './pattern.ts';

/** One step of the machine. Numbers are addresses of instructions. */
export type Instruction =
  | { readonly op: 'character'; readonly set: CharacterSet }
  | {
      readonly op: 'run';
      readonly set: CharacterSet;
      readonly least: number;
      readonly most: number;
      readonly greed: Greed;
    }
  | { readonly op: 'edge'; readonly edge: Edge }
  /** Goes on at `first`, and at `second` if that fails. */
  | { op: 'choice'; first: number; second: number }
  | { op: 'jump'; to: number }
  /** Records the position under a number; `leaveIfEmpty` jumps to `to` if the position has not moved since. */
  | { readonly op: 'note'; readonly slot: number }
  | { op: 'leaveIfEmpty'; readonly slot: number; to: number }
  /**
   * Runs what follows up to `match`, for a look-behind `width` characters before the position, then goes on at `next`.
   */
  | { op: 'look'; readonly width: number; readonly negated: boolean; next: number }
  | { op: 'atomic'; next: number }
  | { readonly op: 'match' };

/** A compiled pattern. */
export interface Program {
  readonly label: string;
  readonly instructions: readonly Instruction[];
  readonly slots: number;
}

const LARGEST = 50_000;

/**
 * Compiles a pattern.
 * @throws {@link UnsupportedError} when counted repeats make it too large, or a look-behind has no fixed width.
 */
export function compile(label: string, pattern: Pattern): Program {
  const compiler = new Compiler(label);
  compiler.add(pattern);
  compiler.emit({ op: 'match' });
  return { label, instructions: compiler.instructions, slots: compiler.slots };
}

class Compiler {
  readonly instructions: Instruction[] = [];
  slots = 0;
  readonly #label: string;

  constructor(label: string) {
    this.#label = label;
  }

  emit<T extends Instruction>(instruction: T): T {
    if (this.instructions.length >= LARGEST) {
      throw new UnsupportedError(
        this.#label,
        `a pattern of at most ${LARGEST} steps`,
        'more (because of its counted repeats)',
      );
    }
    this.instructions.push(instruction);
    return instruction;
  }

  add(pattern: Pattern): void {
    switch (pattern.kind) {
      case 'character':
        this.emit({ op: 'character', set: pattern.set });
        break;
      case 'edge':
        this.emit({ op: 'edge', edge: pattern });
        break;
      case 'sequence':
        for (const item of pattern.items) this.add(item);
        break;
      case 'either':
        this.#either(pattern.branches);
        break;
      case 'repeat':
        this.#repeat(pattern);
        break;
      case 'look':
        this.#look(pattern.item, pattern.behind, pattern.negated);
        break;
      case 'atomic':
        this.#atomic(() => this.add(pattern.item));
        break;
    }
  }

  #either(branches: readonly Pattern[]): void {
    const jumps = branches.slice(0, -1).map((branch) => {
      const choice = this.emit({ op: 'choice', first: this.instructions.length + 1, second: 0 });
      this.add(branch);
      const jump = this.emit({ op: 'jump', to: 0 });
      choice.second = this.instructions.length;
      return jump;
    });
    this.add(branches.at(-1)!);
    for (const jump of jumps) jump.to = this.instructions.length;
  }

  #repeat(repeat: Repeat): void {
    const { item, least, most, greed } = repeat;
    if (item.kind === 'character') {
      this.emit({ op: 'run', set: item.set, least, most, greed });
      return;
    }
    if (greed === 'possessive') {
      this.#atomic(() => this.#repeat({ ...repeat, greed: 'greedy' }));
      return;
    }
    for (let round = 0; round < least; round++) this.add(item);
    if (most === Number.POSITIVE_INFINITY) this.#loop(item, greed);
    else this.#optional(item, most - least, greed);
  }

  #loop(item: Pattern, greed: Greed): void {
    const slot = this.slots++;
    const choice = this.emit({ op: 'choice', first: 0, second: 0 });
    const head = this.instructions.length - 1;
    this.emit({ op: 'note', slot });
    this.add(item);
    const leave = this.emit({ op: 'leaveIfEmpty', slot, to: 0 });
    this.emit({ op: 'jump', to: head });
    const end = this.instructions.length;
    leave.to = end;
    [choice.first, choice.second] = greed === 'lazy' ? [end, head + 1] : [head + 1, end];
  }

  #optional(item: Pattern, rounds: number, greed: Greed): void {
    const choices = [];
    for (let round = 0; round < rounds; round++) {
      choices.push({ choice: this.emit({ op: 'choice', first: 0, second: 0 }), inside: this.instructions.length });
      this.add(item);
    }
    const end = this.instructions.length;
    for (const { choice, inside } of choices) {
      [choice.first, choice.second] = greed === 'lazy' ? [end, inside] : [inside, end];
    }
  }

  #atomic(add: () => void): void {
    const atomic = this.emit({ op: 'atomic', next: 0 });
    add();
    this.emit({ op: 'match' });
    atomic.next = this.instructions.length;
  }

  #look(item: Pattern, behind: boolean, negated: boolean): void {
    if (behind && item.kind === 'either') {
      // Branches may differ in width, so each gets its own look-behind.
      const looks = item.branches.map((branch): Pattern => ({ kind: 'look', item: branch, behind, negated }));
      this.add(negated ? { kind: 'sequence', items: looks } : { kind: 'either', branches: looks });
      return;
    }
    const width = behind ? widthOf(item) : 0;
    if (width === null) throw new UnsupportedError(this.#label, 'a look-behind of fixed width', 'one that varies');
    const look = this.emit({ op: 'look', width, negated, next: 0 });
    this.add(item);
    this.emit({ op: 'match' });
    look.next = this.instructions.length;
  }
}

/** The number of characters that a pattern consumes, or null when that varies. */
function widthOf(pattern: Pattern): number | null {
  switch (pattern.kind) {
    case 'character':
      return 1;
    case 'edge':
    case 'look':
      return 0;
    case 'atomic':
      return widthOf(pattern.item);
    case 'sequence':
      return pattern.items
        .map(widthOf)
        .reduce((sum, width) => (sum === null || width === null ? null : sum + width), 0);
    case 'either': {
      const [first, ...others] = pattern.branches.map(widthOf);
      return others.every((width) => width === first) ? first! : null;
    }
    case 'repeat': {
      const width = widthOf(pattern.item);
      return width === null || pattern.least !== pattern.most ? null : width * pattern.least;
    }
  }
}
