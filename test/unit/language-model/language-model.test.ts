import { beforeAll, describe, expect, it } from 'vitest';
import type { LanguageModel } from '../../../src/language-model/language-model.ts';
import { load } from '../../../src/language-model/load.ts';
import type { GenerateOptions } from '../../../src/language-model/options.ts';

let model: LanguageModel;
const PROMPT = 'def total_price(items):\n    """Return the sum of price over items."""\n';

beforeAll(async () => {
  model = await load('fixtures/embedded/base', { adapter: 'fixtures/embedded/adapter' });
});

describe('generate', () => {
  it('yields the tokens of complete one by one, and texts that join to its text', async () => {
    const completion = model.complete(PROMPT);
    const tokens: number[] = [];
    let text = '';
    for await (const token of model.generate(PROMPT)) {
      tokens.push(token.id);
      text += token.text;
    }
    expect(tokens).toEqual(completion.tokens);
    expect(text).toBe(completion.text);
  });

  it('holds a character back until all its tokens have come', async () => {
    // The bytes of 'é' and of an emoji are tokens of their own in this vocabulary.
    const forced = model.encode('é🙂!');
    expect(forced.length).toBeGreaterThan(3);
    const pieces: string[] = [];
    for (let n = 1; n <= forced.length; n++) pieces.push(model.decode(forced.slice(0, n))!);
    expect(pieces[0]).toContain('\uFFFD');
    expect(pieces.at(-1)).toBe('é🙂!');
    const bias = new Map([[forced[0]!, 1e6]]); // only the first byte of 'é', again and again
    const shown: string[] = [];
    for await (const { text } of model.generate('x', { logitBias: bias, maxNewTokens: 3, draft: 'none' }))
      shown.push(text);
    expect(shown).toEqual(['', '', '\uFFFD\uFFFD\uFFFD']);
  });

  it('ends at a stop string across token borders, with and without drafts, and leaves it out of the text', () => {
    for (const draft of ['none', 'turbo'] as const) {
      const { stop, text, tokens } = model.complete(PROMPT, { stopStrings: ['(item["pr'], draft });
      expect(stop).toBe('stop string');
      expect(text).toBe('    return sum');
      expect(model.decode(tokens)).toContain('(item["pr');
    }
  });

  it('refuses an option that it does not know', () => {
    expect(() => model.complete(PROMPT, { temprature: 1 } as GenerateOptions)).toThrow(
      expect.objectContaining({ name: 'OptionError', message: expect.stringContaining('got temprature') }),
    );
  });

  it('gives the same text from a model with the LoRA merged', async () => {
    const merged = await load('fixtures/embedded/base', { adapter: 'fixtures/embedded/adapter', merge: true });
    expect(merged.adapter).toBe(null);
    expect(merged.complete(PROMPT).text).toBe(model.complete(PROMPT).text);
  });
});
