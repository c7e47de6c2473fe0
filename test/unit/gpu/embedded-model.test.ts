/** The embedded model in float32: its logits within the bound of a whole pass, its texts those of float64. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { GpuMode } from '../../../src/gpu/gpu-js.ts';
import { LanguageModel } from '../../../src/language-model/language-model.ts';
import { embeddedFolder, embeddedModel } from '../../../src/language-model/node.ts';
import type { GenerateOptions } from '../../../src/language-model/options.ts';
import type { Transformer } from '../../../src/model/weights.ts';
import { type Stored, stored, widened } from '../../../src/numerics/stored.ts';
import { gapOf, partingOf, partsOf } from '../../support/float32/near-tie.ts';
import { recorder } from '../../support/float32/tape-backend.ts';
import { backendIn, GPU_MODES, labelOf, modesHere } from '../../support/gpu-modes.ts';

/** Prompts of both tasks that the model was not trained on. */
const prompts = readFileSync(embeddedFolder('prompts.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => (JSON.parse(line) as { prompt: string }).prompt);

let reference: LanguageModel;
beforeAll(async () => {
  reference = await embeddedModel();
});

const on = (mode: GpuMode): LanguageModel => new LanguageModel({ ...partsOf(reference), backend: backendIn(mode) });

for (const mode of GPU_MODES) {
  describe.skipIf(!modesHere.includes(mode))(labelOf(mode), () => {
    it('logits of the model and of its heads lie within the bound', async () => {
      const tokens = reference.encode(prompts[0]!).slice(-12);
      const { backend, tape, readBack } = recorder(mode);
      const exact = await new LanguageModel({ ...partsOf(reference), backend }).logits(tokens);
      const got = await on(mode).logits(tokens);
      const judge = (pass: number, row: number, there: Float64Array, here: Float64Array): void => {
        const top = there.indexOf(Math.max(...there));
        for (const column of [top, (top + 97) % there.length]) {
          const bound = tape.boundOf(readBack[pass]!, [{ row, column, weight: 1 }]);
          expect(Math.abs(here[column]! - there[column]!)).toBeLessThanOrEqual(bound);
          expect(bound).toBeLessThan(1); // the logits are about 20: the bound says something
        }
      };
      tokens.forEach((_, t) => {
        judge(0, t, exact.logits[t]!, got.logits[t]!);
      });
      expect(got.heads).toHaveLength(4);
      got.heads.forEach((head, i) => {
        const t = tokens.length - 1 - i;
        judge(1, i * tokens.length + t, exact.heads[i]![t]!, head[t]!);
      });
    });

    it('greedy texts are those of float64, but at a near tie', async () => {
      const model = on(mode);
      const few = mode === 'webasm' ? prompts : prompts.slice(0, 3); // a software rasteriser is slow
      expect(few.length).toBeGreaterThan(2);
      for (const prompt of few) {
        const [there, here] = [await reference.complete(prompt), await model.complete(prompt)];
        const parting = await partingOf(reference, mode, reference.encode(prompt), there.tokens, here.tokens);
        if (parting === null) continue;
        const { position, margin, bound } = parting;
        expect(margin, `${prompt}: token ${position} differs, margin ${margin}, bound ${bound}`).toBeLessThan(bound);
      }
    });
  });
}

describe.each(modesHere)('gpu:%s', (mode) => {
  it('frees all that a text made on the device', async () => {
    const backend = backendIn(mode);
    const model = new LanguageModel({ ...partsOf(reference), backend });
    const options = { maxNewTokens: 6, draftTree: [2, 1] };
    await model.complete('def ', options);
    const { alive } = backend.device;
    await model.complete('def total', options);
    expect(backend.device.alive).toBe(alive); // the weights
    const stream = model.generate('def ', options);
    await stream.next();
    await stream.return(undefined as never); // a text that is given up
    expect(backend.device.alive).toBe(alive);
  });

  it.skipIf(mode === 'webasm')('reads back once per pass of the model and of its heads', async () => {
    const backend = backendIn(mode);
    const model = new LanguageModel({ ...partsOf(reference), backend });
    const read = vi.spyOn(backend.device, 'read');
    const { targetForwards } = await model.complete('def ', { maxNewTokens: 6, draft: 'none' });
    expect(read).toHaveBeenCalledTimes(targetForwards);
    const drafted = await model.complete('def ', { maxNewTokens: 6 });
    expect(read.mock.calls.length - targetForwards).toBeLessThanOrEqual(2 * drafted.targetForwards);
  });
});

describe('gpu:webasm', () => {
  const options: readonly GenerateOptions[] = [
    { draft: 'turbo', verify: 'rejection', draftChoice: 'sample' },
    { draft: 'turbo', verify: 'block', draftChoice: 'sample' },
    { draft: 'turbo', draftTree: [3, 2, 1] },
    { draft: 'lookup' },
    { draft: 'none', verify: 'gumbel' },
  ];

  it.each(options)('runs the same drafters and rules: %j', async (option) => {
    const model = on('webasm');
    const prompt = prompts.at(-1)!;
    const plain = await model.complete(prompt, { draft: 'none', maxNewTokens: 24 });
    expect((await model.complete(prompt, { ...option, maxNewTokens: 24 })).tokens).toEqual(plain.tokens);
    const drawn = await model.complete(prompt, { ...option, temperature: 1, seed: 5, maxNewTokens: 24 });
    expect(drawn.tokens.length).toBeGreaterThan(0);
  });

  it('writes several texts in shared passes, each as alone', async () => {
    const model = on('webasm');
    const requests = prompts.slice(0, 2).map((prompt) => ({ prompt, maxNewTokens: 16 }));
    const { completions } = await model.batch(requests);
    const alone = await Promise.all(requests.map(({ prompt }) => model.complete(prompt, { maxNewTokens: 16 })));
    expect(completions.map(({ tokens }) => tokens)).toEqual(alone.map(({ tokens }) => tokens));
  });
});

describe('the bound of a pass', () => {
  it('has the derivatives of the model: they predict what a changed embedding does', async () => {
    const tokens = reference.encode('def total_price(items):\n');
    const { backend, tape, readBack } = recorder('webasm');
    await new LanguageModel({ ...partsOf(reference), backend }).logits(tokens);
    const [row, column] = [tokens.length - 1, 70];
    tape.boundOf(readBack[0]!, [{ row, column, weight: 1 }]);
    const embedded = tape.nodes[0]!;
    const width = embedded.shape[1];
    const logitWith = async (place: number, change: number): Promise<number> => {
      const { logits } = await new LanguageModel(changed(reference, tokens[0]!, place, change)).logits(tokens);
      return logits[row]![column]!;
    };
    const rows = tokens.flatMap((token, i) => (token === tokens[0] ? [i] : []));
    for (const place of [0, 17, width - 1]) {
      const slope = ((await logitWith(place, 1e-5)) - (await logitWith(place, -1e-5))) / 2e-5;
      const adjoint = rows.reduce((sum, i) => sum + embedded.adjoint[i * width + place]!, 0);
      expect(Math.abs(slope - adjoint)).toBeLessThan(1e-6 * Math.max(1, Math.abs(slope)));
    }
  });

  it('tells a near tie from a clear choice', async () => {
    const tokens = reference.encode('def total_price(items):\n');
    const last = (await reference.logits(tokens)).logits.at(-1)!;
    const ranked = [...last.keys()].sort((a, b) => last[b]! - last[a]!);
    const clear = await gapOf(reference, 'webasm', tokens, ranked[0]!, ranked[1]!);
    expect(clear.margin).toBeGreaterThan(clear.bound);
    const same = await gapOf(reference, 'webasm', tokens, ranked[0]!, ranked[0]!);
    expect([same.margin, same.bound]).toEqual([0, 0]);
  });

  it('shows a near tie where the texts part', async () => {
    const prompt = reference.encode('def total_price(items):\n');
    const last = (await reference.logits(prompt)).logits.at(-1)!;
    const top = last.indexOf(Math.max(...last));
    const tied = { ...partsOf(reference), transformer: withTwin(reference, top, top - 1) };
    const options = { draft: 'none', maxNewTokens: 1 } as const;
    const there = await new LanguageModel(tied).complete(prompt, options);
    const here = await new LanguageModel({ ...tied, backend: backendIn('webasm') }).complete(prompt, options);
    expect([there.tokens, here.tokens]).toEqual([[top], [top - 1]]); // equal logits: the lower id
    const parting = await partingOf(tied, 'webasm', prompt, there.tokens, here.tokens);
    expect(parting!.position).toBe(0);
    expect(parting!.margin).toBeGreaterThan(0);
    expect(parting!.margin).toBeLessThan(parting!.bound);
  });
});

/** The model with the output row of a token copied to another, smaller by less than float32 can tell. */
function withTwin({ transformer }: LanguageModel, token: number, twin: number): Transformer<Stored> {
  const { shape } = transformer.head.weight;
  const width = shape[1]!;
  const numbers = Float64Array.from(widened(transformer.head.weight));
  const row = numbers.subarray(token * width, (token + 1) * width);
  numbers.set(
    row.map((number) => number * (1 - 1e-10)),
    twin * width,
  );
  return { ...transformer, head: { ...transformer.head, weight: stored('head', 'F64', numbers, shape) } };
}

/** The model with one number of its embedding changed; its output embedding stays. */
function changed(
  model: LanguageModel,
  token: number,
  place: number,
  change: number,
): ConstructorParameters<typeof LanguageModel>[0] {
  const { embedding } = model.transformer;
  const { shape } = embedding.table;
  const numbers = Float64Array.from(widened(embedding.table));
  numbers[token * shape[1]! + place]! += change;
  const table: Stored = stored('embedding', 'F64', numbers, shape);
  return { ...partsOf(model), transformer: { ...model.transformer, embedding: { ...embedding, table } } };
}
