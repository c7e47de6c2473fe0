/** Servers with the completions API are asked like other engines, and cannot hang or flood the judge. */
import { resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { folderAt } from '../../../../../src/formats/folder/node.ts';
import { loadTokenizer } from '../../../../../src/formats/tokenizer.ts';
import type { Reply } from '../../../../../src/oracle/conformance/engine.ts';
import { greet } from '../../../../../src/oracle/conformance/judge.ts';
import { HttpEngine, type ServedModel } from '../../../../../src/oracle/conformance/node/http-engine.ts';
import type { AskedText } from '../../../../../src/oracle/conformance/operations/generate.ts';
import { type CompletionsServer, completionsServer, type Spelling } from '../../../../support/completions-server.ts';
import { GREEDY, ownEngine } from '../../../../support/own-engines.ts';

const checkpoint = resolve('fixtures/problems/target-row-late/target');
const tokenizer = loadTokenizer(folderAt(checkpoint))!;
const pieces = Array.from({ length: tokenizer.vocabularySize }, (_, id) => tokenizer.tokenText(id));
const sampled = { ...GREEDY, temperature: 1 };
const text: AskedText = {
  ...{ prompt: [14, 13], adapter: null, sampling: sampled, drafter: null, maxTokens: 3, endTokens: [], seed: 5 },
};
const generate = (...requests: AskedText[]) =>
  ({ id: 4, op: 'generate', model: checkpoint, requests, repetitions: 1 }) as const;

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A server, and the engine that asks it. */
async function engineOver(
  server: Partial<CompletionsServer> = {},
  served: Partial<ServedModel> = {},
): Promise<HttpEngine> {
  const { url, stop } = await completionsServer({ checkpoint, pieces, spelling: 'vllm', ...server });
  stops.push(stop);
  return new HttpEngine({
    ...{ url, name: null, checkpoint, pieces, adapters: new Map(), drafter: null, dtype: 'float64' },
    ...{ timeoutSeconds: 20, ...served },
  });
}

/** What came, without what it came with. */
function outputs(reply: Reply): unknown {
  return reply.kind === 'answer' && 'outputs' in reply.answer ? reply.answer.outputs : reply;
}

describe('a server', () => {
  it('says what it has', async () => {
    const engine = await engineOver();
    expect(await greet(engine)).toEqual({
      ...{ name: 'served', version: 'test', dtype: 'float64', operations: ['logits', 'generate'] },
    });
  });

  it.each<Spelling>(['vllm', 'llama.cpp', 'text'])('is read in the spelling %s', async (spelling) => {
    const engine = await engineOver({ spelling });
    const greedy = { ...text, sampling: GREEDY };
    const expected = outputs(await ownEngine().ask(generate(greedy))) as { texts: number[][][] };
    expect(outputs(await engine.ask(generate(greedy)))).toEqual({ texts: expected.texts });
  });

  it.each<Spelling>(['vllm', 'llama.cpp'])('gives log-probabilities in the spelling %s', async (spelling) => {
    const engine = await engineOver({ spelling });
    const question = { id: 1, op: 'logits', model: checkpoint, adapter: null, tokens: [14, 13, 0] } as const;
    const got = outputs(await engine.ask(question)) as { logProbabilities: { hex: string; shape: number[] } };
    const expected = outputs(await ownEngine().ask(question)) as { logits: { hex: string } };
    const numbers = (hex: string) => [...new Float64Array(new Uint8Array(Buffer.from(hex, 'hex')).buffer)];
    const [laws, logits] = [numbers(got.logProbabilities.hex), numbers(expected.logits.hex)];
    expect(got.logProbabilities.shape).toEqual([3, pieces.length]);
    for (let row = 0; row < 3; row++) {
      const [law, z] = [laws, logits].map((all) => all.slice(row * pieces.length, (row + 1) * pieces.length));
      const total = Math.log(z!.reduce((sum, x) => sum + Math.exp(x), 0));
      for (const [i, x] of z!.entries()) expect(law![i]).toBeCloseTo(x - total, 12);
    }
  });

  it('without log-probabilities of all tokens is not asked for them', async () => {
    const engine = await engineOver({ spelling: 'text' });
    const reply = await engine.ask({ id: 1, op: 'logits', model: checkpoint, adapter: null, tokens: [14] });
    expect(reply).toMatchObject({
      answer: { unsupported: true, reason: 'the server gives 0 of 16 log-probabilities' },
    });
  });

  it('repeats with other seeds, and the same again', async () => {
    const engine = await engineOver();
    const question = { ...generate(text, { ...text, seed: 6 }), repetitions: 40 };
    const first = outputs(await engine.ask(question)) as { texts: number[][][] };
    expect(first.texts.map((each) => each.length)).toEqual([40, 40]);
    expect(new Set(first.texts.flat().map(String)).size).toBeGreaterThan(3);
    expect(outputs(await engine.ask(question))).toEqual(first);
  });

  it('is asked for adapters by their names, and for its drafter only', async () => {
    const adapter = resolve('fixtures/goldens/lora-plain/adapter');
    const engine = await engineOver({}, { adapters: new Map([[adapter, 'tuned']]), drafter: 'lookup' });
    const asked = async (changes: Partial<AskedText>) => outputs(await engine.ask(generate({ ...text, ...changes })));
    const lookup = { kind: 'lookup', tokens: 2, ngram: 2 } as const;
    expect(await asked({ drafter: lookup })).toMatchObject({ texts: [[expect.any(Array)]] });
    const refused = (reason: RegExp) => ({ answer: { unsupported: true, reason: expect.stringMatching(reason) } });
    expect(await asked({})).toMatchObject(refused(/said to draft with lookup/));
    expect(await asked({ drafter: lookup, adapter: 'elsewhere' })).toMatchObject(refused(/not said to have this ada/));
    expect(await asked({ drafter: lookup, endTokens: [1] })).toMatchObject(refused(/no ids that end/));
    const other = await engine.ask({ ...generate(text), model: '/other' });
    expect(other).toMatchObject(refused(/another model/));
  });
});

describe('a server that misbehaves', () => {
  const asked = async (misbehave: CompletionsServer['misbehave'], timeoutSeconds = 20): Promise<Reply> => {
    const engine = await engineOver({ misbehave: misbehave! }, { timeoutSeconds });
    return engine.ask(generate(text));
  };

  it('hangs', async () => {
    expect(await asked(() => undefined, 0.2)).toEqual({ kind: 'timeout', seconds: 0.2 });
  });

  it('drips', async () => {
    const drip = await asked((response) => {
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    }, 0.3);
    expect(drip).toEqual({ kind: 'timeout', seconds: 0.3 });
  });

  it('answers with an error', async () => {
    const reply = await asked((response) => void response.writeHead(500).end('out of memory'));
    expect(reply).toEqual({ kind: 'answer', answer: { id: 4, error: 'HTTP 500: out of memory' } });
  });

  it('answers with something else', async () => {
    expect(await asked((response) => void response.end('<html>'))).toMatchObject({ kind: 'junk' });
    const empty = await asked((response) => void response.end('{"choices": []}'));
    expect(empty).toMatchObject({ kind: 'junk', problem: expect.stringContaining('/v1/completions answered with') });
    const unknown = { choices: [{ text: 'zebra', logprobs: { tokens: ['zebra'] } }] };
    const reply = await asked((response) => void response.end(JSON.stringify(unknown)));
    expect(reply).toMatchObject({ kind: 'junk', problem: expect.stringContaining('a text of no token') });
  });

  it('floods', async () => {
    let mebibytes = 0;
    const reply = await asked((response) => {
      const more = (): void => {
        do mebibytes += 1;
        while (response.write('x'.repeat(2 ** 20)));
        response.once('drain', more);
      };
      more();
    });
    expect(reply).toMatchObject({ kind: 'junk', problem: expect.stringContaining('a body of more than') });
    expect(mebibytes).toBeLessThan(64); // 8 that are read, and what is on the way
  });

  it('is not there', async () => {
    const engine = new HttpEngine({
      ...{ url: 'http://127.0.0.1:9', name: null, checkpoint, pieces, adapters: new Map(), drafter: null },
      ...{ dtype: 'float64', timeoutSeconds: 5 },
    });
    expect(await greet(engine)).toMatch(/^it could not be reached/);
  });
});
