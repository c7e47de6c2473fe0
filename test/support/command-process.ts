import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface ProcessResult {
  /** Null when a signal ended the process. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Builds the command line into one file, two folders deep as the published one lies, and returns its path. Types are
 * checked elsewhere; this takes half a second.
 */
export function builtCommandLine(): string {
  const outfile = `${root}.cache/command-line/main-${process.pid}.mjs`;
  buildSync({
    entryPoints: [`${root}src/cli/main.ts`],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'warning',
  });
  return outfile;
}

/** A command of bash, in which `$turbo_lora` is the built command line. */
export function shell(file: string, script: string, options: SpawnOptions = {}): ChildProcess {
  const environment = { ...process.env, turbo_lora: `${process.execPath} ${file}`, NO_COLOR: '1' };
  return spawn('bash', ['-c', script], { cwd: root, env: environment, ...options });
}

/** Waits for the end of a process and what it printed. */
export async function ended(child: ChildProcess, input = ''): Promise<ProcessResult> {
  const captured = { stdout: '', stderr: '' };
  child.stdout?.on('data', (data) => {
    captured.stdout += data;
  });
  child.stderr?.on('data', (data) => {
    captured.stderr += data;
  });
  child.stdin?.on('error', () => undefined); // it may not read all of it
  child.stdin?.end(input);
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.on('close', (...result) => resolve(result));
  });
  return { code, signal, ...captured };
}
