import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ContextLimitError, ShapeError, TokenError } from '../../../src/errors.ts';
import { KeyValueCache } from '../../../src/model/cache.ts';
import { forward, type Segment } from '../../../src/model/forward.ts';
import { Session } from '../../../src/model/session.ts';
import type { Stored } from '../../../src/numerics/stored.ts';
import type { Tensor } from '../../../src/numerics/tensor.ts';
import { float64Backend } from '../../../src/ops/float64/backend.ts';
import { float64Ops } from '../../../src/ops/float64/index.ts';
import { cacheBits, freshCacheBits } from '../../support/cache-bits.ts';
import { randomModel, type SmallShape, smallConfig } from '../../support/random-model.ts';

const short: SmallShape = { ...smallConfig, contextLength: 4 };

describe('forward refuses and leaves the cache unchanged', () => {
  it.each([
    ['no tokens', [], undefined, TokenError, 'prompt: expected at least one token, got none'],
    ['a token past the vocabulary', [1, 11], undefined, TokenError, 'token 1: expected an id in [0, 11), got 11'],
    ['a negative token', [-1], undefined, TokenError, 'token 0'],
    ['a fractional token', [0.5], undefined, TokenError, 'token 0'],
    [
      'a row past the context',
      [1, 2, 3],
      undefined,
      ContextLimitError,
      'position: expected below the context length of 4',
    ],
    ['a branch past the context', [1, 2, 3, 4], [-1, 0, 1, 0], ContextLimitError, 'got 4'],
    ['fewer parents than tokens', [1, 2], [-1], ShapeError, 'parents: expected 2 of them, one per token, got 1'],
    ['more parents than tokens', [1], [-1, 0], ShapeError, 'parents'],
    ['a parent that comes later', [1, 2], [1, -1], ShapeError, 'parent of token 0'],
    ['a token that is its own parent', [1, 2], [-1, 1], ShapeError, 'parent of token 1'],
    ['a parent below -1', [1], [-2], ShapeError, 'parent of token 0'],
    ['a fractional parent', [1, 2], [-1, 0.5], ShapeError, 'parent of token 1'],
  ] as const)('%s', (_, tokens, parents, errorClass, message) => {
    const session = new Session(float64Backend, randomModel(1, short), null);
    session.read([5, 6]);
    const read = () => session.read(tokens, parents && { parents });
    expect(read).toThrow(errorClass);
    expect(read).toThrow(message);
    expect(cacheBits(session)).toStrictEqual(freshCacheBits(session, [5, 6]));
    expect(session.forwards).toBe(1);
  });

  it('a bad second text: the first is not read either', () => {
    const model = randomModel(1);
    const segment = (tokens: number[]): Segment<Tensor, Stored> => ({
      cache: new KeyValueCache(float64Ops, model),
      tokens,
      adapter: null,
    });
    const segments = [segment([1, 2]), segment([99])];
    expect(() => forward(float64Ops, model, segments)).toThrow(TokenError);
    expect(segments.map(({ cache }) => cache.length)).toEqual([0, 0]);
  });

  it('two texts in one cache: each would overwrite what the other sees', () => {
    const model = randomModel(1);
    const cache = new KeyValueCache(float64Ops, model);
    const segments = [[1, 2], [3]].map((tokens) => ({ cache, tokens, adapter: null }));
    expect(() => forward(float64Ops, model, segments)).toThrow(ShapeError);
    expect(cache.length).toBe(0);
  });

  it('but takes the last position, and more rows than the context when they branch', () => {
    const session = new Session(float64Backend, randomModel(1, short), null);
    session.read([1, 2]);
    const rows = session.read([3, 4, 5, 6, 7, 8], { parents: [-1, -1, -1, 0, 1, 2] });
    expect(rows.hidden.shape).toEqual([6, 12]);
  });
});

