/**
 * Runs compiled patterns, trying choices in Oniguruma's order: the first alternative first, greedy repeats longest
 * first.
 *
 * Backtracking takes exponential time on some patterns, so every step is charged to a budget, and the list of open
 * choices has a maximum size.
 * @packageDocumentation
 */
import { WorkLimitError } from '../errors.ts';
import type { Budget } from './budget.ts';
import { isEdge } from './pattern.ts';
import type { Instruction, Program } from './program.ts';

const MOST_CHOICES = 1 << 20;
/**
 * What to do when backtracking: go on elsewhere, give back one character of a run, take one more, or restore a recorded
 * position.
 */
const [ELSEWHERE, GIVE_BACK, TAKE_MORE, RESTORE] = [0, 1, 2, 3];
const FIELDS = 4;

/** A program running on one text. */
export class Machine {
  readonly #program: Program;
  readonly #codes: Int32Array;
  readonly #budget: Budget;
  readonly #notes: Int32Array;
  #choices = new Int32Array(64 * FIELDS);
  #size = 0;
  #pc = 0;
  #at = 0;

  constructor(program: Program, codes: Int32Array, budget: Budget) {
    this.#program = program;
    this.#codes = codes;
    this.#budget = budget;
    this.#notes = new Int32Array(program.slots);
  }

  /**
   * The end of the match that begins at a position, or -1.
   * @throws {@link WorkLimitError} when the budget is spent.
   */
  matchFrom(position: number): number {
    return this.#run(0, position);
  }

  #run(pc: number, position: number): number {
    const base = this.#size;
    const { instructions } = this.#program;
    [this.#pc, this.#at] = [pc, position];
    let steps = 0;
    for (;;) {
      const instruction = instructions[this.#pc]!;
      if (instruction.op === 'match') break;
      if (++steps === 1024) {
        this.#budget.spend(steps);
        steps = 0;
      }
      if (this.#execute(instruction) || this.#goBack(base)) continue;
      this.#budget.spend(steps);
      return -1;
    }
    this.#budget.spend(steps);
    this.#size = base;
    return this.#at;
  }

  /** Executes one instruction; false when the match fails there. */
  #execute(instruction: Instruction): boolean {
    switch (instruction.op) {
      case 'character':
        if (this.#at >= this.#codes.length || !instruction.set.has(this.#codes[this.#at]!)) return false;
        this.#at += 1;
        break;
      case 'run':
        return this.#runOf(instruction);
      case 'choice':
        this.#push(ELSEWHERE, instruction.second, this.#at, 0);
        this.#pc = instruction.first;
        return true;
      case 'jump':
        this.#pc = instruction.to;
        return true;
      case 'edge':
        if (!isEdge(instruction.edge, this.#codes, this.#at)) return false;
        break;
      case 'note':
        this.#push(RESTORE, instruction.slot, this.#notes[instruction.slot]!, 0);
        this.#notes[instruction.slot] = this.#at;
        break;
      case 'leaveIfEmpty':
        this.#pc = this.#notes[instruction.slot] === this.#at ? instruction.to : this.#pc + 1;
        return true;
      case 'look':
      case 'atomic':
        return this.#inside(instruction);
    }
    this.#pc += 1;
    return true;
  }

  #runOf({ set, least, most, greed }: Instruction & { op: 'run' }): boolean {
    const codes = this.#codes;
    const start = this.#at;
    const wanted = greed === 'lazy' ? least : most;
    const limit = Math.min(codes.length, start + wanted);
    let at = start;
    while (at < limit && set.has(codes[at]!)) at += 1;
    this.#budget.spend((at - start) >> 2);
    if (at - start < least) return false;
    if (greed === 'greedy' && at - start > least) this.#push(GIVE_BACK, this.#pc, at, start + least);
    if (greed === 'lazy' && most > least) this.#push(TAKE_MORE, this.#pc, at, start);
    this.#at = at;
    this.#pc += 1;
    return true;
  }

  #inside(instruction: Instruction & { op: 'look' | 'atomic' }): boolean {
    const from = this.#at;
    const start = instruction.op === 'look' ? from - instruction.width : from;
    const end = start < 0 ? -1 : this.#run(this.#pc + 1, start);
    this.#pc = instruction.next;
    this.#at = instruction.op === 'look' ? from : end;
    return end >= 0 !== (instruction.op === 'look' && instruction.negated);
  }

  #push(kind: number, pc: number, at: number, bound: number): void {
    const from = this.#size * FIELDS;
    if (from === this.#choices.length) {
      if (this.#size >= MOST_CHOICES) {
        throw new WorkLimitError(this.#program.label, `a pattern with at most ${MOST_CHOICES} choices open`, 'more');
      }
      const larger = new Int32Array(2 * this.#choices.length);
      larger.set(this.#choices);
      this.#choices = larger;
    }
    const choices = this.#choices;
    choices[from] = kind;
    choices[from + 1] = pc;
    choices[from + 2] = at;
    choices[from + 3] = bound;
    this.#size += 1;
  }

  /** Takes the last open choice; false when none is left above the base. */
  #goBack(base: number): boolean {
    while (this.#size > base) {
      this.#size -= 1;
      const from = this.#size * FIELDS;
      const kind = this.#choices[from]!;
      const pc = this.#choices[from + 1]!;
      const at = this.#choices[from + 2]!;
      if (kind === RESTORE) this.#notes[pc] = at;
      else if (this.#resume(kind, pc, at, this.#choices[from + 3]!)) return true;
    }
    return false;
  }

  #resume(kind: number, pc: number, at: number, bound: number): boolean {
    if (kind === ELSEWHERE) {
      [this.#pc, this.#at] = [pc, at];
      return true;
    }
    if (kind === GIVE_BACK) {
      if (at - 1 > bound) this.#push(GIVE_BACK, pc, at - 1, bound);
      [this.#pc, this.#at] = [pc + 1, at - 1];
      return true;
    }
    const run = this.#program.instructions[pc] as Instruction & { op: 'run' };
    if (at >= this.#codes.length || !run.set.has(this.#codes[at]!)) return false;
    if (at + 1 - bound < run.most) this.#push(TAKE_MORE, pc, at + 1, bound);
    [this.#pc, this.#at] = [pc + 1, at + 1];
    return true;
  }
}
