import { describe, expect, it } from 'vitest';
import { faultyLaw, LAW_FAULTS, sameLaw } from '../../../../../src/oracle/vectors/processors/faults/index.ts';
import { type LawInputs, processedLaw } from '../../../../../src/oracle/vectors/processors/law-inputs.ts';
import type { VectorSettings } from '../../../../../src/oracle/vectors/processors/vector-settings.ts';

const inputs = (settings: VectorSettings, change: Partial<LawInputs> = {}): LawInputs => ({
  vocabulary: 4,
  prompt: [3],
  generated: [],
  drafted: [],
  settings,
  logits: Float64Array.of(Math.log(8), Math.log(4), Math.log(2), Math.log(2)),
  ...change,
});
/** Masses times 16, of a fault. */
const faulty = (name: string, given: LawInputs): number[] =>
  Array.from(faultyLaw(LAW_FAULTS.get(name)!, given)!, (mass) => Math.round(mass * 16e9) / 1e9);

describe('laws of faults, by hand (the correct one is 8, 4, 2, 2 of 16)', () => {
  it.each<[string, LawInputs, number[]]>([
    ['filters-skipped', inputs({ top_k: 1 }), [8, 4, 2, 2]],
    ['top-k-one-more', inputs({ top_k: 1 }), [32 / 3, 16 / 3, 0, 0]],
    ['top-k-drops-ties', inputs({ top_k: 3 }), [64 / 7, 32 / 7, 16 / 7, 0]],
    ['top-p-without-crossing', inputs({ top_p: 0.7 }), [16, 0, 0, 0]],
    ['not-renormalized', inputs({ top_k: 2 }), [8, 4, 0, 0]],
    ['min-p-absolute', inputs({ min_p: 0.24 }), [32 / 3, 16 / 3, 0, 0]],
    ['temperature-skipped', inputs({ temperature: 0.5 }), [8, 4, 2, 2]],
    [
      'temperature-multiplies',
      inputs({ temperature: 2 }),
      [64 * (16 / 88), 16 * (16 / 88), 4 * (16 / 88), 4 * (16 / 88)],
    ],
    // at temperature 1 a half is enough: token 0. At temperature 2 it would not be.
    ['temperature-last', inputs({ temperature: 2, top_p: 0.45 }), [16, 0, 0, 0]],
    ['greedy-not-one-hot', inputs({ temperature: 0 }), [8, 4, 2, 2]],
    ['greedy-highest-id', inputs({ temperature: 0 }, { logits: Float64Array.of(0, 1, 1, 0) }), [0, 0, 16, 0]],
    ['penalties-inert', inputs({ presence_penalty: 9, repetition_penalty: 2 }, { drafted: [0] }), [8, 4, 2, 2]],
    ['drafted-not-counted', inputs({ presence_penalty: Math.log(2) }, { drafted: [0] }), [8, 4, 2, 2]],
    ['counted-a-row-late', inputs({ presence_penalty: Math.log(2) }, { generated: [0] }), [8, 4, 2, 2]],
    [
      'drafted-counted-twice',
      inputs({ frequency_penalty: Math.log(2) }, { drafted: [0] }),
      [16 / 5, 32 / 5, 16 / 5, 16 / 5],
    ],
    ['prompt-counted-as-generated', inputs({ presence_penalty: Math.log(2) }), [128 / 15, 64 / 15, 32 / 15, 16 / 15]],
    ['prompt-not-counted', inputs({ repetition_penalty: 2 }), [8, 4, 2, 2]],
    ['min-tokens-skipped', inputs({ min_new_tokens: 1, eos_token_id: [0] }), [8, 4, 2, 2]],
    ['min-tokens-row-late', inputs({ min_new_tokens: 1, eos_token_id: [0] }, { drafted: [2] }), [0, 8, 4, 4]],
    ['min-tokens-one-end', inputs({ min_new_tokens: 1, eos_token_id: [0, 1] }), [0, 8, 4, 4]],
    ['min-tokens-counts-prompt', inputs({ min_new_tokens: 1, eos_token_id: [0] }), [8, 4, 2, 2]],
    ['bans-skipped', inputs({ suppress_tokens: [0] }), [8, 4, 2, 2]],
    ['bias-skipped', inputs({ logit_bias: [[0, 5]] }), [8, 4, 2, 2]],
    ['forced-skipped', inputs({ forced_bos_token_id: [1] }), [8, 4, 2, 2]],
    ['words-banned-by-last-token', inputs({ bad_words_ids: [[2, 0]] }), [0, 8, 4, 4]],
    ['begin-suppressed-always', inputs({ begin_suppress_tokens: [0] }, { generated: [1] }), [0, 8, 4, 4]],
    ['ngrams-one-longer', inputs({ no_repeat_ngram_size: 1 }), [8, 4, 2, 2]],
  ])('%s', (name, given, expected) => {
    const law = faulty(name, given);
    expect(law).toHaveLength(4);
    for (const [token, mass] of law.entries()) expect(mass).toBeCloseTo(expected[token]!, 7);
    const close = { law: { close: { atol: 0, rtol: 1e-6 } } };
    expect(sameLaw(faultyLaw(LAW_FAULTS.get(name)!, given)!, processedLaw(given), close)).toBe(false);
  });

  it('are null where a fault cannot show', () => {
    expect(faultyLaw(LAW_FAULTS.get('top-k-drops-ties')!, inputs({}))).toBeNull();
    expect(faultyLaw(LAW_FAULTS.get('min-p-first')!, inputs({ top_k: 1 }))).toBeNull();
    // every token is banned
    expect(
      faultyLaw(
        LAW_FAULTS.get('begin-suppressed-always')!,
        inputs({ begin_suppress_tokens: [0, 1, 2], suppress_tokens: [3] }, { generated: [0] }),
      ),
    ).toBeNull();
  });
});

it('laws with ties in any order are compared as multisets', () => {
  const close = { atol: 0, rtol: 0 };
  const [a, b] = [Float64Array.of(0.5, 0.5, 0), Float64Array.of(0, 0.5, 0.5)];
  expect([sameLaw(a, b, { law: { close, order: 'any' } }), sameLaw(a, b, { law: { close } })]).toEqual([true, false]);
});
