/**
 * An engine as the judge sees it: requests in, replies out. Whatever it does, there is a reply.
 * @packageDocumentation
 */
import type { Answer, Request } from './protocol.ts';

/** What came of a request. */
export type Reply =
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** There was no answer in time. */
  | { readonly kind: 'timeout'; readonly seconds: number }
  /** It ended, or could not be started. */
  | { readonly kind: 'died'; readonly how: string; readonly stderr: string }
  /** It answered with something else: no JSON, the wrong fields, another request's id, or too much of it. */
  | { readonly kind: 'junk'; readonly problem: string };

/** An engine that can be asked. */
export interface Engine {
  /** Asks, and waits for the reply. After a reply without an answer the engine is started again, when next asked. */
  ask(request: Request): Promise<Reply>;
  /** Ends it, and everything that it started. */
  close(): Promise<void>;
}
