/**
 * One HTTP request for JSON, with a limit on its time and on the size of what comes.
 * @packageDocumentation
 */
import type { z } from 'zod';
import { quoted } from '../../../quoted.ts';
import type { Reply } from '../engine.ts';

/** The longest body that is read, in bytes. */
const LONGEST_BODY = 8 * 2 ** 20;

/** An exchange that brought nothing that could be read. */
export class ExchangeError extends Error {
  readonly #reply: Exclude<Reply, { kind: 'answer' }> | string;

  /** A reply, or the text of an error that the server answered with. */
  constructor(reply: Exclude<Reply, { kind: 'answer' }> | string) {
    super(typeof reply === 'string' ? reply : reply.kind);
    this.name = 'ExchangeError';
    this.#reply = reply;
  }

  /** What the judge is told. */
  replyTo(id: number): Reply {
    const reply = this.#reply;
    return typeof reply === 'string' ? { kind: 'answer', answer: { id, error: reply.slice(0, 2000) } } : reply;
  }
}

/**
 * Sends a request, GET without a body and POST with one, and reads the JSON that comes.
 * @throws {@link ExchangeError} when nothing comes in time, or something else.
 */
export async function exchange<T>(
  url: string,
  body: object | null,
  shape: z.ZodType<T>,
  timeoutSeconds: number,
): Promise<T> {
  const { status, text } = await textFrom(url, body, timeoutSeconds);
  if (status >= 400) throw new ExchangeError(`HTTP ${status}: ${text}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ExchangeError({ kind: 'junk', problem: `no JSON: ${quoted(text.slice(0, 200))}` });
  }
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  const { path, message } = read.error.issues[0]!;
  const problem = `${new URL(url).pathname} answered with ${[...path.map(String), message].join(': ')}`;
  throw new ExchangeError({ kind: 'junk', problem });
}

async function textFrom(
  url: string,
  body: object | null,
  timeoutSeconds: number,
): Promise<{ readonly status: number; readonly text: string }> {
  const signal = AbortSignal.timeout(timeoutSeconds * 1000);
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  try {
    const response = await fetch(url, { signal, ...(body !== null && post) });
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of response.body ?? []) {
      pieces.push(piece as Uint8Array);
      size += (piece as Uint8Array).length;
      if (size > LONGEST_BODY) {
        throw new ExchangeError({ kind: 'junk', problem: `a body of more than ${LONGEST_BODY} bytes` });
      }
    }
    return { status: response.status, text: Buffer.concat(pieces).toString('utf8') };
  } catch (error) {
    if (error instanceof ExchangeError) throw error;
    if (signal.aborted) throw new ExchangeError({ kind: 'timeout', seconds: timeoutSeconds });
    throw new ExchangeError({ kind: 'died', how: `could not be reached: ${causeOf(error)}`, stderr: '' });
  }
}

function causeOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : message;
}
