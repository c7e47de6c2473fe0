import { DEFAULT_BACKEND } from '../../language-model/default-backend.ts';
import { Session } from '../../model/session.ts';
import type { Transformer } from '../../model/weights.ts';
import type { Stored } from '../../numerics/stored.ts';
import { rowOf } from '../../numerics/tensor.ts';
import { atOnce } from '../../ops/backend.ts';
import type { AskedLaws } from './asked-laws.ts';
import type { TokenLayout } from './token-layout.ts';

/** What a model says after each prefix of a problem. */
export interface TreeReading {
  /** After the first token of the prompt alone. @shape [V] */
  readonly firstLogits: Float64Array;
  /** @shape [D] */
  readonly firstState: Float64Array;
  /** By prefix. @shape [prefixes][V] */
  readonly logits: readonly Float64Array[];
  /** After the final norm, by prefix. @shape [prefixes][D] */
  readonly states: readonly Float64Array[];
}

/** Reads the prompt and every prefix after it, as a tree, in one pass. */
export function readTree(
  transformer: Transformer<Stored>,
  { prefixes, parents }: Pick<AskedLaws, 'prefixes' | 'parents'>,
  { first, start }: TokenLayout,
): TreeReading {
  const session = new Session(DEFAULT_BACKEND, transformer, null);
  const tokens = [first, start, ...prefixes.slice(1).map((prefix) => prefix.at(-1)!)];
  const rows = session.read(tokens, { parents: [-1, 0, ...parents.slice(1).map((parent) => parent + 1)] });
  const states = atOnce(DEFAULT_BACKEND.readBack(rows.hidden));
  const stateAt = (row: number): Float64Array => rowOf('hidden states', states, row);
  return {
    firstLogits: rows.logits(0),
    firstState: stateAt(0),
    logits: prefixes.map((_, at) => rows.logits(at + 1)),
    states: prefixes.map((_, at) => stateAt(at + 1)),
  };
}
