/** Whole texts: how many sampled completions the judge takes per second. */
import { printTable } from '../../src/cli/table.ts';
import { TextAudit } from '../../src/law/audit/text-audit.ts';
import { rejection } from '../../src/verify/rejection.ts';
import { randomLaws, textsOf } from '../support/table-texts.ts';
import { time } from './timing.ts';

const TEXTS = 10_000;

/** Prints the table: texts of an engine that is correct, with laws that differ after every prefix. */
export function benchTexts(): void {
  const rows = [
    [4, 5],
    [16, 5],
    [16, 12],
    [64, 12],
  ].map(([vocabulary, maxTokens]) => {
    const target = randomLaws(1, vocabulary!);
    const engine = { target, draft: randomLaws(2, vocabulary!), rule: rejection, draftTokens: 3, endToken: null };
    const source = textsOf({ ...engine, maxTokens: maxTokens! }, 3);
    const texts = Array.from({ length: TEXTS }, () => source.next().value as number[]);
    let prefixes = 0;
    const judge = (): void => {
      const audit = new TextAudit({ law: { after: target }, maxTokens: maxTokens! });
      for (const text of texts) audit.observe(text);
      if (audit.hasAlarm) throw new Error('a correct engine raised an alarm');
      prefixes = audit.prefixes;
    };
    const { median } = time(judge, { runs: 5, warmup: 1 });
    const perSecond = Math.round((TEXTS / median) * 1000).toLocaleString('en-US');
    return [`V=${vocabulary}, ${maxTokens} tokens`, prefixes.toLocaleString('en-US'), median.toFixed(0), perSecond];
  });
  process.stdout.write(`\nWhole texts: ${TEXTS.toLocaleString('en-US')} completions against their exact law\n`);
  printTable(['texts', 'prefixes', 'ms', 'texts/s'], rows, [1, 2, 3]);
}