describe('Session', () => {
  it('returns the rows from firstRow on and counts forward passes', () => {
    const session = new Session(float64Backend, randomModel(1), null);
    const all = new Session(float64Backend, randomModel(1), null).read([1, 2, 3]);
    const last = session.read([1, 2, 3], { firstRow: 2 });
    expect(last.hidden.shape).toEqual([1, 12]);
    expect(last.logits(0)).toStrictEqual(all.logits(2));
    expect(() => last.logits(1)).toThrow(ShapeError);
    expect(session.forwards).toBe(1);
  });

  it('position matters: the same token later in the text has other keys but the same values in layer 0', () => {
    const session = new Session(float64Backend, randomModel(1), null);
    session.read([7, 7]);
    const [keys, , values] = cacheBits(session);
    const width = keys!.length / 2;
    expect(keys!.slice(0, width)).not.toEqual(keys!.slice(width));
    expect(values!.slice(0, width)).toStrictEqual(values!.slice(width));
  });
});

describe('a window of W', () => {
  const windowed = fc.record({
    window: fc.integer({ min: 1, max: 6 }),
    seed: fc.nat(500),
    text: fc.array(fc.nat(10), { minLength: 8, maxLength: 12 }),
    shift: fc.integer({ min: 1, max: 10 }),
  });
  const changed = (text: readonly number[], back: number, shift: number): number[] => {
    const other = [...text];
    other[text.length - 1 - back] = (other[text.length - 1 - back]! + shift) % 11;
    return other;
  };

  it('sees exactly W tokens: the one W back changes nothing, the one W - 1 back does', () => {
    fc.assert(
      fc.property(windowed, ({ window, seed, text, shift }) => {
        // One layer: with more, what is outside the window shows through the layers below.
        const model = randomModel(seed, { ...smallConfig, layers: 1, windows: [window] });
        const last = (tokens: readonly number[]) =>
          new Session(float64Backend, model, null).read(tokens, { firstRow: tokens.length - 1 }).logits(0);
        expect(last(changed(text, window, shift))).toStrictEqual(last(text));
        expect(last(changed(text, window - 1, shift))).not.toEqual(last(text));
      }),
    );
  });

  it('on a drafted row too: its own branch counts', () => {
    fc.assert(
      fc.property(windowed, fc.integer({ min: 1, max: 7 }), ({ window, seed, text, shift }, drafted) => {
        const model = randomModel(seed, { ...smallConfig, layers: 1, windows: [window] });
        const last = (tokens: readonly number[]) => {
          const session = new Session(float64Backend, model, null);
          session.read(tokens.slice(0, -drafted));
          // A sibling first, so that the branch does not follow the prefix directly.
          const parents = [-1, ...Array.from({ length: drafted }, (_, i) => (i === 0 ? -1 : i))];
          return session.read([3, ...tokens.slice(-drafted)], { parents }).logits(drafted);
        };
        expect(last(changed(text, window, shift))).toStrictEqual(last(text));
        expect(last(changed(text, window - 1, shift))).not.toEqual(last(text));
      }),
    );
  });

  it('a prompt of 30,000 tokens: what a row sees takes no list of all tokens before it', () => {
    const config = { ...smallConfig, windows: [8, 8], contextLength: 40_000 };
    const text = Array.from({ length: 30_000 }, (_, i) => (i * i) % 11);
    const session = new Session(float64Backend, randomModel(1, config), null);
    const last = session.read(text, { firstRow: text.length - 1 }).logits(0);
    // The same as a tree that branches after the prompt, as a first round of speculation reads it.
    const parents = text.map((_, i) => i - 1);
    const tree = new Session(float64Backend, randomModel(1, config), null).read([...text, 3, 4], {
      parents: [...parents, text.length - 1, text.length - 1],
      firstRow: text.length - 1,
    });
    expect(tree.logits(0)).toStrictEqual(last);
    expect(session.read([4]).logits(0)).toStrictEqual(tree.logits(2));
  });
});
