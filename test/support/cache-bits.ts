/** What a session's cache holds, as numbers that tests compare bit for bit. */

import { Session } from '../../src/model/session.ts';
import { float64Backend } from '../../src/ops/float64/backend.ts';
import type { Float64RowStore } from '../../src/ops/float64/row-store.ts';

/** Keys and values of every layer; nothing past the stored rows. */
export function cacheBits({ cache }: Session): Float64Array[] {
  return [...cache.keys, ...cache.values].map((store) => (store as Float64RowStore).rows().data.slice());
}

/** The cache of the same model after it has read `tokens` one by one: the definition. */
export function freshCacheBits({ model, adapter }: Session, tokens: readonly number[]): Float64Array[] {
  const fresh = new Session(float64Backend, model, adapter);
  for (const token of tokens) fresh.read([token]);
  return cacheBits(fresh);
}
