import fc from 'fast-check';
import type { Completion } from '../../../src/language-model/completion.ts';
import type { LanguageModel } from '../../../src/language-model/language-model.ts';
import { embeddedModel } from '../../../src/language-model/node.ts';
import type { GenerateOptions } from '../../../src/language-model/options.ts';
import { RULES, type RuleName } from '../../../src/verify/rules.ts';
import { hold, mayRefuse, type Outcome, type Surface } from '../surface.ts';

interface Case {
  readonly prompt: string;
  readonly options: Omit<GenerateOptions, 'verify'> & { readonly verify: RuleName };
}

const model = embeddedModel();

const bias = fc.dictionary(fc.integer({ min: 0, max: 511 }).map(String), fc.constantFrom(-20, 5, 20, 60), {
  maxKeys: 4,
});

const shape = fc.oneof(
  fc.constant({}),
  fc.integer({ min: 1, max: 4 }).map((draftTokens) => ({ draftTokens })),
  fc.constantFrom([2], [3, 2], [1, 1, 1]).map((draftTree) => ({ draftTree })),
);

/** Streams under every rule and drafter: together they are the completion's text, whatever else runs beside them. */
export const streams: Surface<Case> = {
  name: 'streams',
  cases: fc.record({
    prompt: fc.oneof(
      fc.constantFrom('def f(x):\n', 'Anna met Bob in Rome.'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
    ),
    options: fc
      .record(
        {
          maxNewTokens: fc.integer({ min: 1, max: 16 }),
          temperature: fc.constantFrom(0, 0.7, 1, 3),
          topK: fc.constantFrom(0, 1, 5),
          seed: fc.nat(999),
          stopStrings: fc.array(
            fc.oneof(
              fc.constantFrom('return', ' ', 'é', '"', ')\n', '<|endoftext|>'),
              fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
            ),
            { maxLength: 2 },
          ),
          logitBias: bias,
          repetitionPenalty: fc.constantFrom(1, 1.3),
          draft: fc.constantFrom('turbo', 'lookup'),
          draftChoice: fc.constantFrom('top1', 'sample'),
          verify: fc.constantFrom(...([...RULES.keys()] as RuleName[])),
        },
        { requiredKeys: ['maxNewTokens', 'verify'] },
      )
      .chain((options) => shape.map((own) => ({ ...options, ...own }) as Case['options'])),
  }),
  async run({ prompt, options }) {
    const loaded = await model;
    let outcome: Outcome = 'refused';
    const twice = await Promise.all(
      [0, 1].map(async () => {
        let whole: { text: string; completion: Completion } | null = null;
        outcome = await mayRefuse(async () => {
          whole = await streamed(loaded, prompt, options);
        });
        return whole as { text: string; completion: Completion } | null;
      }),
    );
    const [one, other] = twice;
    if (one == null || other == null) {
      hold(one == null && other == null, 'refused once, taken once');
      return outcome;
    }
    hold(
      one.text === one.completion.text,
      `streamed ${JSON.stringify(one.text)}, complete ${JSON.stringify(one.completion.text)}`,
    );
    hold(one.completion.tokens.join() === other.completion.tokens.join(), 'two runs beside each other differ');
    const { verify, draft: _, draftTokens: __, draftTree: ___, draftChoice: ____, ...plainly } = options;
    const keepsText = RULES.get(verify)!.lossless === 'text' || verify === 'match' || (options.temperature ?? 0) === 0;
    if (keepsText && RULES.get(verify)!.lossless !== 'no') {
      const plain = await loaded.complete(prompt, {
        ...plainly,
        draft: 'none',
        ...(verify === 'gumbel' && { verify }),
      });
      hold(plain.tokens.join() === one.completion.tokens.join(), `${verify} gives another text than plain decoding`);
    }
    return outcome;
  },
};

async function streamed(
  loaded: LanguageModel,
  prompt: string,
  options: GenerateOptions,
): Promise<{ text: string; completion: Completion }> {
  const stream = loaded.generate(prompt, options);
  let text = '';
  for (;;) {
    const next = await stream.next();
    if (next.done) return { text, completion: next.value };
    text += next.value.text;
  }
}
