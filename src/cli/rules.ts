import { Command } from 'commander';
import { RULES } from '../verify/rules.ts';
import { withExamples } from './help.ts';
import { printJson } from './output.ts';
import { printTable } from './table.ts';

/** `rules`: every acceptance rule, with what it guarantees. */
export function rulesCommand(): Command {
  const command = new Command('rules').option('--json', 'print one JSON list');
  return withExamples(command, ['turbo-lora rules', 'all rules, as a table']).action((args: { json?: boolean }) => {
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
      `${guarantee}\n${source}`,
    ]);
    printTable(['rule', 'siblings', 'guarantee and source'], rows);
  });
}
