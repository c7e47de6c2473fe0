import { describe, expect, it, vi } from 'vitest';
import { draftModelDrafter } from '../../../src/draft/draft-model.ts';
import { MismatchError, OptionError } from '../../../src/errors.ts';
import { Session } from '../../../src/model/session.ts';
import { float64Backend } from '../../../src/ops/float64/backend.ts';
import { cacheBits, freshCacheBits } from '../../support/cache-bits.ts';
import { proposed, requestFor, watchedSampler } from '../../support/drafting.ts';
import { randomModel, type SmallShape, smallConfig } from '../../support/random-model.ts';

const V = smallConfig.vocabularySize;
const LENGTH = 3;

function subject(kind: 'top1' | 'sample' = 'top1', config: SmallShape = smallConfig) {
  const session = new Session(float64Backend, randomModel(8, config), null);
  const reads = vi.spyOn(session, 'answer');
  const { sampler, contexts } = watchedSampler(V);
  const drafter = draftModelDrafter({ session, vocabularySize: V, sampler, choice: { kind, length: LENGTH } });
  /** How many tokens each forward pass since the last call read. */
  const readLengths = (): number[] => {
    const lengths = reads.mock.calls.map(([{ tokens }]) => tokens.length);
    reads.mockClear();
    return lengths;
  };
  return { session, drafter, contexts, readLengths };
}

/** Greedy continuation, one token at a time in a separate session. */
function greedyTokens(text: readonly number[], count: number): number[] {
  const tokens = [...text];
  for (let i = 0; i < count; i++) {
    const session = new Session(float64Backend, randomModel(8), null);
    const logits = session.read(tokens, { firstRow: tokens.length - 1 }).logits(0);
    tokens.push(logits.indexOf(Math.max(...logits)));
  }
  return tokens.slice(text.length);
}

describe('draftModelDrafter', () => {
  it('top1 drafts what greedy decoding of the draft model would write', () => {
    const { drafter, readLengths } = subject();
    const draft = proposed(drafter, requestFor([1, 2, 3]));
    expect(draft).toEqual({
      tokens: greedyTokens([1, 2, 3], 3),
      parents: [-1, 0, 1],
      laws: ['point', 'point', 'point'],
    });
    expect(readLengths()).toEqual([3, 1, 1]);
  });

  it('sample passes on the laws that its tokens were drawn from', () => {
    const { drafter, contexts } = subject('sample');
    const { tokens, laws } = proposed(drafter, requestFor([1, 2, 3], { promptLength: 2 }));
    const { sampler } = watchedSampler(V);
    tokens.forEach((token, i) => {
      const text = [1, 2, 3, ...tokens.slice(0, i)];
      const logits = new Session(float64Backend, randomModel(8), null)
        .read(text, { firstRow: text.length - 1 })
        .logits(0);
      const law = sampler.law(logits, { tokens: text, promptLength: 2 });
      expect(laws[i]).toStrictEqual(law);
      expect(law[token]).toBeGreaterThan(0);
      expect(contexts[i]).toEqual({ tokens: text, promptLength: 2 }); // penalties count drafted tokens
    });
  });

  for (const choice of ['top1', 'sample'] as const) {
    it.each([0, 1, 2, 3])(
      `${choice}: with %i of three accepted the next draft starts from a cache like a fresh one`,
      (accepted) => {
        const { session, drafter, readLengths } = subject(choice);
        let text: readonly number[] = [1, 2, 3];
        for (let round = 0; round < 3; round++) {
          const { tokens } = proposed(drafter, requestFor(text));
          expect(cacheBits(session)).toStrictEqual(freshCacheBits(session, [...text, ...tokens.slice(0, -1)]));
          // All accepted leaves a token that was drafted but never read, and the bonus; else only the correction is
          // new.
          expect(readLengths()).toEqual([round === 0 ? 3 : accepted === LENGTH ? 2 : 1, 1, 1]);
          const correction = ((tokens[accepted] ?? 0) + 1) % V;
          text = [...text, ...tokens.slice(0, accepted), correction];
        }
        expect(session.forwards).toBe(9);
      },
    );
  }

  it('the same text again, or another text altogether: the shared part is kept, the last token read again', () => {
    const { session, drafter, readLengths } = subject();
    const first = proposed(drafter, requestFor([1, 2, 3]));
    expect(proposed(drafter, requestFor([1, 2, 3]))).toEqual(first);
    expect(readLengths()).toEqual([3, 1, 1, 1, 1, 1]);
    proposed(drafter, requestFor([4, 5], { maxDepth: 1 }));
    expect(cacheBits(session)).toStrictEqual(freshCacheBits(session, [4, 5]));
  });

  it('drafts no more than there is room for', () => {
    const { session, drafter } = subject();
    expect(proposed(drafter, requestFor([1, 2, 3], { maxDepth: 1 })).tokens.length).toBe(1);
    expect(proposed(drafter, requestFor([1, 2, 3], { maxDepth: 0 })).tokens).toEqual([]);
    expect(session.forwards).toBe(1);
  });

  it('with a shorter context than the text needs it drafts less, then nothing', () => {
    const { drafter } = subject('top1', { ...smallConfig, contextLength: 6 });
    const drafted = [3, 4, 5, 6, 7, 8].map(
      (length) => proposed(drafter, requestFor(Array.from({ length }, (_, i) => i))).tokens.length,
    );
    // A draft of n after a text of T reads T + n - 1 tokens.
    expect(drafted).toEqual([3, 3, 2, 1, 0, 0]);
  });

  it('refuses another vocabulary and lengths below one', () => {
    const session = new Session(float64Backend, randomModel(8), null);
    const { sampler } = watchedSampler(V);
    const make = (vocabularySize: number, length: number) => () =>
      draftModelDrafter({ session, vocabularySize, sampler, choice: { kind: 'top1', length } });
    expect(make(V + 1, 1)).toThrow(MismatchError);
    expect(make(V, 0)).toThrow(OptionError);
    expect(make(V, 1.5)).toThrow(OptionError);
  });
});
