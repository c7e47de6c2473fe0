import { CommanderError } from 'commander';
import { TurboLoraError } from '../errors.ts';
import { say } from './output.ts';
import { program } from './program.ts';
import { UnexpectedResult } from './unexpected-result.ts';

/**
 * Runs the command line and returns its exit code: 0 as expected, 1 a result that is not as expected, 2 wrong usage or
 * wrong input, 3 a fault of this program.
 */
export async function runCommandLine(args: readonly string[]): Promise<0 | 1 | 2 | 3> {
  try {
    await program().parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has printed its message
    if (error instanceof UnexpectedResult) return 1; // the command has printed what it found
    if (error instanceof TurboLoraError) {
      say(`error: ${error.message} (${error.name})`);
      return 2;
    }
    say(`internal error: ${error instanceof Error ? error.stack : String(error)}`);
    return 3;
  }
}
