import { Command } from 'commander';
import { FAULTS } from '../law/faults/faults.ts';
import { printJson, printTable } from './output.ts';
import { wrap } from './wrap.ts';

/** `faults`: every known fault, with where it was found. */
export function faultsCommand(): Command {
  return new Command('faults')
    .description('Known faults of real engines that `law --fault` can plant.')
    .option('--json', 'as one JSON list')
    .action((args: { json?: boolean }) => {
      const faults = [...FAULTS.values()].map((fault) => ({
        name: fault.name,
        description: fault.description,
        rules: fault.rules,
        references: fault.references,
        reveals: fault.reveals,
        ...(fault.signature && { signature: fault.signature }),
        ...(fault.faint && { faint: fault.faint }),
      }));
      if (args.json) return printJson(faults);
      const rows = faults.map(({ name, description, references }) => [
        name,
        wrap(description, 36),
        references.map(({ where }) => where).join('\n'),
      ]);
      printTable(['fault', 'what goes wrong', 'found in'], rows);
    });
}
