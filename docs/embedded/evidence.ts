/** Claims that the chapters make, checked with the numbers at hand. A claim that fails stops the build. */
import type { LanguageModel } from 'turbo-lora';
import { type KeyValueCache, Session } from 'turbo-lora/model';
import type { Tensor } from 'turbo-lora/numerics';
import { float64Backend } from 'turbo-lora/ops';
import type { Float64RowStore } from '../../src/ops/float64/row-store.ts';
import type { RecordedRound } from './rounds.ts';

export function claim(holds: boolean, what: string): void {
  if (!holds) throw new Error(`the documentation claims what is not so: ${what}`);
}

function sameBits(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.from(a).every((value, i) => Object.is(value, b[i]));
}

/** Logits after the last token of the text and after each drafted token, from one pass over all of them. */
export function verifiedLogits(model: LanguageModel, round: RecordedRound): Float64Array[] {
  const { tokens, draft } = round;
  const session = new Session(float64Backend, model.transformer, model.adapter);
  session.read(tokens.slice(0, -1));
  const rows = session.read([tokens.at(-1)!, ...draft.tokens]);
  const logits = [-1, ...draft.tokens.keys()].map((node) => rows.logits(node + 1));
  const single = oneByOne(model, round);
  claim(
    logits.every((row, i) => sameBits(row, single[i]!)),
    'rows do not know their batch',
  );
  return logits;
}

/** The same rows, each from a separate pass. */
function oneByOne(model: LanguageModel, { tokens, draft }: RecordedRound): Float64Array[] {
  const session = new Session(float64Backend, model.transformer, model.adapter);
  session.read(tokens.slice(0, -1));
  return [tokens.at(-1)!, ...draft.tokens].map((token) => session.read([token]).logits(0));
}

/** Numbers in the cache after the round, each equal bit for bit to that of a text without drafts. */
export function rolledBackNumbers(model: LanguageModel, { tokens, draft, verdict, cache }: RecordedRound): number {
  const drafted = new Session(float64Backend, model.transformer, model.adapter);
  drafted.read(tokens.slice(0, -1));
  drafted.read([tokens.at(-1)!, ...draft.tokens]);
  drafted.cache.keep(cache.after);
  const plain = new Session(float64Backend, model.transformer, model.adapter);
  plain.read([...tokens, ...verdict.accepted.map((node) => draft.tokens[node]!)]);
  const [left, right] = [numbersIn(drafted.cache), numbersIn(plain.cache)];
  claim(
    left.every((store, i) => sameBits(store, right[i]!)),
    'rollback leaves no trace',
  );
  return left.reduce((total, store) => total + store.length, 0);
}

function numbersIn(cache: KeyValueCache<Tensor>): Float64Array[] {
  return [...cache.keys, ...cache.values].map((store) => (store as Float64RowStore).rows().data);
}
