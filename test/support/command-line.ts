import { vi } from 'vitest';
import { runCommandLine } from '../../src/cli/run.ts';

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in this process and captures what it prints. */
export async function commandLine(...args: string[]): Promise<CommandResult> {
  const captured = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
      captured[name] += String(chunk);
      return true;
    }),
  );
  try {
    const code = await runCommandLine(args);
    return { code, ...captured };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
