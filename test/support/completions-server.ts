/** A server with the completions API, over this package as an engine; its answers can be spelled as other servers do. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { folderAt } from '../../src/formats/folder/node.ts';
import type { AskedDrafter, AskedSampling } from '../../src/oracle/conformance/operations/generate.ts';
import { OwnEngine } from '../../src/oracle/conformance/own-engine.ts';

/** How a server spells tokens and log-probabilities. */
export type Spelling = 'vllm' | 'llama.cpp' | 'text';

/** What a server serves. */
export interface CompletionsServer {
  readonly checkpoint: string;
  readonly pieces: readonly (string | null)[];
  readonly spelling: Spelling;
  readonly drafter?: AskedDrafter;
  readonly adapters?: ReadonlyMap<string, string>;
  /** What is sent instead of an answer. */
  readonly misbehave?: (response: ServerResponse) => void;
  /** Settings that it forgets. */
  readonly ignores?: readonly (keyof Body)[];
}

/** Fields that the server reads. */
interface Body {
  readonly model: string;
  readonly prompt: number[];
  readonly max_tokens: number;
  readonly seed?: number;
  readonly logprobs?: number;
  readonly temperature: number;
  readonly top_k?: number;
  readonly top_p?: number;
  readonly min_p?: number;
  readonly repetition_penalty?: number;
}

/** Starts a server; `stop` ends it. */
export async function completionsServer(
  served: CompletionsServer,
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const engine = new OwnEngine({ version: 'test', folder: folderAt });
  const server = createServer((request, response) => {
    if (served.misbehave !== undefined && request.url !== '/v1/models') return served.misbehave(response);
    void answer(engine, served, request).then((value) => response.end(JSON.stringify(value)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}

async function answer(engine: OwnEngine, served: CompletionsServer, request: IncomingMessage): Promise<object> {
  if (request.url === '/v1/models') return { object: 'list', data: [{ id: 'served', owned_by: 'test' }] };
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const sent = JSON.parse(Buffer.concat(pieces).toString('utf8')) as Body;
  const body: Body = { ...sent, ...Object.fromEntries((served.ignores ?? []).map((key) => [key, undefined])) };
  const adapter = served.adapters?.get(body.model) ?? null;
  const tokens = await texts(engine, served, body, adapter);
  const wide = (body.logprobs ?? 0) > 1 ? await lawAfter(engine, served, body.prompt, adapter) : null;
  return { choices: [{ index: 0, finish_reason: 'length', ...spelled(served, tokens, wide) }] };
}

async function texts(engine: OwnEngine, served: CompletionsServer, body: Body, adapter: string | null) {
  const { prompt, max_tokens: maxTokens, seed = 0, temperature = 1 } = body;
  const { top_k: topK = -1, top_p: topP = 1, min_p: minP = 0, repetition_penalty: penalty = 1 } = body;
  const sampling: AskedSampling = {
    ...{ temperature, topK: topK > 0 ? topK : null, topP: topP < 1 ? topP : null, minP: minP > 0 ? minP : null },
    ...{ repetitionPenalty: penalty === 1 ? null : penalty, frequencyPenalty: null, presencePenalty: null },
  };
  const request = { prompt, adapter, sampling, drafter: served.drafter ?? null, maxTokens, endTokens: [], seed };
  const question = { id: 0, op: 'generate', model: served.checkpoint, requests: [request], repetitions: 1 };
  const outputs = outputsOf(await engine.answer(JSON.stringify(question))) as { texts: number[][][] };
  return outputs.texts[0]![0]!;
}

async function lawAfter(engine: OwnEngine, served: CompletionsServer, tokens: number[], adapter: string | null) {
  const question = { id: 0, op: 'logits', model: served.checkpoint, adapter, tokens };
  const { logits } = outputsOf(await engine.answer(JSON.stringify(question))) as { logits: { hex: string } };
  const row = new Float64Array(new Uint8Array(Buffer.from(logits.hex, 'hex')).buffer).slice(-served.pieces.length);
  const total = row.reduce((sum, z) => sum + Math.exp(z), 0);
  return [...row].map((z) => z - Math.log(total));
}

function outputsOf(answered: object): object {
  if ('outputs' in answered) return answered.outputs as object;
  throw new Error(JSON.stringify(answered));
}

function spelled({ pieces, spelling }: CompletionsServer, tokens: readonly number[], law: readonly number[] | null) {
  const text = tokens.map((token) => pieces[token]).join('');
  if (spelling === 'text') return { text, logprobs: null };
  if (spelling === 'vllm') {
    const names = tokens.map((token) => `token_id:${token}`);
    const top = law && [Object.fromEntries(law.map((logprob, token) => [`token_id:${token}`, logprob]))];
    return { text, logprobs: { tokens: names, token_logprobs: names.map(() => -1), top_logprobs: top } };
  }
  const top = law?.map((logprob, id) => ({ id, token: pieces[id] ?? '', logprob })) ?? [];
  const content = tokens.map((id) => ({ id, token: pieces[id] ?? '', logprob: -1, top_logprobs: top }));
  return { text, logprobs: { content } };
}
