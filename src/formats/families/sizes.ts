/**
 * Sizes in `config.json`, which families spell in their own ways.
 * @packageDocumentation
 */
import { ConflictError, FormatError } from '../../errors.ts';
import type { Fields } from '../fields.ts';

/**
 * The sizes, numbers of layers and contexts that are read. No real model comes near the largest. They keep products
 * exact and stop a hostile file from making us allocate.
 */
export const SIZE_LIMITS = {
  size: { least: 1, most: 2 ** 24 },
  layers: { least: 1, most: 2 ** 12 },
  context: { least: 1, most: 2 ** 40 },
} as const;

/**
 * A size under one of its names.
 * @param names the family's own, then the aliases that transformers takes too.
 * @throws {@link ConflictError} when two names say different things; {@link FormatError} when it is out of range, or
 * absent without a fallback.
 */
export function readSize(
  fields: Fields,
  names: readonly [own: string, ...aliases: string[]],
  kind: keyof typeof SIZE_LIMITS,
  fallback?: number,
): number {
  const bounds = SIZE_LIMITS[kind];
  const given = names.filter((name) => (fields.raw(name) ?? null) !== null);
  const [first = names[0], ...others] = given;
  const size = fields.integer(first, fallback, bounds);
  for (const name of others) {
    const other = fields.integer(name, undefined, bounds);
    if (other !== size) throw new ConflictError(fields.labelOf(name), `${size}, as ${first} says`, `${other}`);
  }
  return size;
}

/**
 * The hidden size, the number of heads and the size of a head, which is the one over the other.
 * @throws {@link FormatError} when it is not a whole number, or a size is missing or out of range;
 * {@link ConflictError} when two names say different things.
 */
export function readHiddenAndHeads(
  fields: Fields,
  hiddenNames: readonly [string, ...string[]],
  headsNames: readonly [string, ...string[]],
): { readonly hiddenSize: number; readonly heads: number; readonly headSize: number } {
  const hiddenSize = readSize(fields, hiddenNames, 'size');
  const heads = readSize(fields, headsNames, 'size');
  if (hiddenSize % heads !== 0) {
    throw new FormatError(fields.labelOf(hiddenNames[0]), `a multiple of ${heads} heads`, `${hiddenSize}`);
  }
  return { hiddenSize, heads, headSize: hiddenSize / heads };
}
