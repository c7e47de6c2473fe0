/**
 * What must be undone when a command is ended from outside. Signals keep their usual effect: handlers are installed
 * only while there is something to undo, and they end the process by the same signal (a shell shows 130 after Ctrl-C).
 * @packageDocumentation
 */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const cleanUps = new Set<() => void>();

/** Calls `cleanUp` when the process is interrupted or exits. The returned function cancels that. */
export function onInterrupt(cleanUp: () => void): () => void {
  if (cleanUps.size === 0) {
    for (const signal of SIGNALS) process.on(signal, interrupted);
    process.on('exit', cleanUpAll);
  }
  cleanUps.add(cleanUp);
  return () => forget(cleanUp);
}

function forget(cleanUp: () => void): void {
  if (!cleanUps.delete(cleanUp) || cleanUps.size > 0) return;
  for (const signal of SIGNALS) process.off(signal, interrupted);
  process.off('exit', cleanUpAll);
}

function cleanUpAll(): void {
  for (const cleanUp of [...cleanUps]) {
    forget(cleanUp);
    cleanUp();
  }
}

function interrupted(signal: NodeJS.Signals): void {
  cleanUpAll(); // the handlers are removed by then
  process.kill(process.pid, signal);
}
