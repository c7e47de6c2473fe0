/**
 * The pieces of a stream join to the text of the completion, whatever drafts, verifies and ends the text, and that text
 * is what the tokenizer says: all of it, or what comes before the first stop string.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Completion } from '../../src/language-model/completion.ts';
import type { GenerateOptions } from '../../src/language-model/options.ts';
import type { Rule } from '../../src/verify/rule.ts';
import { RULES, takesSiblings } from '../../src/verify/rules.ts';
import { type MultiByteModel, multiByteModel, type TokenizerName } from '../support/multi-byte-model.ts';

const seen = new Map<string, number>();
const count = (what: string): unknown => seen.set(what, (seen.get(what) ?? 0) + 1);

async function streamed({ model }: MultiByteModel, prompt: number[], options: GenerateOptions) {
  const stream = model.generate(prompt, options);
  const pieces: string[] = [];
  for (;;) {
    const { value, done } = await stream.next();
    if (done) return { pieces, completion: value };
    pieces.push(value.text);
  }
}

/**
 * The text by the tokenizer alone: decoded as a whole, then cut. Stop strings are ordinary texts or whole special
 * tokens.
 */
function expectedText(
  { tokenizer, specials }: MultiByteModel,
  { promptTokens, tokens }: Completion,
  stops: string[],
): string {
  const textOf = (count: number): string =>
    tokenizer.decode(tokens.slice(0, count), { skipSpecialTokens: true, after: promptTokens });
  // Token by token: the text ends with the token that completes the first stop string.
  for (const [n, token] of tokens.entries()) {
    const spelled = tokenizer.decode([token]);
    if (specials.includes(spelled) && stops.includes(spelled)) return textOf(n);
    const cuts = stops.map((stop) => textOf(n + 1).indexOf(stop)).filter((at) => at >= 0);
    if (cuts.length > 0) return textOf(n + 1).slice(0, Math.min(...cuts));
  }
  return textOf(tokens.length);
}

interface Speculation {
  readonly rule: Rule;
  readonly draft: 'turbo' | 'lookup' | 'model';
  readonly sampled: boolean;
  readonly tree: boolean;
}

const speculation: fc.Arbitrary<Speculation> = fc.record({
  rule: fc.constantFrom(...RULES.values()),
  draft: fc.constantFrom('turbo' as const, 'lookup' as const, 'model' as const),
  sampled: fc.boolean(),
  tree: fc.boolean(),
});

/** Options of a drafter that the rule takes. */
function drafting({ model }: MultiByteModel, { rule, draft, sampled, tree }: Speculation): GenerateOptions {
  if (rule.name === 'optimal-transport') return { draft: draft === 'model' ? model : draft, verify: rule };
  if (draft === 'lookup') return { draft, verify: rule };
  const draftChoice = sampled ? 'sample' : 'top1';
  const kinds = sampled ? (['independent', 'without-replacement'] as const) : (['top'] as const);
  const takesTree = tree && kinds.some((kind) => takesSiblings(rule, kind));
  return {
    draft: draft === 'model' ? model : draft,
    verify: rule,
    draftChoice,
    ...(takesTree && { draftTree: [2, 2] }),
  };
}

describe('the stream is the text', () => {
  for (const name of ['byte-level', 'metaspace', 'prepend'] satisfies TokenizerName[]) {
    const subject = multiByteModel(name);
    const { model, tokenizer, specials, logitBias } = subject;
    const stopStrings = fc.uniqueArray(fc.constantFrom(' a', 'é', '🙂', 'a b', '. .', 'éa', ...specials), {
      maxLength: 2,
    });
    const prompts = ['a', 'b🙂', 'é é'].map((text) => tokenizer.encode(text));

    it(`${name}: for any drafter, rule, temperature, stop strings and end-of-text tokens`, async () => {
      const scene = fc.record({
        prompt: fc.constantFrom(...prompts, prompts[1]!.slice(0, -1)),
        temperature: fc.constantFrom(0, 0.7, 2),
        seed: fc.nat({ max: 1000 }),
        stopStrings,
        eosTokens: fc.constantFrom([], [tokenizer.encode('b').at(-1)!]),
        speculation: fc.option(speculation, { nil: null }),
      });
      await fc.assert(
        fc.asyncProperty(scene, async ({ prompt, speculation: drawn, ...options }) => {
          fc.pre(drawn === null || drawn.rule.name !== 'greedy' || options.temperature === 0);
          const whole = {
            ...options,
            logitBias,
            maxNewTokens: 12,
            ...(drawn === null ? { draft: 'none' as const } : drafting(subject, drawn)),
          };
          const { pieces, completion } = await streamed(subject, prompt, whole);
          expect(pieces.join('')).toBe(completion.text);
          expect(pieces.length).toBe(completion.tokens.length);
          expect(completion.text).toBe(expectedText(subject, completion, options.stopStrings));
          expect((await model.complete(prompt, whole)).text).toBe(completion.text);
          count(completion.stop);
          if (pieces.some((piece, i) => piece === '' && pieces.slice(i).join('') !== '')) count('held back');
          if (completion.text!.includes('\uFFFD')) count('broken character');
          if (completion.accepted > 0) count('accepted');
        }),
        { numRuns: 100 },
      );
    });
  }

  it('and met every hard case on the way', () => {
    const hard = ['eos', 'stop string', 'max new tokens', 'held back', 'broken character', 'accepted'];
    for (const what of hard) expect(seen.get(what) ?? 0, `times seen: ${what}`).toBeGreaterThan(5);
  });
});
