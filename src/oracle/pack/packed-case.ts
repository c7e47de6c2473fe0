/**
 * The cases of a pack: what a loaded model gives for a prompt.
 * @packageDocumentation
 */
import { seededTape } from '../../chance/seeded-tape.ts';
import { type RecordedDraw, recordingTape } from '../../chance/tape.ts';
import type { Completion } from '../../language-model/completion.ts';
import type { LanguageModel } from '../../language-model/language-model.ts';
import { type Stored, stored } from '../../numerics/stored.ts';
import { hexRows } from '../vectors/hex-tensor.ts';
import type { PackedCase, PackedText, PackSettings } from './regression-pack.ts';

/** A case, and the logits at its positions. */
export interface MadeCase {
  readonly test: PackedCase;
  /** @shape [positions, V] */
  readonly logits: Stored;
}

/** What a case is made from. */
export interface AskedCase {
  readonly id: string;
  /** Name of an adapter of the model; null for the base alone. */
  readonly adapter: string | null;
  readonly prompt: readonly number[];
}

/**
 * Makes a case: a greedy text, sampled texts, and logits. Texts are decoded plainly; speculation would not change them.
 * @throws as generating does.
 */
export async function madeCase(model: LanguageModel, asked: AskedCase, settings: PackSettings): Promise<MadeCase> {
  const { id, prompt } = asked;
  const adapter = asked.adapter ?? 'none';
  const base = { adapter, maxNewTokens: settings.max_new_tokens, draft: 'none', temperature: 0 } as const;
  const rows: Float64Array[] = [];
  const greedy = await model.complete(prompt, {
    ...base,
    onStep: ({ emitted, logits }) => {
      for (const i of emitted.keys()) rows.push(logits(i).slice());
    },
  });
  const sampled: PackedCase['sampled'][number][] = [];
  for (const seed of settings.seeds) {
    const draws: RecordedDraw[] = [];
    const { temperature, top_k: topK, top_p: topP } = settings;
    const tape = recordingTape(seededTape(seed), draws);
    const completion = await model.complete(prompt, { ...base, temperature, topK, topP, tape });
    const uniforms = draws.map(({ uniform }) => uniform);
    sampled.push({ seed, ...packedText(completion), uniforms: hexRows([uniforms], uniforms.length) });
  }
  const kept = spread(rows.length, settings.rows);
  const positions = kept.map((row) => prompt.length - 1 + row);
  const width = rows[0]!.length;
  const data = new Float64Array(kept.length * width);
  for (const [i, row] of kept.entries()) data.set(rows[row]!, i * width);
  return {
    test: {
      ...{ id, adapter: asked.adapter, prompt },
      greedy: { ...packedText(greedy), margin: Math.min(...rows.map(marginOf)) },
      ...{ sampled, positions },
    },
    logits: stored(id, 'F64', data, [positions.length, width]),
  };
}

function packedText({ tokens, text, stop }: Completion): PackedText {
  return { tokens, text, finish: stop === 'eos' ? 'eos' : 'length' };
}

/** Distance of the largest number to the next one. */
function marginOf(logits: Float64Array): number {
  let [first, second] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const logit of logits) {
    if (logit > first) [first, second] = [logit, first];
    else if (logit > second) second = logit;
  }
  return first - second;
}

/** Up to `count` of the first `length` integers, evenly spread, the first and the last included. */
function spread(length: number, count: number): number[] {
  const steps = Math.min(count, length);
  return Array.from({ length: steps }, (_, i) => (steps === 1 ? 0 : Math.round((i * (length - 1)) / (steps - 1))));
}
