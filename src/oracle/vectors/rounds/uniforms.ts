/**
 * Uniforms of rounds that are made up: by seed, for the drafter as well as for the rule.
 * @packageDocumentation
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Tape } from '../../../chance/tape.ts';
import { tabledTape, type UniformTable } from '../uniform-table.ts';

/** Uniforms of a round, those of its drafter included. */
export interface RoundUniforms extends UniformTable {
  /** `draft[i][j]`: for the j-th token drawn at position i. */
  readonly draft: readonly ArrayLike<number>[];
}

/** How large a table has to be. */
export interface TableSize {
  readonly positions: number;
  /** Most questions of one purpose at one position. */
  readonly questions: number;
  readonly vocabulary: number;
}

/** Float32 holds multiples of 2^-24 in [0, 1) exactly. */
export const FLOAT32_STEPS = 2 ** 24;

/** A table of random multiples of 1 / steps. */
export function randomUniforms(seed: number, steps: number, size: TableSize): RoundUniforms {
  const generator = xoroshiro128plus(Math.imul(seed + 1, 0x9e3779b1));
  const rows = (columns: number): number[][] =>
    Array.from({ length: size.positions }, () =>
      Array.from({ length: columns }, () => uniformInt(generator, 0, steps - 1) / steps),
    );
  return {
    accept: rows(size.questions),
    residual: rows(1),
    target: rows(1),
    race: rows(size.vocabulary),
    draft: rows(size.questions),
  };
}

/** A tape that answers the drafter too. */
export function roundTape(uniforms: RoundUniforms): Tape {
  const ofRule = tabledTape(uniforms);
  const asked = new Map<number, number>();
  return {
    uniform(slot) {
      if (slot.purpose !== 'draft' || slot.token !== undefined) return ofRule.uniform(slot);
      const count = asked.get(slot.position) ?? 0;
      asked.set(slot.position, count + 1);
      return uniforms.draft[slot.position]![count]!;
    },
  };
}
