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
import { ContextLimitError, ShapeError, TokenError } from '../errors.ts';
import type { Ops, Rotation, Visible } from '../ops/ops.ts';
import type { KeyValueCache } from './cache.ts';
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

/** Where the rows of a segment stand: positions in the text, and for each row its branch (indices in the segment). */
interface Layout {
  readonly start: number;
  readonly positions: number[];
  readonly branches: number[][];
}

/**
 * Hidden states after the final norm, one row per new token, segments in order. Appends keys and values to the caches.
 *
 * Per block: `x += O(attention(rotate(Q n), rotate(K n), V n))` with `n = rmsNorm(x)`, then
 * `x += down(silu(gate(m)) * up(m))` with `m = rmsNorm(x)`.
 * @shape result: [N, D]
 * @throws {@link TokenError} for no tokens, or an id outside the vocabulary; {@link ContextLimitError} when a row would stand past the
 * context; {@link ShapeError} for parents that are no tree. The caches are unchanged then.
 * @source Touvron et al. 2023, arXiv 2302.13971, section 2.2; transformers `models/llama/modeling_llama.py`
 */
export function forward<T, W>(
  ops: Ops<T, W>,
  model: Transformer<W>,
  frequencies: RotaryFrequencies,
  segments: readonly Segment<T, W>[],
): T {
  const layouts = segments.map((segment) => layoutOf(segment, model.config.contextLength));
  const tokens = segments.flatMap((segment) => segment.tokens);
  checkTokens(tokens, model.config.vocabularySize);
  const rotation = rotationAt(
    frequencies,
    layouts.flatMap((layout) => layout.positions),
  );
  const lanes = segments.map(({ tokens: { length }, adapter }) => ({ rows: length, adapter }));
  let x = ops.embed(model.embedding, tokens);
  model.blocks.forEach((block, layer) => {
    x = ops.add(x, attend(ops, model, block, layer, x, segments, layouts, lanes, rotation));
    x = ops.add(x, feedForward(ops, model, block, x, lanes));
  });
  return ops.rmsNorm(x, model.norm, model.config.normEpsilon);
}

/**
 * Logits of the next token: the output embedding, with each lane's LoRA on it if it has one.
 * @shape states: [N, D]; result: [N, V]
 */
export function languageModelHead<T, W>(
  ops: Ops<T, W>,
  model: Transformer<W>,
  states: T,
  lanes: readonly Lane<W>[],
): T {
  return linearWithLora(ops, states, model.head, lanes);
}

function attend<T, W>(
  ops: Ops<T, W>,
  { config }: Transformer<W>,
  block: Block<W>,
  layer: number,
  x: T,
  segments: readonly Segment<T, W>[],
  layouts: readonly Layout[],
  lanes: readonly Lane<W>[],
  rotation: Rotation,
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
    const visible = visibleSlots(layouts[s]!, config.windows[layer] ?? null);
    return ops.attention(mine(query), cache.keys[layer]!, cache.values[layer]!, visible, config);
  });
  return linearWithLora(ops, attended.length === 1 ? attended[0]! : ops.stackRows(attended), block.output, lanes);
}

function feedForward<T, W>(
  ops: Ops<T, W>,
  { config }: Transformer<W>,
  block: Block<W>,
  x: T,
  lanes: readonly Lane<W>[],
): T {
  const m = ops.rmsNorm(x, block.mlpNorm, config.normEpsilon);
  const gate = ops.silu(linearWithLora(ops, m, block.gate, lanes));
  return linearWithLora(ops, ops.multiply(gate, linearWithLora(ops, m, block.up, lanes)), block.down, lanes);
}

function layoutOf<T, W>({ cache, tokens, parents }: Segment<T, W>, contextLength: number): Layout {
  const start = cache.length;
  if (parents !== undefined && parents.length !== tokens.length) {
    throw new ShapeError('parents', `${tokens.length} of them, one per token`, `${parents.length}`);
  }
  const branches: number[][] = [];
  tokens.forEach((_, i) => {
    const parent = parents === undefined ? i - 1 : parents[i]!;
    if (!Number.isInteger(parent) || parent < -1 || parent >= i) {
      throw new ShapeError(`parent of token ${i}`, `-1 or the index of an earlier token`, `${parent}`);
    }
    branches.push(parent === -1 ? [i] : [...branches[parent]!, i]);
  });
  const positions = branches.map((branch) => start + branch.length - 1);
  for (const position of positions) {
    if (position >= contextLength) {
      throw new ContextLimitError('position', `below the context length of ${contextLength} tokens`, `${position}`);
    }
  }
  return { start, positions, branches };
}

/** A window of W shows the W newest tokens of the row's path, itself included: key position > position - W. */
function visibleSlots({ start, positions, branches }: Layout, window: number | null): Visible[] {
  return branches.map((branch, i) => {
    const first = window === null ? 0 : Math.max(0, positions[i]! - window + 1);
    const from = Math.min(first, start);
    const visible = branch.slice(Math.max(0, first - start));
    // A branch that lies in consecutive slots right behind the prefix needs no list.
    if (first <= start && branch.at(-1) === branch.length - 1) return { from, to: start + branch.length, branch: [] };
    return { from, to: start, branch: visible.map((index) => start + index) };
  });
}

/**
 * Asserts that there are tokens and that all are in the vocabulary.
 * @throws {@link TokenError} when not.
 */
export function checkTokens(tokens: readonly number[], vocabularySize: number): void {
  if (tokens.length === 0) throw new TokenError('prompt', 'at least one token', 'none');
  tokens.forEach((token, i) => {
    if (!Number.isInteger(token) || token < 0 || token >= vocabularySize) {
      throw new TokenError(`token ${i}`, `an id in [0, ${vocabularySize})`, `${token}`);
    }
  });
}
