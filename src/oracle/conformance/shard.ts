/**
 * Shards: what there is to do, split over machines.
 * @packageDocumentation
 */
import { OptionError } from '../../errors.ts';

/** Shard number `index` of `count`, from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** All there is to do, in one shard. */
export const WHOLE: Shard = { index: 1, count: 1 };

/**
 * Reads `I/N`.
 * @throws {@link OptionError} unless 1 <= I <= N.
 */
export function shardFrom(text: string): Shard {
  const [, index, count] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (index === undefined || count === undefined || index < 1 || index > count) {
    throw new OptionError('--shard', 'I/N with I from 1 to N', text);
  }
  return { index, count };
}

/** The shard, of `count`, that number `number` of a list from 1 belongs to: every count-th is in the same one. */
export function shardOf(number: number, count: number): number {
  return ((number - 1) % count) + 1;
}
