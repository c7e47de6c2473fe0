/**
 * Faults of real engines in the pass that verifies a draft: positions, masks, windows, adapters. Each is planted into a
 * session; the equal-to-plain check, the window check or the logits comparison must catch it.
 */

import { describe, expect, it } from 'vitest';
import { type Adapter, linearWithLora } from '../../../src/adapters/lora.ts';
import { mergeAdapter } from '../../../src/adapters/merge.ts';
import { slidingWindow } from '../../../src/formats/families/family.ts';
import { Session } from '../../../src/model/session.ts';
import type { Transformer } from '../../../src/model/weights.ts';
import type { Stored } from '../../../src/numerics/stored.ts';
import { tensor } from '../../../src/numerics/tensor.ts';
import { float64Backend } from '../../../src/ops/float64/backend.ts';
import { float64Ops } from '../../../src/ops/float64/index.ts';
import type { Speculation } from '../../support/decoding.ts';
import { FaultySession, type PassPieces } from '../../support/faulty-decoding.ts';
import { drafting, firstDifference, plantedScenes } from '../../support/planted-scenes.ts';
import { numbersFrom, randomAdapter, randomModel } from '../../support/random-model.ts';
import { tokensSeen } from '../../support/window.ts';

const scenes = plantedScenes();
const session = (fault: Partial<PassPieces>): Partial<Speculation> => ({
  session: ({ model, adapter }) => new FaultySession(model, adapter, fault),
});
const differenceWith = (fault: Partial<PassPieces>, shape: 'chain' | 'tree' = 'chain') =>
  firstDifference(scenes, session(fault), drafting(shape));

it('control: the session without a fault equals plain decoding, on chains and trees', () => {
  expect(differenceWith({})).toBe(null);
  expect(differenceWith({}, 'tree')).toBe(null);
});

describe('positions and masks: the equal-to-plain check catches', () => {
  it('SGLang#25015: drafted rows are one position too far', () => {
    expect(differenceWith({ position: (position, drafted) => position + (drafted ? 1 : 0) })).toMatch(/^(cache|token)/);
  });

  it('mlx-vlm#1983: every decoded token is at position 0', () => {
    expect(differenceWith({ position: (position, _, start) => (start === 0 ? position : 0) })).toMatch(
      /^(cache|token)/,
    );
  });

  it('vLLM#54498: rows of a tree are numbered by slot instead of by depth', () => {
    const bySlot: Partial<PassPieces> = { position: (_position, _drafted, _start, slot) => slot };
    expect(differenceWith(bySlot, 'tree')).toMatch(/^(cache|token)/);
    expect(differenceWith(bySlot)).toBe(null); // on chains both are the same
  });

  it('tt-xla#5836: a speculative row attends only to itself', () => {
    const alone: Partial<PassPieces> = {
      visible: (visible, drafted, slot) => (drafted ? { from: slot, to: slot + 1, branch: [] } : visible),
    };
    expect(differenceWith(alone)).toMatch(/^(cache|token)/);
    expect(differenceWith(alone, 'tree')).toMatch(/^(cache|token)/);
  });

  it('a row of a tree sees its siblings', () => {
    const all: Partial<PassPieces> = { visible: ({ from }, _, slot) => ({ from, to: slot + 1, branch: [] }) };
    expect(differenceWith(all, 'tree')).toMatch(/^(cache|token)/);
  });
});

describe('windows', () => {
  it('the window check counts W tokens, and all without a window', () => {
    expect([1, 2, 5].map((window) => tokensSeen(window))).toEqual([1, 2, 5]);
    expect(tokensSeen(null)).toBe(12);
  });

  it('mlx-lm#390: a window of W + 1 is caught by the window check', () => {
    const wider = (model: Transformer<Stored>) =>
      new Session(
        float64Backend,
        {
          ...model,
          blocks: model.blocks.map((block) => ({
            ...block,
            attention: { ...block.attention, window: slidingWindow(5) },
          })),
        },
        null,
      );
    expect(tokensSeen(4, wider)).toBe(5);
  });

  it('and, when only the verifying pass has it, by the equal-to-plain check', () => {
    const wider: Partial<PassPieces> = {
      visible: ({ from, to, branch }, drafted) => ({ from: drafted ? Math.max(0, from - 1) : from, to, branch }),
    };
    expect(differenceWith(wider)).toMatch(/^(cache|token)/);
  });
});

