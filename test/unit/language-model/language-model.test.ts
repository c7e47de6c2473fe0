import { beforeAll, describe, expect, it } from 'vitest';
import type { Completion, GeneratedToken } from '../../../src/language-model/completion.ts';
import type { LanguageModel } from '../../../src/language-model/language-model.ts';
import { load } from '../../../src/language-model/node.ts';
import type { GenerateOptions } from '../../../src/language-model/options.ts';

let model: LanguageModel;
const PROMPT = 'def total_price(items):\n    """Return the sum of price over items."""\n';

beforeAll(async () => {
  model = await load('fixtures/embedded/base', { adapter: 'fixtures/embedded/adapter' });
});

/** All tokens of a stream, and what it returns. */
async function streamed(options: GenerateOptions = {}): Promise<{ tokens: GeneratedToken[]; returned: Completion }> {
  const stream = model.generate(PROMPT, options);
  const tokens: GeneratedToken[] = [];
  for (;;) {
    const { value, done } = await stream.next();
    if (done) return { tokens, returned: value };
    tokens.push(value);
  }
}

/** Everything of a completion but its times. */
function timeless({ milliseconds, prefillMilliseconds, decodeMilliseconds, ...rest }: Completion): object {
  expect(milliseconds).toBe(prefillMilliseconds + decodeMilliseconds);
  expect(Math.min(prefillMilliseconds, decodeMilliseconds)).toBeGreaterThan(0);
  return rest;
}

describe('generate', () => {
  it('yields the tokens of complete one by one, and returns its completion', async () => {
    const { tokens, returned } = await streamed();
    expect(timeless(returned)).toEqual(timeless(await model.complete(PROMPT)));
    expect(tokens.map(({ id }) => id)).toEqual(returned.tokens);
    expect(tokens.map(({ text }) => text).join('')).toBe(returned.text);
    expect(tokens.map(({ logProbability }) => logProbability)).toEqual(returned.logProbabilities);
    expect(tokens.filter(({ drafted }) => drafted).length).toBe(returned.accepted);
  });

  it('holds a character back until all its tokens have come', async () => {
    // The bytes of 'é' and of an emoji are separate tokens in this vocabulary.
    const forced = model.encode('é🙂!');
    expect(forced.length).toBeGreaterThan(3);
    const bias = new Map([[forced[0]!, 1e6]]); // only the first byte of 'é', again and again
    const shown: string[] = [];
    for await (const { text } of model.generate('x', { logitBias: bias, maxNewTokens: 3, draft: 'none' }))
      shown.push(text);
    expect(shown).toEqual(['', '', '\uFFFD\uFFFD\uFFFD']);
  });

  it('ends at a stop string across token borders, with and without drafts, and leaves it out of the text', async () => {
    for (const draft of ['none', 'turbo'] as const) {
      const { stop, text, tokens } = await model.complete(PROMPT, { stopStrings: ['(item["pr'], draft });
      expect(stop).toBe('stop string');
      expect(text).toBe('    return sum');
      expect(model.decode(tokens)).toContain('(item["pr');
    }
  });

  it('gives the same text from a model with the LoRA merged', async () => {
    const merged = await load('fixtures/embedded/base', { adapter: 'fixtures/embedded/adapter', merge: true });
    expect(merged.adapter).toBe(null);
    expect((await merged.complete(PROMPT)).text).toBe((await model.complete(PROMPT)).text);
  });

  it('leaves the event loop its turns: a timer of 1 ms fires again and again', async () => {
    let fired = 0;
    const timer = setInterval(() => {
      fired += 1;
    }, 1);
    const { milliseconds } = await model.complete(PROMPT, { maxNewTokens: 120, eosTokens: [] });
    clearInterval(timer);
    expect(fired).toBeGreaterThan(2);
    expect(fired).toBeGreaterThan(milliseconds / 100);
  });
});

describe('AbortSignal', () => {
  it('rejects with the reason, at once when it is aborted before', async () => {
    let steps = 0;
    const reason = new Error('enough');
    const options = { signal: AbortSignal.abort(reason), onStep: () => (steps += 1) };
    await expect(model.complete(PROMPT, options)).rejects.toBe(reason);
    expect(steps).toBe(0);
  });

  it('ends a generation on its way, from a timer and from a step', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort('late'), 5);
    let tokens = 0;
    const run = async (): Promise<void> => {
      const { signal } = controller;
      for await (const _ of model.generate(PROMPT, { signal, eosTokens: [], maxNewTokens: 400 })) tokens += 1;
    };
    await expect(run()).rejects.toBe('late');
    expect(tokens).toBeGreaterThan(0);
    expect(tokens).toBeLessThan(400);
    const second = new AbortController();
    await expect(
      model.complete(PROMPT, { signal: second.signal, onStep: () => second.abort() }),
    ).rejects.toHaveProperty('name', 'AbortError');
    // The model is as it was.
    expect((await model.complete(PROMPT)).stop).toBe('eos');
  });
});

describe('Completion', () => {
  it('counts the passes of the prompt apart, and drafts by depth', async () => {
    const run = await model.complete(PROMPT);
    expect(run.prefillForwards).toBe(1);
    expect(run.targetForwards).toBe(run.decodeForwards + 1);
    expect(run.acceptanceByDepth.length).toBe(4);
    const sum = (of: 'drafted' | 'accepted') => run.acceptanceByDepth.reduce((total, depth) => total + depth[of], 0);
    expect([sum('drafted'), sum('accepted')]).toEqual([run.drafted, run.accepted]);
    for (const [i, { drafted, accepted }] of run.acceptanceByDepth.entries()) {
      expect(accepted).toBeLessThanOrEqual(drafted);
      if (i > 0) expect(accepted).toBeLessThanOrEqual(run.acceptanceByDepth[i - 1]!.accepted);
    }
    expect((await model.complete(PROMPT, { draft: 'none' })).acceptanceByDepth).toEqual([]);
  });

  it('has log-probabilities of the raw logits, with the same bits with and without speculation', async () => {
    const options = { temperature: 0.7, topK: 3, repetitionPenalty: 1.3, logProbabilities: 2 } as const;
    const plain = await model.complete(PROMPT, { ...options, draft: 'none' });
    const { logits } = await model.logits([...plain.promptTokens, ...plain.tokens]);
    plain.tokens.forEach((token, i) => {
      const row = logits[plain.promptTokens.length + i - 1]!;
      const largest = Math.max(...row);
      const expected = row[token]! - largest - Math.log(row.reduce((sum, z) => sum + Math.exp(z - largest), 0));
      expect(plain.logProbabilities[i]).toBeCloseTo(expected, 12);
      const [first, second] = plain.topLogProbabilities![i]!;
      expect(row[first!.id]).toBe(largest);
      expect(first!.logProbability).toBeGreaterThanOrEqual(second!.logProbability);
      expect(first!.text).toBe(model.tokenizer!.decode([first!.id]));
    });
    for (const draft of ['turbo', 'lookup'] as const) {
      const drafted = await model.complete(PROMPT, { ...options, draft });
      expect(drafted.tokens).toEqual(plain.tokens);
      expect(drafted.logProbabilities).toEqual(plain.logProbabilities);
      expect(drafted.topLogProbabilities).toEqual(plain.topLogProbabilities);
    }
  });
});
