/** Where float32 and float64 may part: two tokens whose logits are closer than float32 can tell. */
import type { GpuMode } from '../../../src/gpu/gpu-js.ts';
import { LanguageModel } from '../../../src/language-model/language-model.ts';
import type { LanguageModelParts } from '../../../src/language-model/parts.ts';
import { recorder } from './tape-backend.ts';

/** The first position at which two texts differ, and what float64 makes of their tokens there. */
export interface Parting {
  readonly position: number;
  /** How much larger the logit of float64's token is than that of the other. */
  readonly margin: number;
  /** How far that difference may be off in float32, to first order. */
  readonly bound: number;
}

/** Where a text in float32 parts from the one in float64; null when they are equal. */
export async function partingOf(
  model: LanguageModelParts,
  mode: GpuMode,
  prompt: readonly number[],
  float64: readonly number[],
  float32: readonly number[],
): Promise<Parting | null> {
  const at = float64.findIndex((token, i) => token !== float32[i]);
  if (at < 0 && float64.length === float32.length) return null;
  const position = at < 0 ? float64.length : at;
  const text = [...prompt, ...float64.slice(0, position)];
  return { position, ...(await gapOf(model, mode, text, float64[position]!, float32[position]!)) };
}

/** The difference of two tokens' logits after a text, and the bound on it. */
export async function gapOf(
  model: LanguageModelParts,
  mode: GpuMode,
  text: readonly number[],
  one: number,
  other: number,
): Promise<{ margin: number; bound: number }> {
  const { backend, tape, readBack } = recorder(mode);
  const { logits } = await new LanguageModel({ ...partsOf(model), backend }).logits(text);
  const last = logits.at(-1)!;
  const row = text.length - 1;
  const weights = [
    { row, column: one, weight: 1 },
    { row, column: other, weight: -1 },
  ];
  return { margin: last[one]! - last[other]!, bound: tape.boundOf(readBack[0]!, weights) };
}

/** The parts of a model, to be put on another backend. */
export function partsOf(model: LanguageModelParts): Omit<LanguageModelParts, 'backend'> {
  const { transformer, adapter, heads, tokenizer, eosTokens, warnings } = model;
  return { transformer, adapter, heads, tokenizer, eosTokens, warnings };
}