describe('adapters', () => {
  it('LoRAX#570, vLLM#21068: the adapter is not applied to the drafted rows (equal-to-plain)', () => {
    expect(differenceWith({ adapts: (drafted) => !drafted })).toMatch(/^(cache|token)/);
  });

  it('SGLang#12903: a pass over more than one new token counts as one without adapter (equal-to-plain)', () => {
    expect(differenceWith({ adapter: (adapter, start) => (start === 0 ? adapter : null) })).toMatch(/^(cache|token)/);
  });

  it('vLLM#3264, llama.cpp#26207: the prompt was cached without the adapter (equal-to-plain)', () => {
    expect(differenceWith({ adapter: (adapter, start) => (start === 0 ? null : adapter) })).toMatch(/^(cache|token)/);
  });

  /** The largest difference of logits between a session and one whose weights have the adapter merged in. */
  function farFromMerged(applied: (adapter: Adapter<Stored>) => Adapter<Stored>): number {
    const model = randomModel(21);
    const [r, alpha] = [16, 8];
    const adapter = rescaled(randomAdapter(22, model), () => alpha / r);
    const logits = (subject: Session) => subject.read([3, 1, 4, 1, 5], { firstRow: 4 }).logits(0);
    const expected = logits(new Session(float64Backend, mergeAdapter(model, adapter), null));
    const actual = logits(new Session(float64Backend, model, applied(adapter)));
    return Math.max(...actual.map((logit, i) => Math.abs(logit - expected[i]!)));
  }
  const rescaled = (adapter: Adapter<Stored>, scale: (before: number) => number): Adapter<Stored> => ({
    ...adapter,
    updates: new Map([...adapter.updates].map(([path, update]) => [path, { ...update, scale: scale(update.scale) }])),
  });

  it('control: the logits comparison is quiet about a merged adapter', () => {
    expect(farFromMerged((adapter) => adapter)).toBeLessThan(1e-9);
  });

  // r = 16 and alpha = 8: alpha / r = 0.5, alpha / sqrt(r) = 2, alpha = 8.
  it.each<[string, (adapter: Adapter<Stored>) => Adapter<Stored>]>([
    [
      'vLLM#6909, TensorRT-LLM#1668: alpha / r where alpha / sqrt(r) is due, and the reverse',
      (a) => rescaled(a, () => 2),
    ],
    ['mlx-vlm#841: raw alpha as scale', (a) => rescaled(a, () => 8)],
    ['FastVideo#870: no scale at all', (a) => rescaled(a, () => 1)],
    ['llama.cpp#28674: an adapter that was switched off', (a) => rescaled(a, () => 0)],
    [
      'SGLang#3413: one projection without its update',
      (a) => {
        const updates = new Map(a.updates);
        updates.delete('model.layers.0.self_attn.k_proj');
        return { ...a, updates };
      },
    ],
    [
      'LoRAX#682: the updates of two layers exchanged',
      (a) => {
        const exchanged = [...a.updates].map(([path, update]): [string, typeof update] => [
          path.replace(/layers\.(\d)/, (_, layer: string) => `layers.${1 - Number(layer)}`),
          update,
        ]);
        return { ...a, updates: new Map(exchanged) };
      },
    ],
  ])('%s (logits comparison)', (_, fault) => {
    expect(farFromMerged(fault)).toBeGreaterThan(1e-3);
  });

  it('TensorRT-LLM#2096, SGLang#28091: one adapter for a whole mixed batch (a lane has the bits it has alone)', () => {
    const model = randomModel(5);
    const layer = model.blocks[0]!.attention.query.linear;
    const lanes = [
      { rows: 2, adapter: null },
      { rows: 1, adapter: randomAdapter(6, model) },
    ];
    const x = tensor('x', numbersFrom(7)(3 * 12, 1), [3, 12]);
    const alone = linearWithLora(float64Ops, float64Ops.pickRows(x, [2]), layer, [lanes[1]!]).data;
    const lastRow = (y: typeof x) => float64Ops.pickRows(y, [2]).data;
    expect(lastRow(linearWithLora(float64Ops, x, layer, lanes))).toStrictEqual(alone);
    const mixed = linearWithLora(float64Ops, x, layer, [{ rows: 3, adapter: lanes[0]!.adapter }]);
    expect(lastRow(mixed)).not.toEqual(alone);
  });
});
