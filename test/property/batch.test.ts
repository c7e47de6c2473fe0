/**
 * In a batch every text has the bits that it has alone (tokens, text, log-probabilities, drafts), whatever is beside
 * it, in any order, and with however many at once; and the passes are shared.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BatchRequest } from '../../src/language-model/batch.ts';
import { LanguageModel } from '../../src/language-model/language-model.ts';
import type { AdapterParts } from '../../src/language-model/parts.ts';
import { multiByteModel } from '../support/multi-byte-model.ts';
import { randomAdapter, randomHeads } from '../support/random-model.ts';
import { timeless } from '../support/timeless.ts';

const { model: bare, tokenizer, specials, logitBias } = multiByteModel('metaspace');
const { transformer } = bare;
const adapterOf = (seed: number): AdapterParts => ({
  adapter: randomAdapter(seed, transformer),
  heads: seed % 2 === 0 ? randomHeads(seed, transformer.config, 2) : null,
});
const model = new LanguageModel({
  ...bare,
  adapters: new Map([
    ['even', adapterOf(10)],
    ['odd', adapterOf(11)],
    ['heads', { ...adapterOf(12), adapter: null }],
  ]),
});

const sampling = fc.record({
  temperature: fc.constantFrom(0, 0.8, 2),
  seed: fc.nat({ max: 1000 }),
  frequencyPenalty: fc.constantFrom(0, 0.5),
  logProbabilities: fc.constantFrom(0, 2),
  maxNewTokens: fc.integer({ min: 1, max: 12 }),
  stopStrings: fc.uniqueArray(fc.constantFrom(' a', 'é', ...specials), { maxLength: 2 }),
  eosTokens: fc.constantFrom([], [tokenizer.encode('b').at(-1)!]),
  prompt: fc.constantFrom('a', 'b🙂', 'é é a b é é', 'the'),
});
const drafting: fc.Arbitrary<Partial<BatchRequest>> = fc.constantFrom<Partial<BatchRequest>>(
  { draft: 'none', adapter: 'odd' },
  { draft: 'none' },
  { draft: 'none', adapter: 'none' },
  { draft: 'turbo', adapter: 'even' },
  { draft: 'turbo', adapter: 'heads', draftChoice: 'sample', verify: 'rejection' },
  { draft: 'turbo', draftTree: [2, 2], verify: 'eagle' },
  { draft: 'turbo', draftTree: [2, 1], draftChoice: 'sample', verify: 'recursive', adapter: 'even' },
  { draft: 'lookup', adapter: 'odd' },
  { draft: 'lookup', verify: 'gumbel' },
  { draft: model, draftTokens: 2, draftChoice: 'sample', verify: 'block', adapter: 'odd' },
);
const request = fc.tuple(sampling, drafting).map(([a, b]): BatchRequest => ({ ...a, ...b, logitBias }));

describe('a batch', () => {
  it('gives each text the bits that it has alone', async () => {
    const shared = { together: 0, alone: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(request, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(1, 2, 3, 9),
        async (requests, atOnce) => {
          const alone = await Promise.all(requests.map(({ prompt, ...options }) => model.complete(prompt, options)));
          const stream = model.generateBatch(requests, { atOnce });
          const texts = requests.map(() => '');
          const ids = requests.map(() => [] as number[]);
          let next = await stream.next();
          for (; !next.done; next = await stream.next()) {
            texts[next.value.request] += next.value.text;
            ids[next.value.request]!.push(next.value.id);
          }
          const { completions, targetForwards } = next.value;
          expect(completions.map(timeless)).toStrictEqual(alone.map(timeless));
          expect(texts).toEqual(alone.map(({ text }) => text));
          expect(ids).toEqual(alone.map(({ tokens }) => tokens));
          expect(targetForwards).toBe(
            passesOf(
              alone.map((completion) => completion.targetForwards),
              atOnce,
            ),
          );
          shared.together += targetForwards;
          shared.alone += alone.reduce((sum, completion) => sum + completion.targetForwards, 0);
        },
      ),
      { numRuns: 60 },
    );
    // How many are shared is checked exactly above; here, that any were.
    expect(shared.together).toBeLessThan(shared.alone);
  });

  it('does so in any order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 2, maxLength: 5 }), async (requests) => {
        const forward = await model.batch(requests);
        const backward = await model.batch([...requests].reverse());
        expect(backward.completions.map(timeless).reverse()).toStrictEqual(forward.completions.map(timeless));
        expect(backward.targetForwards).toBe(forward.targetForwards);
      }),
      { numRuns: 20 },
    );
  });
});

/** Passes of texts that take a place each in turn and free it when they end. */
function passesOf(lengths: readonly number[], atOnce: number): number {
  const places = new Array<number>(Math.min(atOnce, lengths.length)).fill(0);
  for (const length of lengths) {
    const soonest = places.indexOf(Math.min(...places));
    places[soonest]! += length;
  }
  return Math.max(...places);
}
