/**
 * The equal-to-plain check: does speculative decoding emit the tokens of plain decoding, stop where it stops, and leave
 * the cache of plain decoding after every single step?
 */

import type { Adapter } from '../../src/adapters/lora.ts';
import { sampled } from '../../src/chance/sampled.ts';
import { seededTape } from '../../src/chance/seeded-tape.ts';
import { decodePlainly } from '../../src/decode/plain.ts';
import { decodeSpeculatively, type SpeculativeDecoding } from '../../src/decode/speculative.ts';
import type { Decoding, Step } from '../../src/decode/step.ts';
import { type StopReason, type StopSettings, stopCondition } from '../../src/decode/stop.ts';
import { TextStream, type TokenSpelling } from '../../src/decode/text-stream.ts';
import type { Drafter } from '../../src/draft/drafter.ts';
import { Session } from '../../src/model/session.ts';
import type { Transformer } from '../../src/model/weights.ts';
import { float64 } from '../../src/numerics/arithmetic.ts';
import type { Stored } from '../../src/numerics/stored.ts';
import { float64Backend } from '../../src/ops/float64/backend.ts';
import { createSampler, type Sampler } from '../../src/sampling/sampler.ts';
import { checkSettings, type SamplingInput } from '../../src/sampling/settings.ts';
import type { Rule } from '../../src/verify/rule.ts';
import { cacheBits } from './cache-bits.ts';

/** One request. */
export interface Scene {
  readonly model: Transformer<Stored>;
  readonly adapter: Adapter<Stored> | null;
  readonly prompt: readonly number[];
  readonly sampling: SamplingInput;
  readonly stop: Omit<StopSettings, 'promptLength' | 'contextLength' | 'text'> & {
    readonly stopStrings?: readonly string[];
  };
  readonly seed: number;
}

/** What is put in place of plain decoding's parts; a fault puts its own. */
export interface Speculation {
  readonly rule: Rule;
  readonly drafter: (target: Session, sampler: Sampler) => Drafter;
  readonly session?: (scene: Scene) => Session;
  readonly loop?: (decoding: SpeculativeDecoding<number>, prompt: readonly number[]) => Iterable<Step>;
  readonly change?: (decoding: SpeculativeDecoding<number>) => SpeculativeDecoding<number>;
}

/** A text of two letters per token, so that stop strings run over token borders. */
export const lettersOf = (tokens: readonly number[]): string =>
  tokens.map((token) => `${'abc'[token % 3]}${'abcd'[token % 4]}`).join('');

/** The spelling of {@link lettersOf}. */
export const letters: TokenSpelling = { decode: lettersOf, tokenText: () => null };

export function decodingOf(scene: Scene, target: Session): Decoding<number> {
  const { vocabularySize, contextLength } = scene.model.config;
  const { maxNewTokens, eosTokens = [] } = scene.stop;
  const settings = checkSettings({ ...scene.sampling, maxNewTokens, eosTokens }, vocabularySize);
  return {
    target,
    sampler: createSampler(settings, vocabularySize),
    arithmetic: float64,
    chance: sampled(seededTape(scene.seed)),
    lift: (law) => law,
    stop: stopCondition({
      ...{ maxNewTokens, eosTokens, contextLength, promptLength: scene.prompt.length },
      text: new TextStream(letters, scene.prompt, scene.stop.stopStrings),
    }),
  };
}

/** What plain decoding does with a request, drawing its tokens as a rule does. */
export function plainRun(
  scene: Scene,
  rule?: Rule,
): { tokens: number[]; stop: StopReason | null; cache: Float64Array[] } {
  const target = new Session(float64Backend, scene.model, scene.adapter);
  const decoding = decodingOf(scene, target);
  const steps = [...decodePlainly({ ...decoding, draws: rule?.draws ?? 'inverse cdf' }, scene.prompt)];
  const tokens = [...scene.prompt, ...steps.flatMap((step) => step.emitted)];
  return { tokens, stop: steps.at(-1)!.stop, cache: cacheBits(target) };
}

/** The steps of a speculative run, and a name for the first way in which it differs from plain decoding, or null. */
export function compareWithPlain(scene: Scene, speculation: Speculation): { difference: string | null; steps: Step[] } {
  const plain = plainRun(scene, speculation.rule);
  const target = speculation.session?.(scene) ?? new Session(float64Backend, scene.model, scene.adapter);
  const decoding = decodingOf(scene, target);
  const { rule } = speculation;
  const { keyValueHeads, headSize } = scene.model.blocks[0]!.attention.shape;
  const width = keyValueHeads * headSize;
  const whole = { ...decoding, rule, drafter: speculation.drafter(target, decoding.sampler) };
  const loop = speculation.loop ?? decodeSpeculatively;
  const steps: Step[] = [];
  const tokens = [...scene.prompt];
  for (const step of loop(speculation.change?.(whole) ?? whole, scene.prompt)) {
    steps.push(step);
    tokens.push(...step.emitted);
    const at = tokens.findIndex((token, i) => token !== plain.tokens[i]);
    if (at >= 0) return { difference: `token ${at}: ${tokens[at]}, not ${plain.tokens[at] ?? 'the end'}`, steps };
    const cache = cacheDifference(cacheBits(target), plain.cache, width, tokens.length - 1);
    if (cache !== null) return { difference: `cache after step ${steps.length - 1}: ${cache}`, steps };
  }
  const stop = steps.at(-1)!.stop;
  if (stop !== plain.stop) return { difference: `stop: ${stop}, not ${plain.stop}`, steps };
  if (tokens.length !== plain.tokens.length) {
    return { difference: `${tokens.length} tokens, not ${plain.tokens.length}`, steps };
  }
  return { difference: null, steps };
}

/** Plain decoding only appends, so after `length` tokens its cache was the first `length` rows of its last one. */
function cacheDifference(actual: Float64Array[], plain: Float64Array[], width: number, length: number): string | null {
  for (const [store, numbers] of plain.entries()) {
    const found = actual[store]!;
    if (found.length !== length * width) return `${found.length / width} rows, not ${length}`;
    const at = found.findIndex((number, i) => !Object.is(number, numbers[i]));
    if (at >= 0) return `store ${store}, row ${Math.floor(at / width)}`;
  }
  return null;
}
