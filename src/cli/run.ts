import { CommanderError } from 'commander';
import { TurboLoraError } from '../errors.ts';
import { ReaderGone, sayMarked } from './output.ts';
import { program } from './program.ts';
import { type UnexpectedCode, UnexpectedResult } from './unexpected-result.ts';

/**
 * How a command ended: 0 as expected, 1 an unexpected result, 2 wrong usage or wrong input, or output that cannot be
 * written, 3 a bug in this program, 141 the reader of its output went away (128 plus the number of SIGPIPE, as a shell
 * shows it).
 */
export type ExitCode = 0 | UnexpectedCode | 2 | 3 | 141;

/** Runs the command line and returns its exit code. */
export async function runCommandLine(args: readonly string[]): Promise<ExitCode> {
  try {
    await (await program(args)).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    return exitCodeOf(error);
  }
}

/** The exit code of an error, which is printed on stderr unless its command has already done so. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof ReaderGone) return 141;
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UnexpectedResult) return error.exitCode;
  const expected = error instanceof TurboLoraError;
  try {
    if (expected) sayMarked('error', `${error.message.replaceAll('\n', '\\n')} (${error.name})`);
    else sayMarked('internal error', `${error instanceof Error ? error.stack : String(error)}`);
  } catch {
    // stderr is full or closed: the exit code alone must tell
  }
  return expected ? 2 : 3;
}
