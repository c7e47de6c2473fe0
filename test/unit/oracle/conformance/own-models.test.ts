/** This package as an engine that takes checkpoint folders: what it answers is what its own library gives. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { folderAt } from '../../../../src/formats/folder/node.ts';
import { load } from '../../../../src/language-model/node.ts';
import {
  type AskedText,
  GREEDY,
  generateOutputsShape,
} from '../../../../src/oracle/conformance/operations/generate.ts';
import { logitsOutputsShape } from '../../../../src/oracle/conformance/operations/logits.ts';
import { OwnEngine } from '../../../../src/oracle/conformance/own-engine.ts';
import { hexRows } from '../../../../src/oracle/vectors/hex-tensor.ts';

const engine = new OwnEngine({ version: '1', folder: folderAt });
const ask = (question: object) => engine.answer(JSON.stringify({ id: 1, ...question }));
const outputs = async (question: object): Promise<unknown> => {
  const answer = await ask(question);
  if (!('outputs' in answer)) throw new Error(JSON.stringify(answer));
  return answer.outputs;
};
const golden = (path: string) => `fixtures/goldens/${path}`;
const problem = (path: string) => `fixtures/problems/${path}`;

describe('logits', () => {
  it('are those of the model, with and without an adapter', async () => {
    const [model, adapter, tokens] = [golden('lora-rslora/base'), golden('lora-rslora/adapter'), [3, 1, 4, 1, 5]];
    for (const each of [null, adapter]) {
      const { logits } = await (await load(model, each === null ? {} : { adapter: each })).logits(tokens);
      const answer = await outputs({ op: 'logits', model, adapter: each, tokens });
      expect(logitsOutputsShape.parse(answer)).toEqual({ logits: hexRows(logits, 48) });
    }
  });

  it('of what cannot be read are an error, of what is not implemented unsupported', async () => {
    const question = { op: 'logits', adapter: null, tokens: [0] };
    expect(await ask({ ...question, model: 'no-such-folder' })).toMatchObject({
      error: expect.stringContaining('no-'),
    });
    const model = golden('llama-mqa/base');
    expect(await ask({ ...question, model, tokens: [48] })).toMatchObject({ error: expect.stringContaining('48') });
  });
});

const text = (given: Partial<AskedText>): AskedText => ({
  ...{ prompt: [14, 13], adapter: null, maxTokens: 6, endTokens: [], seed: 1, sampling: GREEDY, drafter: null },
  ...given,
});
const texts = async (model: string, requests: AskedText[], repetitions = 1) =>
  generateOutputsShape.parse(await outputs({ op: 'generate', model, requests, repetitions }));

describe('texts', () => {
  it('of one batch have their own adapters', async () => {
    const { greedy } = JSON.parse(readFileSync(golden('lora-batch/case.json'), 'utf8')) as {
      greedy: { prompt: number[]; new_tokens: number[] }[];
    };
    const adapters = [null, golden('lora-batch/adapter-a'), golden('lora-batch/adapter-b')];
    const requests = greedy.map(({ prompt, new_tokens }, i) =>
      text({ prompt, adapter: adapters[i]!, maxTokens: new_tokens.length }),
    );
    const answer = await texts(golden('lora-batch/base'), requests);
    expect(answer.texts).toEqual(greedy.map(({ new_tokens }) => [new_tokens]));
  });

  it('are the same with each drafter, which does draft; the first end token ends them', async () => {
    const folder = problem('residual-softmax');
    const drafters = [
      { kind: 'draft-model', model: `${folder}/draft`, tokens: 2 },
      { kind: 'heads', folder: `${folder}/turbo`, tokens: 1 },
      { kind: 'heads', folder: `${folder}/medusa`, tokens: 1 },
      { kind: 'lookup', tokens: 2, ngram: 2 },
    ] as const;
    const plain = await texts(`${folder}/target`, [text({ maxTokens: 12 })]);
    expect(plain).toMatchObject({ drafted: 0, accepted: 0 });
    for (const drafter of drafters) {
      const answer = await texts(`${folder}/target`, [text({ maxTokens: 12, drafter })]);
      expect(answer.texts).toEqual(plain.texts);
      expect(answer.drafted).toBeGreaterThan(0);
      const [end] = plain.texts[0]![0]!;
      const ended = await texts(`${folder}/target`, [text({ maxTokens: 12, endTokens: [end!], drafter })]);
      expect(ended.texts).toEqual([[[end]]]);
    }
    const many = { kind: 'heads', folder: `${folder}/turbo`, tokens: 99 };
    const question = { op: 'generate', model: `${folder}/target`, repetitions: 1 };
    expect(await ask({ ...question, requests: [{ ...text({}), drafter: many }] })).toMatchObject({ unsupported: true });
  });

  it('are the same for the same seed, and others for other seeds and repetitions', async () => {
    const sampling = { ...GREEDY, temperature: 1 };
    const request = (seed: number) => text({ sampling, seed, maxTokens: 16 });
    const model = problem('residual-softmax/target');
    const [one, again] = [await texts(model, [request(1)], 8), await texts(model, [request(1), request(2)], 8)];
    expect(again.texts[0]).toEqual(one.texts[0]);
    const all = again.texts.flat().map((tokens) => tokens.join(' '));
    expect(new Set(all).size).toBe(16);
    expect((await texts(model, [request(2 ** 40)])).texts).not.toEqual((await texts(model, [request(0)])).texts);
  });

  it('come from any number of models', async () => {
    const names = ['llama-mqa', 'llama-mha', 'llama-bf16', 'llama-f16', 'llama-head-dim', 'qwen2-bias', 'qwen2-tied'];
    const all = [...names, 'gpt2-old-file', 'mixtral-experts', 'llama-mqa'].map((name) => golden(`${name}/base`));
    const answers = [];
    for (const model of all) answers.push((await texts(model, [text({ prompt: [1, 2] })])).texts);
    expect(answers.at(-1)).toEqual(answers[0]);
  });
});
