/**
 * The forward pass of a decoder-only transformer.
 *
 * One function evaluates any set of new tokens of any number of texts. The new tokens of a text form a tree: each
 * follows either the last cached token or another new one. Prefill, single steps and drafted chains are trees without branches.
 *
 * | symbol | meaning |
 * |---|---|
 * | N | new tokens of all texts together (the rows) |
 * | D, F, V | hidden size, MLP size, vocabulary |
 * | H, Hkv, Dh | query heads, key-value heads, head size |
 * @packageDocumentation
 */
import { type Adapter, type Lane, linearWithLora } from '../adapters/lora.ts';
import { ShapeError, TokenError } from '../errors.ts';
import { checkToken } from '../numerics/token.ts';
import { expectFinite } from '../ops/finite.ts';
import type { Ops, Rotation } from '../ops/ops.ts';
import type { KeyValueCache } from './cache.ts';
import type { ModelConfig } from './config.ts';
import { type Layout, layoutOf } from './layout.ts';
import { type RotaryFrequencies, rotationAt } from './rope.ts';
import type { Block, Transformer } from './weights.ts';

/** New tokens of one text. */
export interface Segment<T, W> {
  /** The text so far; the new rows are appended to it. */
  readonly cache: KeyValueCache<T>;
  readonly tokens: readonly number[];
  /** For each token the index in `tokens` of the one before it, or -1 for the last cached token; default: a chain. */
  readonly parents?: readonly number[];
  readonly adapter: Adapter<W> | null;
}

/** What all layers of one pass share. */
interface Pass<T, W> {
  readonly ops: Ops<T, W>;
  readonly config: ModelConfig;
  readonly segments: readonly Segment<T, W>[];
  readonly layouts: readonly Layout[];
  readonly lanes: readonly Lane<W>[];
  readonly rotation: Rotation;
}

/**
 * Hidden states after the final norm, one row per new token, segments in order. Appends keys and values to the caches.
 *
 * Per block: `x += O(attention(rotate(Q n), rotate(K n), V n))` with `n = rmsNorm(x)`, then
 * `x += down(silu(gate(m)) * up(m))` with `m = rmsNorm(x)`.
 * @shape result: [N, D]
 * @throws {@link TokenError} for a text without new tokens, or an id outside the vocabulary; {@link ContextLimitError} when a row would stand past the
 * context; {@link ShapeError} if `parents` does not form a tree, or two texts share a cache; {@link NonFiniteError} when a state overflows or is NaN, naming
 * the layer and the row. The caches are unchanged then.
 * @source Touvron et al. 2023, arXiv 2302.13971, section 2.2; transformers `models/llama/modeling_llama.py`
 */
export function forward<T, W>(
  ops: Ops<T, W>,
  model: Transformer<W>,
  frequencies: RotaryFrequencies,
  segments: readonly Segment<T, W>[],
): T {
  const { config } = model;
  if (new Set(segments.map(({ cache }) => cache)).size < segments.length) {
    throw new ShapeError('texts of a pass', 'a cache of its own for each', 'one cache for two');
  }
  const layouts = segments.map(({ cache, tokens, parents }) =>
    layoutOf(cache.length, parents, tokens.length, config.contextLength),
  );
  for (const { tokens } of segments) checkTokens(tokens, config.vocabularySize);
  const rotation = rotationAt(
    frequencies,
    layouts.flatMap((layout) => layout.positions),
  );
  const lanes = segments.map(({ tokens: { length }, adapter }) => ({ rows: length, adapter }));
  try {
    return throughLayers({ ops, config, segments, layouts, lanes, rotation }, model);
  } catch (error) {
    segments.forEach(({ cache }, s) => {
      cache.keep(layouts[s]!.start);
    });
    throw error;
  }
}

function throughLayers<T, W>(pass: Pass<T, W>, model: Transformer<W>): T {
  const { ops, config, segments } = pass;
  let x = ops.embed(
    model.embedding,
    segments.flatMap(({ tokens }) => tokens),
  );
  model.blocks.forEach((block, layer) => {
    x = ops.add(x, attend(pass, block, layer, x));
    expectFinite(ops, `states after the attention of layer ${layer}`, x);
    x = ops.add(x, feedForward(pass, block, x));
    expectFinite(ops, `states after the feed-forward of layer ${layer}`, x);
  });
  const states = ops.rmsNorm(x, model.norm, config.normEpsilon);
  expectFinite(ops, 'states after the final norm', states);
  return states;
}

/**
 * Logits of the next token: the output embedding, with each lane's LoRA on it if it has one.
 * @shape states: [N, D]; result: [N, V]
 * @throws {@link NonFiniteError} when a logit overflows or is NaN.
 */
export function languageModelHead<T, W>(
  ops: Ops<T, W>,
  model: Transformer<W>,
  states: T,
  lanes: readonly Lane<W>[],
): T {
  const logits = linearWithLora(ops, states, model.head, lanes);
  expectFinite(ops, 'logits', logits);
  return logits;
}

function attend<T, W>(
  { ops, config, segments, layouts, lanes, rotation }: Pass<T, W>,
  block: Block<W>,
  layer: number,
  x: T,
): T {
  const n = ops.rmsNorm(x, block.attentionNorm, config.normEpsilon);
  const query = ops.rotate(linearWithLora(ops, n, block.query, lanes), config.heads, rotation);
  const key = ops.rotate(linearWithLora(ops, n, block.key, lanes), config.keyValueHeads, rotation);
  const value = linearWithLora(ops, n, block.value, lanes);
  let from = 0;
  const attended = segments.map(({ cache, tokens }, s) => {
    const rows = tokens.map((_, i) => from + i);
    from += tokens.length;
    const mine = (y: T): T => (segments.length === 1 ? y : ops.pickRows(y, rows));
    cache.keys[layer]!.append(mine(key));
    cache.values[layer]!.append(mine(value));
    const visible = layouts[s]!.visible(config.windows[layer] ?? null);
    return ops.attention(mine(query), cache.keys[layer]!, cache.values[layer]!, visible, config);
  });
  return linearWithLora(ops, attended.length === 1 ? attended[0]! : ops.stackRows(attended), block.output, lanes);
}

function feedForward<T, W>({ ops, config, lanes }: Pass<T, W>, block: Block<W>, x: T): T {
  const m = ops.rmsNorm(x, block.mlpNorm, config.normEpsilon);
  const gate = ops.silu(linearWithLora(ops, m, block.gate, lanes));
  return linearWithLora(ops, ops.multiply(gate, linearWithLora(ops, m, block.up, lanes)), block.down, lanes);
}

/**
 * Asserts that there are tokens and that all are in the vocabulary.
 * @throws {@link TokenError} when not.
 */
export function checkTokens(tokens: readonly number[], vocabularySize: number): void {
  if (tokens.length === 0) throw new TokenError('prompt', 'at least one token', 'none');
  tokens.forEach((token, i) => {
    checkToken(`token ${i}`, token, vocabularySize);
  });
}
