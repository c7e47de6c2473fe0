import { vi } from 'vitest';
import { standardStreams } from '../../src/cli/output.ts';
import { runCommandLine } from '../../src/cli/run.ts';

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What was written on stdout, write by write. */
  readonly writes: readonly string[];
}

/** Runs the command line in this process and captures what it prints. */
export async function commandLine(...args: string[]): Promise<CommandResult> {
  const captured = { stdout: '', stderr: '' };
  const writes: string[] = [];
  const spy = vi.spyOn(standardStreams, 'write').mockImplementation((descriptor, text) => {
    captured[descriptor === 1 ? 'stdout' : 'stderr'] += text;
    if (descriptor === 1) writes.push(text);
  });
  try {
    const code = await runCommandLine(args);
    return { code, ...captured, writes };
  } finally {
    spy.mockRestore();
  }
}
