/**
 * What must be undone when a command is ended from outside. The signals keep their usual effect: handlers stand only
 * while there is something to undo, and end the process by the same signal (a shell shows 130 after Ctrl-C).
 * @packageDocumentation
 */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const cleanUps = new Set<() => void>();

/** Calls `cleanUp` when the process is interrupted or exits; the returned function takes that back. */
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
  cleanUpAll(); // the handlers are gone after it
  process.kill(process.pid, signal);
}
