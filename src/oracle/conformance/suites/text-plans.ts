/**
 * What the suite of texts asks for: the goldens and the problems that are checkpoints, with every drafter, and around
 * what engines got wrong: short prompts, ends inside accepted runs, penalties, batches and switches of adapters.
 * @packageDocumentation
 */
import { z } from 'zod';
import { type AskedDrafter, type AskedText, GREEDY } from '../operations/generate.ts';
import { type Golden, type GoldenText, goldens } from './goldens.ts';
import type { Fixtures } from './suite.ts';
import type { TextPlan } from './text-case.ts';

/** The parts of the suite. */
export const TEXT_PARTS = ['plain', 'adapters', 'batches', 'draft-model', 'heads', 'lookup'] as const;

/** What is special about a case. The name of a golden or a problem is a flag too. */
export const TEXT_FLAGS = {
  'end token': 'A token of the greedy text ends it; with a drafter, perhaps inside an accepted run.',
  'repetition penalty': 'Tokens of the text so far are penalised, drafted ones included.',
  'short prompt': 'The prompt has from 1 to k + 2 tokens, k being how many are drafted.',
  length: 'One token is asked for: there is no room to draft.',
  adapter: 'The target has an adapter that the drafter does not have.',
  'mixed adapters': 'A batch of requests with different adapters, or none.',
  'adapter switch': 'Requests with different adapters, one after another, with equal prompts.',
  'draft-model': 'The batch is drafted by a draft model.',
  lookup: 'The batch is drafted by lookup.',
} as const;
type Part = (typeof TEXT_PARTS)[number];

/** Drafted tokens. */
const K = 3;
const LOOKUP: AskedDrafter = { kind: 'lookup', tokens: K, ngram: 2 };
const PENALTY = 1.3;

/** A text that is known, to vary what is asked about it. */
interface KnownText {
  readonly model: string;
  readonly adapter: string | null;
  readonly prompt: readonly number[];
  /** Its greedy continuation. */
  readonly tokens: readonly number[];
}

/** Everything that is asked. */
export function textPlans(fixtures: Fixtures): TextPlan[] {
  const all = goldens(fixtures);
  const firsts = all.filter(
    ({ hasAdapter, family }, i) => !hasAdapter && all.findIndex((one) => isPlain(one, family)) === i,
  );
  return [
    ...all.flatMap((golden) => plainPlans(golden)),
    ...batchPlans(all.find(({ name }) => name === 'lora-batch')!),
    ...firsts.flatMap((golden) => draftedPlans(golden)),
    ...all.filter(({ heads }) => heads !== null).flatMap((golden) => headPlans(golden)),
    ...all
      .filter(({ heads, texts }) => texts[0]!.adapter !== null && heads === null)
      .flatMap((golden) => adaptedDrafts(golden)),
    ...problemPlans(fixtures),
  ];
}

function isPlain(golden: Golden, family: string): boolean {
  return !golden.hasAdapter && golden.heads === null && golden.family === family;
}

function known({ model, adapter, greedy }: GoldenText): KnownText {
  return { model, adapter, prompt: greedy!.prompt, tokens: greedy!.tokens };
}

function asked({ adapter, prompt, tokens }: KnownText, changes: Partial<AskedText> = {}): AskedText {
  const text = { prompt, adapter, sampling: GREEDY, drafter: null, maxTokens: tokens.length, endTokens: [], seed: 0 };
  return { ...text, ...changes };
}

/** One request alone. */
function plan(part: Part, id: string, flags: readonly string[], { model }: KnownText, text: AskedText): TextPlan {
  return {
    part,
    id: `texts-${part}-${id}`,
    flags,
    model,
    batches: [[text]],
    adapters: [text.adapter].filter((it) => it !== null),
  };
}

function plainPlans({ name, hasAdapter, texts }: Golden): TextPlan[] {
  const part = hasAdapter ? 'adapters' : 'plain';
  return texts.flatMap((text, i) => {
    if (text.greedy === null) return [];
    const [it, id] = [known(text), texts.length > 2 ? `${name}-${i + 1}` : name];
    const penalised = { sampling: { ...GREEDY, repetitionPenalty: PENALTY } };
    return [
      plan(part, id, [name], it, asked(it)),
      plan(part, `${id}-end`, [name, 'end token'], it, asked(it, { endTokens: [it.tokens[4]!] })),
      plan(part, `${id}-penalty`, [name, 'repetition penalty'], it, asked(it, penalised)),
    ];
  });
}

