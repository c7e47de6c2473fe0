import { Command } from 'commander';
import { FAULTS } from '../law/faults/faults.ts';
import { withExamples } from './help.ts';
import { printJson } from './output.ts';
import { printTable } from './table.ts';

/** `faults`: every known fault, with where it was found. */
export function faultsCommand(): Command {
  const command = new Command('faults').option('--json', 'print one JSON list');
  return withExamples(command, ['turbo-lora faults', 'all faults, as a table']).action((args: { json?: boolean }) => {
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
      description,
      references.map(({ where }) => where).join('\n'),
    ]);
    printTable(['fault', 'what goes wrong', 'found in'], rows);
  });
}
