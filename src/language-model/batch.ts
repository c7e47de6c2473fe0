/**
 * Many texts at a time: each has its own prompt, adapter, sampling, drafter, rule and seed, and all of them share the
 * passes through the target.
 * @packageDocumentation
 */
import { isRequest } from '../decode/pass.ts';
import type { Step } from '../decode/step.ts';
import { OptionError, TurboLoraError } from '../errors.ts';
import { type ForwardRows, Read, readTogether } from '../model/session.ts';
import type { Completion, GeneratedToken } from './completion.ts';
import { type AbortState, breather } from './event-loop.ts';
import { type Generation, startGeneration } from './generation.ts';
import { given, inWords, isObject, type MaybeGiven, type Shape } from './given.ts';
import { type GenerateOptions, SIGNAL } from './options.ts';
import type { RunningModel } from './parts.ts';
import type { Prompt } from './prompt.ts';

/**
 * One text of a batch. A drafter that keeps a state per text must be a function here, as two texts may not share one.
 */
export interface BatchRequest extends MaybeGiven<Omit<GenerateOptions, 'signal'>> {
  readonly prompt: Prompt;
}

/** Options of a whole batch. */
export interface BatchOptions {
  /** Ends all of its texts. */
  readonly signal?: AbortState;
  /** Most texts to decode at the same time; the others wait for one to end. Default: all of them. */
  readonly atOnce?: number;
}

/** A token of one of the texts. */
export interface BatchToken extends GeneratedToken {
  /** Index of the request. */
  readonly request: number;
}

/** All texts of a batch and what they cost together. */
export interface BatchCompletion {
  /**
   * In the order of the requests. Their tokens, texts and log-probabilities have the same bits as alone; their times
   * are those of the passes that they took part in.
   */
  readonly completions: readonly Completion[];
  /** Passes through the target. One pass may serve all texts. */
  readonly targetForwards: number;
}

const SHAPES = {
  signal: SIGNAL,
  atOnce: { expected: 'an integer of at least 1', fits: (n) => Number.isInteger(n) && (n as number) >= 1 },
} satisfies Record<keyof BatchOptions, Shape>;

/** A text that waits for a pass. */
interface Waiting {
  readonly request: number;
  readonly generation: Generation;
  readonly read: Read;
}

/**
 * Generates the texts of a batch, token by token as they are decoded. All requests are checked before anything runs.
 * @throws as {@link startGeneration} does, with the index of the request; {@link OptionError} for an option of the
 * batch that does not exist or has an impossible value; the signal's reason once it is aborted.
 */
export async function* runBatch(
  model: RunningModel,
  requests: readonly BatchRequest[],
  options: MaybeGiven<BatchOptions>,
): AsyncGenerator<BatchToken, BatchCompletion, undefined> {
  const { signal, atOnce = Number.POSITIVE_INFINITY } = given('batch option', options, SHAPES) as BatchOptions;
  const generations = startAll(model, requests);
  const queue = [...generations.entries()];
  const breathe = breather(signal);
  let waiting: Waiting[] = [];
  let targetForwards = 0;
  try {
    for (;;) {
      await breathe();
      while (waiting.length < atOnce && queue.length > 0) waiting.push(...(await nextRead(...queue.shift()!)));
      if (waiting.length === 0) break;
      const start = performance.now();
      const rows = await readTogether(waiting.map(({ read }) => read));
      const milliseconds = performance.now() - start;
      targetForwards += 1;
      const still: Waiting[] = [];
      for (const [i, { request, generation }] of waiting.entries()) {
        for (const token of decide(request, generation, rows[i]!, milliseconds)) yield { request, ...token };
        still.push(...(await nextRead(request, generation)));
      }
      waiting = still;
    }
  } finally {
    for (const { close } of generations) close();
  }
  return { completions: generations.map(({ tally }) => tally.completion()), targetForwards };
}

function startAll(model: RunningModel, requests: readonly BatchRequest[]): Generation[] {
  if (!Array.isArray(requests)) throw new OptionError('requests', 'a list of requests', inWords(requests));
  return requests.map((request: BatchRequest, i) =>
    naming(i, () => {
      if (!isObject(request)) throw new OptionError('request', 'an object with a prompt', inWords(request));
      const { prompt, ...options } = request;
      if ('signal' in options)
        throw new OptionError('signal', 'one signal, in the options of the batch', 'one of a request');
      return startGeneration(model, prompt, options);
    }),
  );
}

/** What a text makes of the rows that it waited for. */
function decide(
  request: number,
  { loop, tally, options }: Generation,
  rows: ForwardRows,
  passMilliseconds: number,
): readonly GeneratedToken[] {
  const start = performance.now();
  const step = naming(request, () => loop.next(rows)).value as Step;
  const tokens = tally.add(step, passMilliseconds + performance.now() - start);
  options.onStep?.(step);
  return tokens;
}

/**
 * The pass through the target that a text waits for next, its drafter's passes being made before; none when it has
 * ended.
 */
async function nextRead(request: number, generation: Generation): Promise<Waiting[]> {
  const { loop, target, close } = generation;
  try {
    let next = loop.next();
    while (!next.done && isRequest(next.value)) {
      const read = next.value;
      if (read instanceof Read && read.session === target) return [{ request, generation, read }];
      next = loop.next(await read.run());
    }
  } catch (error) {
    throw named(request, error);
  }
  close();
  return [];
}

/** Runs something for one request, whose index its errors then name. */
function naming<T>(request: number, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw named(request, error);
  }
}

/** An error with the index of the request that it happened to. */
function named(request: number, error: unknown): unknown {
  if (!(error instanceof TurboLoraError)) return error;
  const Class = error.constructor as typeof TurboLoraError;
  return new Class(`request ${request}: ${error.label}`, error.expected, error.got, { cause: error });
}
