/**
 * How a long computation shares its thread: between steps it lets the event loop run, and checks whether it is still
 * wanted.
 * @packageDocumentation
 */

/** What is asked of an `AbortSignal`. */
export interface AbortState {
  readonly aborted: boolean;
  readonly reason: unknown;
}

/**
 * Time between two turns of the event loop, in milliseconds: enough for timers and input, too rare to cost anything.
 */
const BETWEEN_TURNS = 4;

/**
 * Makes a function to await between steps. It lets the event loop turn when the last turn is 4 ms ago (timers, input
 * and other generations run then), and throws the signal's reason once the signal is aborted.
 */
export function breather(signal: AbortState | undefined): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last >= BETWEEN_TURNS) {
      await turn();
      last = performance.now();
    }
    if (signal?.aborted) throw signal.reason;
  };
}

/** One turn of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    // Timers of zero wait for 4 ms in browsers; a message does not.
    const { setImmediate } = globalThis as { setImmediate?: (run: () => void) => unknown }; // where there is Node
    if (setImmediate !== undefined) {
      setImmediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(null);
  });
}
