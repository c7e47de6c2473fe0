/** Runs the command line in this process, so that the page shows what it really prints. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { standardStreams } from '../../../src/cli/output.ts';
import { runCommandLine } from '../../../src/cli/run.ts';
import { claim } from '../../embedded/evidence.ts';

/** Files that commands may name, by name. */
export type Files = Readonly<Record<string, string>>;

/** What a command prints, and its exit code. Arguments that are names of files stand for those files. */
export async function runCommand(
  args: readonly string[],
  files: Files = {},
): Promise<{ readonly code: number; readonly output: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'chapter-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const { write } = standardStreams;
  let output = '';
  standardStreams.write = (descriptor, text) => {
    if (descriptor === 1) output += text;
    else write(descriptor, text);
  };
  try {
    const code = await runCommandLine(args.map((arg) => (arg in files ? join(folder, arg) : arg)));
    claim(!output.includes(folder), 'output does not name the folder it was made in');
    return { code, output: output.trimEnd() };
  } finally {
    standardStreams.write = write;
    rmSync(folder, { recursive: true });
  }
}
