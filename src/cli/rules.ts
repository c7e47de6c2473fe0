import { Command } from 'commander';
import { RULES } from '../verify/rules.ts';
import { printJson, printTable } from './output.ts';
import { wrap } from './wrap.ts';

/** `rules`: every acceptance rule, with what it guarantees. */
export function rulesCommand(): Command {
  return new Command('rules')
    .description('The acceptance rules and what each guarantees.')
    .option('--json', 'as one JSON list')
    .action((args: { json?: boolean }) => {
      const rules = [...RULES.values()].map((rule) => ({
        name: rule.name,
        claim: rule.lossless,
        guarantee: rule.guarantee,
        siblings: rule.takes.siblings,
        source: rule.source,
      }));
      if (args.json) return printJson(rules);
      const rows = rules.map(({ name, siblings, guarantee, source }) => [
        name,
        siblings === 'none' ? 'chains' : [siblings].flat().join('\n'),
        `${wrap(guarantee, 54)}\n${wrap(source, 54)}`,
      ]);
      printTable(['rule', 'siblings', 'guarantee and source'], rows);
    });
}
