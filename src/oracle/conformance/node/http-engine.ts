/**
 * A server that speaks the completions API of OpenAI, as an engine: what the judge asks becomes HTTP requests.
 * @packageDocumentation
 */
import type { Engine, Reply } from '../engine.ts';
import type { AskedDrafter, AskedText, GenerateQuestion } from '../operations/generate.ts';
import type { LogitsQuestion } from '../operations/logits.ts';
import type { Answer, Request } from '../protocol.ts';
import { chosenTokens, completionShape, lastLaw, modelsShape, type Pieces } from './completion.ts';
import { ExchangeError, exchange } from './exchange.ts';

/** What a server serves. The API does not tell, so its user does. */
export interface ServedModel {
  /** Where `/v1/completions` is, without that: `http://localhost:8000`. */
  readonly url: string;
  /** Its name for the model; null: the first that it lists. */
  readonly name: string | null;
  /** The checkpoint folder of the model. */
  readonly checkpoint: string;
  /** The texts of its tokens, by id. */
  readonly pieces: Pieces;
  /** Its names for adapters, by PEFT folder. */
  readonly adapters: ReadonlyMap<string, string>;
  /** What it drafts with. */
  readonly drafter: AskedDrafter['kind'] | null;
  readonly dtype: string;
  /** Limit for one HTTP request. */
  readonly timeoutSeconds: number;
}

/** No more than what is asked for: servers add their own processors, and end a text at an end token. */
const PLAIN = {
  top_p: 1,
  top_k: -1,
  min_p: 0,
  ignore_eos: true,
  add_special_tokens: false,
  skip_special_tokens: false,
  return_tokens_as_token_ids: true,
  // llama.cpp: its order of processors is its own, and its repetition penalty looks back 64 tokens.
  samplers: ['penalties', 'temperature', 'top_k', 'top_p', 'min_p'],
  repeat_last_n: 1_000_000,
};

/** Texts that are asked for at the same time. */
const CONCURRENT = 8;

/** A server as an engine. What the API cannot express, and what the server does not serve, is unsupported. */
export class HttpEngine implements Engine {
  readonly #served: ServedModel;
  #name: string | null;

  constructor(served: ServedModel) {
    this.#served = { ...served, url: served.url.replace(/\/+(v1\/?)?$/, '') };
    this.#name = served.name;
  }

  async ask(request: Request): Promise<Reply> {
    try {
      return { kind: 'answer', answer: await this.#answerTo(request) };
    } catch (error) {
      if (error instanceof ExchangeError) return error.replyTo(request.id);
      throw error;
    }
  }

  /** A server stays up: somebody else started it. */
  async close(): Promise<void> {}

  async #answerTo(request: Request): Promise<Answer> {
    const { id } = request;
    switch (request.op) {
      case 'hello':
        return { id, outputs: await this.#hello() };
      case 'logits':
        return { id, ...(await this.#logits(request)) };
      case 'generate':
        return { id, ...(await this.#generate(request)) };
      default:
        return { id, ...unsupported(`the completions API has nothing for ${request.op}`) };
    }
  }

  async #hello(): Promise<Readonly<Record<string, unknown>>> {
    const { url, dtype, timeoutSeconds } = this.#served;
    const { data } = await exchange(`${url}/v1/models`, null, modelsShape, timeoutSeconds);
    const { id, owned_by: owner } = data.find((one) => one.id === this.#name) ?? data[0]!;
    this.#name ??= id;
    return { name: id, version: owner ?? 'over HTTP', dtype, operations: ['logits', 'generate'] };
  }

  async #logits({ model, adapter, tokens }: LogitsQuestion): Promise<PartialAnswer> {
    const objection = this.#objectionTo(model, adapter);
    if (objection !== null) return unsupported(objection);
    const { pieces } = this.#served;
    const rows: number[] = [];
    for (let length = 1; length <= tokens.length; length++) {
      const ask = { prompt: tokens.slice(0, length), max_tokens: 1, temperature: 0, logprobs: pieces.length };
      const row = lastLaw(await this.#complete(adapter, { ...PLAIN, ...ask }), pieces);
      if (typeof row === 'string') return unsupported(row);
      rows.push(...row);
    }
    const hex = Buffer.from(Float64Array.from(rows).buffer).toString('hex');
    return { outputs: { logProbabilities: { dtype: 'F64', shape: [tokens.length, pieces.length], hex } } };
  }

  async #generate({ model, requests, repetitions }: GenerateQuestion): Promise<PartialAnswer> {
    for (const request of requests) {
      const objection = this.#objectionTo(model, request.adapter) ?? this.#objectionToText(request);
      if (objection !== null) return unsupported(objection);
    }
    const texts: number[][][] = requests.map(() => []);
    // Requests side by side, as a batch would have them; then the next repetition of all.
    const jobs = Array.from({ length: repetitions * requests.length }, (_, i) => [
      i % requests.length,
      Math.floor(i / requests.length),
    ]) as [number, number][];
    const work = async (): Promise<void> => {
      for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
        const [r, repetition] = job;
        texts[r]![repetition] = await this.#text(requests[r]!, repetition);
      }
    };
    await Promise.all(Array.from({ length: Math.max(CONCURRENT, requests.length) }, work));
    return { outputs: { texts } };
  }

  async #text(asked: AskedText, repetition: number): Promise<number[]> {
    const { adapter, prompt, maxTokens, seed } = asked;
    const body = {
      ...PLAIN,
      ...samplingOf(asked),
      prompt,
      max_tokens: maxTokens,
      // Seeds of repetitions that no other request of the judge has.
      seed: (seed * 65_537 + repetition) % 2 ** 31,
      logprobs: 1,
    };
    return chosenTokens(await this.#complete(adapter, body), this.#served.pieces);
  }

  async #complete(adapter: string | null, body: object) {
    const { url, adapters, timeoutSeconds } = this.#served;
    const model = adapter === null ? this.#name : adapters.get(adapter)!;
    const { choices } = await exchange(`${url}/v1/completions`, { model, ...body }, completionShape, timeoutSeconds);
    return choices[0]!;
  }

  #objectionTo(model: string, adapter: string | null): string | null {
    const { checkpoint, adapters } = this.#served;
    if (model !== checkpoint) return 'the server has another model';
    return adapter === null || adapters.has(adapter) ? null : 'the server was not said to have this adapter';
  }

  #objectionToText({ drafter, endTokens }: AskedText): string | null {
    const kind = this.#served.drafter;
    if ((drafter?.kind ?? null) !== kind) return `the server was said to draft with ${kind ?? 'nothing'}`;
    return endTokens.length === 0 ? null : 'the completions API has no ids that end a text';
  }
}

type PartialAnswer = Answer extends infer A ? (A extends unknown ? Omit<A, 'id'> : never) : never;

function unsupported(reason: string): PartialAnswer {
  return { unsupported: true, reason };
}

/** Penalties under each of the names that servers have for them. */
function samplingOf({ sampling }: AskedText): object {
  const { temperature, topK, topP, minP, repetitionPenalty, frequencyPenalty, presencePenalty } = sampling;
  return {
    temperature,
    ...(topK !== null && { top_k: topK }),
    ...(topP !== null && { top_p: topP }),
    ...(minP !== null && { min_p: minP }),
    ...(repetitionPenalty !== null && { repetition_penalty: repetitionPenalty, repeat_penalty: repetitionPenalty }),
    ...(frequencyPenalty !== null && { frequency_penalty: frequencyPenalty }),
    ...(presencePenalty !== null && { presence_penalty: presencePenalty }),
  };
}
