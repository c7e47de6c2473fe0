/**
 * Logits as engines of a number format compute them, each way of computing in turn.
 * @packageDocumentation
 */
import type { Adapter } from '../../adapters/lora.ts';
import { DEFAULT_BACKEND } from '../../language-model/default-backend.ts';
import { Uploads } from '../../language-model/uploads.ts';
import { Session } from '../../model/session.ts';
import type { Transformer } from '../../model/weights.ts';
import type { Stored } from '../../numerics/stored.ts';
import { emulatedArithmetics } from './emulated-arithmetic.ts';
import { emulatedBackend } from './emulated-backend.ts';
import type { EngineDtype } from './formats.ts';
import { withRoundedFrequencies } from './rounded-frequencies.ts';

/** A model and the adapter on it. */
export interface AdaptedModel {
  readonly transformer: Transformer<Stored>;
  readonly adapter: Adapter<Stored> | null;
}

/**
 * The logits after each token, once for each way of computing.
 * @shape result: [ways][tokens][V]
 * @throws {@link NonFiniteError} when a number is too large for the format; as {@link Session.read} does.
 */
export function emulatedLogits(
  { transformer, adapter }: AdaptedModel,
  tokens: readonly number[],
  dtype: EngineDtype,
): Float64Array[][] {
  return emulatedArithmetics(dtype).map((by) => {
    const uploads = new Uploads(emulatedBackend(by));
    const model = uploads.transformer(withRoundedFrequencies(transformer, by.frequency));
    const rows = new Session(uploads.backend, model, uploads.adapter(adapter)).read(tokens);
    return tokens.map((_, t) => rows.logits(t));
  });
}

/** The exact logits after each token: in float64, from left to right. @shape result: [tokens][V] */
export function exactLogits({ transformer, adapter }: AdaptedModel, tokens: readonly number[]): Float64Array[] {
  const rows = new Session(DEFAULT_BACKEND, transformer, adapter).read(tokens);
  return tokens.map((_, t) => rows.logits(t));
}
