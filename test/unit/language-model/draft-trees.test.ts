/** Trees of most likely tokens at temperature 0, through the whole of decoding. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Step } from '../../../src/decode/step.ts';
import type { LanguageModel } from '../../../src/language-model/language-model.ts';
import { load } from '../../../src/language-model/node.ts';
import type { GenerateOptions } from '../../../src/language-model/options.ts';
import { RULES, ruleNamed, takesSiblings } from '../../../src/verify/rules.ts';

const PROMPT = 'def total_price(items):\n    """Return the sum of price over items."""\n';
const rules = [...RULES.values()].filter((rule) => takesSiblings(rule, 'top')).map(({ name }) => name);

let turbo: LanguageModel;
let base: LanguageModel;

beforeAll(async () => {
  turbo = await load('fixtures/embedded/base', { adapter: 'fixtures/embedded/adapter' });
  base = await load('fixtures/embedded/base');
});

async function run(options: GenerateOptions): Promise<{ text: string | null; steps: Step[] }> {
  const steps: Step[] = [];
  const { text } = await turbo.complete(PROMPT, { ...options, onStep: (step) => steps.push(step) });
  return { text, steps };
}

describe('a tree of 3 and 2 at temperature 0', () => {
  it('there are rules that take most likely siblings', () => {
    expect(rules.length).toBeGreaterThan(3);
  });

  it.each(rules)('has nine nodes and the text of plain decoding, verified by %s', async (verify) => {
    const plain = await run({ draft: 'none' });
    for (const draft of ['turbo', base] as const) {
      const { text, steps } = await run({ draft, draftTree: [3, 2], verify: ruleNamed(verify) });
      expect(text).toBe(plain.text);
      // Heads draft from the second round on; the last rounds may have less room.
      const full = steps.find(({ drafted }) => drafted.length > 0)!;
      expect(full.drafted.length).toBe(9);
      expect(full.parents).toEqual([-1, -1, -1, 0, 0, 1, 1, 2, 2]);
      expect(new Set(full.drafted.slice(0, 3)).size).toBe(3);
      expect(steps.length).toBeLessThan(plain.steps.length);
    }
  });

  it('takes no more passes than the chain that it holds', async () => {
    const chain = await run({ draft: 'turbo', draftTokens: 2 });
    const tree = await run({ draft: 'turbo', draftTree: [3, 2] });
    expect(tree.steps.length).toBeLessThanOrEqual(chain.steps.length);
  });
});
