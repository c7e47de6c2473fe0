/**
 * Speculative decoding once more, from pieces that a planted fault may replace. Without a fault it equals plain
 * decoding.
 */
import type { Adapter } from '../../src/adapters/lora.ts';
import type { SpeculativeDecoding } from '../../src/decode/speculative.ts';
import type { Step } from '../../src/decode/step.ts';
import { branchTo } from '../../src/draft/draft.ts';
import { forward } from '../../src/model/forward.ts';
import { foundAtOnce } from '../../src/model/pass-request.ts';
import { rotationAt } from '../../src/model/rope.ts';
import { type ForwardRows, type Read, Session } from '../../src/model/session.ts';
import type { Transformer } from '../../src/model/weights.ts';
import type { Stored } from '../../src/numerics/stored.ts';
import { rowOf, type Tensor } from '../../src/numerics/tensor.ts';
import type { Shaped } from '../../src/ops/backend.ts';
import { float64Backend } from '../../src/ops/float64/backend.ts';
import { float64Ops } from '../../src/ops/float64/index.ts';
import type { Ops, Visible } from '../../src/ops/ops.ts';

/** Pieces of the loop. */
export interface LoopPieces {
  /** The text that processors see before a row. */
  seen(tokens: readonly number[], branch: readonly number[]): readonly number[];
  /** Whether the stop condition is asked after token `i` of a block of `length`. */
  asksStop(i: number, length: number): boolean;
  /** What is left in the cache of slots [0, committed) and the drafted ones after them. */
  rollBack(session: Session, committed: number, accepted: readonly number[]): void;
  /** The row whose state the drafter gets. */
  hiddenRow(accepted: readonly number[]): number;
  /** The tokens of a round. */
  block(accepted: readonly number[], rejected: readonly number[], token: number): number[];
}

const CORRECT: LoopPieces = {
  seen: (tokens, branch) => [...tokens, ...branch],
  asksStop: () => true,
  rollBack: ({ cache }, committed, accepted) => {
    cache.keep(
      committed,
      accepted.map((node) => committed + node),
    );
  },
  hiddenRow: (accepted) => (accepted.at(-1) ?? -1) + 1,
  block: (accepted, _rejected, token) => [...accepted, token],
};

export function loopWith(fault: Partial<LoopPieces>) {
  const pieces = { ...CORRECT, ...fault };
  return function* (decoding: SpeculativeDecoding<number>, prompt: readonly number[]): Generator<Step> {
    const { stop, drafter, rule, sampler, chance, arithmetic, lift } = decoding;
    const target = decoding.target as Session<Tensor, Stored>;
    const tokens = [...prompt];
    const promptLength = prompt.length;
    let fed: readonly number[] = prompt;
    let hidden: Shaped | null = null;
    for (;;) {
      const maxDepth = stop.room(tokens.length) - 1;
      const draft = foundAtOnce(drafter.propose({ tokens, promptLength, hidden, maxDepth, chance, arithmetic, lift }));
      const committed = target.cache.length + fed.length;
      const parents = [...fed.map((_, i) => i - 1), ...draft.parents.map((parent) => fed.length + parent)];
      const rows = target.read([...fed, ...draft.tokens], { parents, firstRow: fed.length - 1 });
      const tokensOf = (nodes: readonly number[]) => nodes.map((node) => draft.tokens[node]!);
      const law = (node: number) =>
        lift(
          sampler.law(rows.logits(node + 1), {
            tokens: pieces.seen(tokens, tokensOf(branchTo(draft, node))),
            promptLength,
          }),
        );
      const verdict = rule.decide({ draft, target: law, position: tokens.length }, arithmetic, chance);
      const rejected = draft.tokens.filter((_, node) => !verdict.accepted.includes(node));
      const block = pieces.block(tokensOf(verdict.accepted), rejected, verdict.token);
      const emitted: number[] = [];
      let reason: Step['stop'] = null;
      for (const [i, token] of block.entries()) {
        tokens.push(token);
        emitted.push(token);
        if (pieces.asksStop(i, block.length)) reason = stop.after(tokens);
        if (reason !== null) break;
      }
      pieces.rollBack(target, committed, verdict.accepted.slice(0, emitted.length - 1));
      const accepted = Math.min(emitted.length, verdict.accepted.length);
      const logits = (i: number) => rows.logits(i === 0 ? 0 : verdict.accepted[i - 1]! + 1);
      yield { fed, drafted: draft.tokens, parents: draft.parents, accepted, emitted, stop: reason, logits };
      if (reason !== null) return;
      hidden = float64Ops.pickRows(rows.hidden, [pieces.hiddenRow(verdict.accepted)]);
      fed = [emitted.at(-1)!];
    }
  };
}

