/**
 * How the decoding loops get their passes: they ask, and whoever runs them answers. One driver answers at once, another
 * awaits a device; a batch gathers the questions of many texts and answers them with one pass.
 * @packageDocumentation
 */
import type { PassRequest, Rows } from '../model/pass-request.ts';
import { atOnce, isPromise } from '../ops/backend.ts';
import type { Step } from './step.ts';

/**
 * A decoding loop. It yields a {@link PassRequest} when it or its drafter needs a pass, and is resumed with the rows of
 * that pass. It yields a {@link Step} when it has decided which tokens a pass through the target emits.
 */
export type Loop = Generator<PassRequest | Step, void, Rows>;

/** Whether a loop waits for a pass. */
export function isRequest(event: PassRequest | Step): event is PassRequest {
  return 'run' in event;
}

/**
 * Runs one loop by itself: each pass is made when the loop asks for it.
 * @throws as the loop and its passes do; {@link ConflictError} when the backend has to be awaited.
 */
export function* answeredAtOnce(loop: Loop): Generator<Step, void, undefined> {
  let next = loop.next();
  while (!next.done) {
    const event = next.value;
    if (isRequest(event)) {
      next = loop.next(atOnce(event.run()));
    } else {
      yield event;
      next = loop.next();
    }
  }
}

/**
 * Runs one loop by itself, and awaits each pass.
 * @throws as the loop and its passes do.
 */
export async function* answeredInTime(loop: Loop): AsyncGenerator<Step, void, undefined> {
  let next = loop.next();
  while (!next.done) {
    const event = next.value;
    if (isRequest(event)) {
      const rows = event.run();
      next = loop.next(isPromise(rows) ? await rows : rows);
    } else {
      yield event;
      next = loop.next();
    }
  }
}
