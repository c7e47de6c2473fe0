/**
 * Processes of an engine that left its process group (`setsid`, a daemon): they still have the environment that the
 * engine was started with. Linux shows it in `/proc`; elsewhere such a process is not found.
 * @packageDocumentation
 */
import { readdirSync, readFileSync } from 'node:fs';

/** The variable that marks an engine and everything that it starts. */
const VARIABLE = 'TURBO_LORA_JUDGE';

/** While processes are ended, others of them may fork. */
const MOST_ROUNDS = 20;

/** The environment of an engine with a mark. An engine that is a judge itself keeps the mark of its own judge. */
export function markedEnvironment(mark: string): NodeJS.ProcessEnv {
  return { ...process.env, [VARIABLE]: [process.env[VARIABLE], mark].filter((it) => it !== undefined).join(' ') };
}

/** Ends every process that was started with this mark. */
export function killMarked(mark: string): void {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const found = markedProcesses(mark);
    if (found.length === 0) return;
    for (const pid of found) attempt(() => process.kill(pid, 'SIGKILL'));
  }
}

function markedProcesses(mark: string): number[] {
  const names = attempt(() => readdirSync('/proc')) ?? [];
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  return pids.filter((pid) => attempt(() => readFileSync(`/proc/${pid}/environ`).includes(mark)) === true);
}

/** Null where the process has ended, or belongs to someone else. */
function attempt<T>(action: () => T): T | null {
  try {
    return action();
  } catch {
    return null;
  }
}
