import type { Command } from 'commander';
import type { Problem } from '../law/problem.ts';
import { nearestNumber } from '../numerics/nearest-number.ts';
import { number } from './arguments.ts';
import { say } from './output.ts';

/** What the options of commands that compute exact distributions parse to. */
export interface WorkArguments {
  readonly normalize?: boolean;
  readonly budget?: number;
}

/** Adds the options that `law` and `audit` share. */
export function withWorkOptions(command: Command): Command {
  return command
    .optionsGroup('Exact work:')
    .option(
      '--normalize',
      'divide distributions that sum to 1 only up to rounding by their exact sum, and say by how much it was off',
    )
    .option('--budget <operations>', 'limit on exact work (default: 1e8, a minute or two)', number('budget'));
}

/** Prints which distributions were divided by their sum, and by how much each was off. */
export function sayNormalized({ normalized = [] }: Problem): void {
  for (const { law, excess } of normalized) {
    say(`${law}: divided by its sum, which was off by ${nearestNumber(excess).toPrecision(3)}`);
  }
}
