/**
 * How the decoding loops get their passes through the target: they ask, and whoever runs them answers. One driver answers
 * at once, another gathers the questions of many texts and answers them with one pass.
 * @packageDocumentation
 */
import type { ForwardRows, Read } from '../model/session.ts';
import type { Step } from './step.ts';

/**
 * A decoding loop. It yields a {@link Read} when it waits for a pass, to be resumed with the rows of that pass, and a
 * {@link Step} when a pass has been decided on.
 */
export type Loop = Generator<Read | Step, void, ForwardRows>;

/** Whether a loop waits for a pass. */
export function isRead(event: Read | Step): event is Read {
  return 'session' in event;
}

/** Runs a loop that is alone: each pass is made when the loop asks for it. */
export function* answeredAtOnce(loop: Loop): Generator<Step, void, undefined> {
  let next = loop.next();
  while (!next.done) {
    const event = next.value;
    if (isRead(event)) {
      next = loop.next(event.session.read(event.tokens, event));
    } else {
      yield event;
      next = loop.next();
    }
  }
}
