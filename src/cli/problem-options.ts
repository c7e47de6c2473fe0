import type { Command } from 'commander';
import type { Problem } from '../law/problem.ts';
import { nearestNumber } from '../numerics/nearest-number.ts';
import { number } from './arguments.ts';
import { say } from './output.ts';

/** What the options of commands that compute exact laws parse to. */
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
      'divide laws whose sum is 1 but for rounding by their sum, exactly, and say by how much it was off',
    )
    .option('--budget <operations>', 'the most exact work to do (default: 1e8, a minute or two)', number('budget'));
}

/** Says which laws were divided by their sum, and by how much it was off. */
export function sayNormalized({ normalized = [] }: Problem): void {
  for (const { law, excess } of normalized) {
    say(`${law}: divided by its sum, which was off by ${nearestNumber(excess).toPrecision(3)}`);
  }
}
