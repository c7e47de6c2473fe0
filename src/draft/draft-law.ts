/**
 * The law of a drafted token, whether it was drawn or computed.
 * @packageDocumentation
 */
import type { Arithmetic } from '../numerics/arithmetic.ts';
import type { DraftLaw } from './draft.ts';

/** `q(x)`: a point mass has all of it on its token. */
export function massOf<T>(arithmetic: Arithmetic<T>, law: DraftLaw<T>, token: number): T {
  return law === 'point' ? arithmetic.one : law[token]!;
}

/** A draft law in full: a point mass has one entry of one. @shape result: [V] */
export function lawInFull<T>(arithmetic: Arithmetic<T>, law: DraftLaw<T>, token: number, vocabulary: number): T[] {
  if (law !== 'point') return Array.from(law);
  return Array.from({ length: vocabulary }, (_, i) => (i === token ? arithmetic.one : arithmetic.zero));
}