/** What is varied about a drafter: the prompt, the end, the penalty. */
function aroundDrafter(part: Part, name: string, it: KnownText, drafter: AskedDrafter): TextPlan[] {
  const lengths = Array.from({ length: K + 2 }, (_, i) => i + 1);
  const ends = [...new Set([1, 2, 3, 5].map((i) => it.tokens[i]!))];
  const penalised = { drafter, sampling: { ...GREEDY, repetitionPenalty: PENALTY } };
  return [
    plan(part, name, [name], it, asked(it, { drafter })),
    ...lengths.map((n) =>
      plan(
        part,
        `${name}-prompt-${n}`,
        [name, 'short prompt'],
        it,
        asked(it, { drafter, prompt: it.prompt.slice(0, n) }),
      ),
    ),
    ...ends.map((end, i) =>
      plan(part, `${name}-end-${i + 1}`, [name, 'end token'], it, asked(it, { drafter, endTokens: [end] })),
    ),
    plan(part, `${name}-penalty`, [name, 'repetition penalty'], it, asked(it, penalised)),
    plan(part, `${name}-one-token`, [name, 'length'], it, asked(it, { drafter, maxTokens: 1 })),
  ];
}

/** The first golden of a family, drafted by itself, whose drafts are all accepted, and by lookup. */
function draftedPlans({ name, texts: [text] }: Golden): TextPlan[] {
  const it = known(text!);
  const itself: AskedDrafter = { kind: 'draft-model', model: it.model, tokens: K };
  return [...aroundDrafter('draft-model', name, it, itself), ...aroundDrafter('lookup', name, it, LOOKUP)];
}

function headPlans({ name, heads, texts: [text] }: Golden): TextPlan[] {
  const drafter: AskedDrafter = { kind: 'heads', folder: heads!, tokens: 2 };
  return aroundDrafter('heads', name, known(text!), drafter);
}

/** An adapter on the target, and its base as the draft model: some drafts are accepted. */
function adaptedDrafts({ name, texts: [text] }: Golden): TextPlan[] {
  const it = known(text!);
  const base: AskedDrafter = { kind: 'draft-model', model: it.model, tokens: K };
  return [
    plan('draft-model', name, [name, 'adapter'], it, asked(it, { drafter: base })),
    plan('lookup', name, [name, 'adapter'], it, asked(it, { drafter: LOOKUP })),
  ];
}

/** Batches of different adapters, and switches between them, with one prompt. */
function batchPlans({ texts }: Golden): TextPlan[] {
  const [none, a, b] = texts.map(known) as [KnownText, KnownText, KnownText];
  const draft: AskedDrafter = { kind: 'draft-model', model: a.model, tokens: K };
  const adapters = [a.adapter!, b.adapter!];
  return [null, LOOKUP, draft].flatMap((drafter) => [
    ...orderPlans('a-none-b', [a, none, b], drafter, adapters),
    ...orderPlans('none-a-b', [none, a, b], drafter, adapters),
    ...orderPlans('b-a', [b, a], drafter, adapters),
    ...orderPlans('a-a-none', [a, a, none], drafter, adapters),
    ...orderPlans('none-none-b', [none, none, b], drafter, adapters),
  ]);
}

function orderPlans(
  order: string,
  of: readonly KnownText[],
  drafter: AskedDrafter | null,
  adapters: readonly string[],
): TextPlan[] {
  const { model } = of[0]!;
  const { prompt } = of.find(({ adapter }) => adapter !== null)!;
  const batch = of.map((it) => asked(it, { prompt, drafter }));
  const own = of.map((it) => asked(it, { drafter }));
  const flags = ['lora-batch', ...(drafter === null ? [] : [drafter.kind])];
  const id = `texts-batches-${order}${drafter === null ? '' : `-${drafter.kind}`}`;
  const common = { part: 'batches', model, adapters };
  return [
    { ...common, id, flags: [...flags, 'mixed adapters'], batches: [batch] },
    { ...common, id: `${id}-own-prompts`, flags: [...flags, 'mixed adapters'], batches: [own] },
    { ...common, id: `${id}-switch`, flags: [...flags, 'adapter switch'], batches: batch.map((text) => [text]) },
  ];
}

const indexShape = z.object({ problems: z.array(z.object({ folder: z.string() })) });

/** The problems that are checkpoints: draft models and heads that are often right, and not always. */
function problemPlans(fixtures: Fixtures): TextPlan[] {
  const { problems } = indexShape.parse(JSON.parse(fixtures.text('problems/index.json')));
  return problems.flatMap(({ folder }) => {
    const model = `problems/${folder}/target`;
    const entries = fixtures.folder(`problems/${folder}`).list();
    const it: KnownText = { model, adapter: null, prompt: [14, 13], tokens: Array<number>(12).fill(0) };
    const drafted = { drafter: { kind: 'draft-model', model: `problems/${folder}/draft`, tokens: 2 } } as const;
    return [
      plan('draft-model', folder, [folder], it, asked(it, drafted)),
      ...['turbo', 'medusa']
        .filter((kind) => entries.includes(kind))
        .map((kind) => {
          const drafter = { kind: 'heads', folder: `problems/${folder}/${kind}`, tokens: 1 } as const;
          return plan('heads', `${folder}-${kind}`, [folder], it, asked(it, { prompt: [14], drafter }));
        }),
    ];
  });
}