/** Pieces of a pass; `drafted` tells the rows of the draft from those of the text. */
export interface PassPieces {
  position(position: number, drafted: boolean, start: number, slot: number): number;
  visible(visible: Visible, drafted: boolean, slot: number): Visible;
  /** Whether a LoRA is added to a row. */
  adapts(drafted: boolean): boolean;
  /** The adapter of a pass over a cache of `start` tokens. */
  adapter(adapter: Adapter<Stored> | null, start: number): Adapter<Stored> | null;
}

/** A session of which pieces of the forward pass are replaced. */
export class FaultySession extends Session<Tensor, Stored> {
  readonly #fault: Partial<PassPieces>;

  constructor(model: Transformer<Stored>, adapter: Adapter<Stored> | null, fault: Partial<PassPieces>) {
    super(float64Backend, model, adapter);
    this.#fault = fault;
  }

  override answer(read: Read<Tensor, Stored>): ForwardRows<Tensor> {
    const { cache, model } = this;
    const { tokens, firstRow: first } = read;
    const parents = read.parents ?? tokens.map((_, i) => i - 1);
    const start = cache.length;
    const adapter = this.#fault.adapter ? this.#fault.adapter(this.adapter, start) : this.adapter;
    const ops = this.#opsFor(parents, first, start);
    const segments = [{ cache, tokens, parents, adapter }];
    const all = forward(ops, model, segments);
    this.forwards += 1;
    const hidden = float64Ops.pickRows(
      all,
      Array.from({ length: tokens.length - first }, (_, i) => first + i),
    );
    this.hold(hidden);
    const logits = this.project(hidden);
    return { hidden, logits: (row) => rowOf('logits', logits, row) };
  }

  #opsFor(parents: readonly number[], firstRow: number, start: number): Ops<Tensor, Stored> {
    const { position, visible, adapts } = this.#fault;
    const rotary = this.model.blocks[0]!.attention.rotary!;
    const depths: number[] = [];
    for (const parent of parents) depths.push(parent < 0 ? 0 : depths[parent]! + 1);
    const isDrafted = (row: number) => row > firstRow;
    return {
      ...float64Ops,
      rotate: (x, heads, rotation) => {
        if (position === undefined) return float64Ops.rotate(x, heads, rotation);
        const moved = depths.map((depth, row) => position(start + depth, isDrafted(row), start, start + row));
        return float64Ops.rotate(x, heads, rotationAt(rotary, moved));
      },
      attention: (query, keys, values, shown, shape) => {
        const changed = visible ? shown.map((v, row) => visible(v, isDrafted(row), start + row)) : shown;
        return float64Ops.attention(query, keys, values, changed, shape);
      },
      addScaled: (x, scale, y) => {
        const sum = float64Ops.addScaled(x, scale, y);
        if (adapts === undefined) return sum;
        const kept = parents.map((_, row) => (adapts(isDrafted(row)) ? sum : x));
        return float64Ops.stackRows(kept.map((from, row) => float64Ops.pickRows(from, [row])));
      },
    };
  }
}
