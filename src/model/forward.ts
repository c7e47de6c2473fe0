/**
 * The forward pass of a decoder-only transformer.
 *
 * One function evaluates any set of new tokens of any number of texts. The new tokens of a text form a tree: each
 * follows either the last cached token or another new one. Prefill, single steps and drafted chains are trees without
 * branches.
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
import type { Ops } from '../ops/ops.ts';
import { throughBlock } from './block.ts';
import type { KeyValueCache } from './cache.ts';
import type { ModelConfig } from './config.ts';
import { layoutOf } from './layout.ts';
import { normalise } from './norm.ts';
import { type Pass, rotationsAt } from './pass.ts';
import type { Embedding, Transformer } from './weights.ts';

/** New tokens of one text. */
export interface Segment<T, W> {
  /** The text so far; the new rows are appended to it. */
  readonly cache: KeyValueCache<T>;
  readonly tokens: readonly number[];
  /**
   * The parent of each token: its index in `tokens`, or -1 for the last cached token. Default: a chain, in which each
   * token follows the one before it.
   */
  readonly parents?: readonly number[];
  readonly adapter: Adapter<W> | null;
}

/**
 * Hidden states after the final norm, one row per new token, segments in order. Appends keys and values to the caches.
 *
 * The rows of the embedding table, through every block in turn ({@link throughBlock}), then the final norm.
 * @shape result: [N, D]
 * @throws {@link TokenError} for a text without new tokens, or an id outside the vocabulary; {@link ContextLimitError}
 * when a row would be past the context; {@link ShapeError} if `parents` does not form a tree, or two texts share a
 * cache; {@link NonFiniteError} when a state overflows or is NaN, naming the layer and the row. When it throws, the
 * caches are unchanged.
 * @source Touvron et al. 2023, arXiv 2302.13971, section 2.2; transformers `models/llama/modeling_llama.py`
 */
export function forward<T, W>(ops: Ops<T, W>, model: Transformer<W>, segments: readonly Segment<T, W>[]): T {
  const { config } = model;
  if (new Set(segments.map(({ cache }) => cache)).size < segments.length) {
    throw new ShapeError('texts of a pass', 'a separate cache for each', 'one cache for two');
  }
  const pass = passOver(ops, config, segments);
  for (const { tokens } of segments) checkTokens(tokens, config.vocabularySize);
  try {
    return throughLayers(
      pass,
      model,
      segments.flatMap(({ tokens }) => tokens),
    );
  } catch (error) {
    for (const [i, { cache }] of segments.entries()) cache.keep(pass.texts[i]!.layout.start);
    throw error;
  }
}

function passOver<T, W>(ops: Ops<T, W>, config: ModelConfig, segments: readonly Segment<T, W>[]): Pass<T, W> {
  let rows = 0;
  const texts = segments.map(({ cache, tokens, parents }) => {
    const from = rows;
    rows += tokens.length;
    const layout = layoutOf(cache.length, parents, tokens.length, config.contextLength);
    return { keys: cache.keys, values: cache.values, layout, rows: tokens.map((_, i) => from + i) };
  });
  const lanes = segments.map(({ tokens: { length }, adapter }) => ({ rows: length, adapter }));
  const rotation = rotationsAt(texts.flatMap(({ layout }) => layout.positions));
  return { ops, texts, lanes, rows, width: config.hiddenSize, rotation };
}

function throughLayers<T, W>(pass: Pass<T, W>, model: Transformer<W>, tokens: readonly number[]): T {
  let x = embed(pass, model.embedding, tokens);
  model.blocks.forEach((block, layer) => {
    x = throughBlock(pass, block, layer, x);
  });
  const states = normalise(pass.ops, model.norm, x);
  expectFinite(pass.ops, 'states after the final norm', states);
  return states;
}

function embed<T, W>(
  { ops, texts }: Pass<T, W>,
  { table, scale, positions }: Embedding<W>,
  tokens: readonly number[],
): T {
  const rows = ops.embed(table, tokens);
  const scaled = scale === 1 ? rows : ops.scale(rows, scale);
  if (positions === null) return scaled;
  const at = texts.flatMap(({ layout }) => layout.positions);
  return ops.add(scaled, ops.embed(positions.table, at));
}

/**
 * Logits of the next token. They are the states times the output embedding, with the LoRA that each lane may have on
 * it. The model's scale and soft cap follow.
 * @shape states: [N, D]; result: [N, V]
 * @throws {@link NonFiniteError} when a logit overflows or is NaN.
 */
export function languageModelHead<T, W>(
  ops: Ops<T, W>,
  model: Transformer<W>,
  states: T,
  lanes: readonly Lane<W>[],
): T {
  const { scale, softCap } = model.logits;
  let logits = linearWithLora(ops, states, model.head, lanes);
  if (scale !== 1) logits = ops.scale(logits, scale);
  if (softCap !== null) logits = ops.softCap(logits, softCap);
  expectFinite(ops, 'logits', logits);
  return logits;
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
