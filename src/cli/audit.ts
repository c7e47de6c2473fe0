import { Command, Option } from 'commander';
import { ConflictError, FormatError } from '../errors.ts';
import { inputName } from '../formats/input-stream.ts';
import { readJsonInput } from '../formats/json.ts';
import { jsonLines } from '../formats/json-lines.ts';
import { Audit } from '../law/audit/audit.ts';
import { hypothesesFor } from '../law/audit/hypotheses.ts';
import { planAudit } from '../law/audit/plan.ts';
import { problemFrom } from '../law/problem.ts';
import { roundFrom } from '../law/rounds.ts';
import { RULES, ruleNamed } from '../verify/rules.ts';
import { number } from './arguments.ts';
import { auditReport, hasAlarm, printAudit } from './audit-report.ts';
import { choice } from './choice.ts';
import { withExamples } from './help.ts';
import { printJson } from './output.ts';
import { UnexpectedResult } from './unexpected-result.ts';

interface AuditArguments {
  problem: string;
  rule: string;
  rounds: string;
  falseAlarm: number;
  json?: boolean;
}

/** `audit`: judges an engine by the rounds that it made. */
export function auditCommand(): Command {
  const command = new Command('audit')
    .description('Judge the rounds of an engine: lossless, and if not, which known fault? Exit 1 on an alarm.')
    .optionsGroup('Engine:')
    .addOption(
      choice('--rule <name>', 'the acceptance rule that the engine should follow', [
        ...RULES.keys(),
      ]).makeOptionMandatory(),
    )
    .requiredOption('--problem <file>', 'target and draft laws and the shape of drafts, as spec/ says')
    .requiredOption('--rounds <file>', 'rounds, or counts of them, as JSON lines (spec/); - for standard input')
    .optionsGroup('Test:')
    .addOption(
      new Option('--false-alarm <rate>', 'probability that a test ever raises an alarm on a correct engine')
        .argParser(number('false-alarm'))
        .default(1e-6, '1e-6'),
    )
    .optionsGroup('Output:')
    .option('--json', 'print one JSON object');
  return withExamples(
    command,
    ['turbo-lora audit --rule rejection --problem problem.json --rounds rounds.jsonl', 'rounds from a file'],
    ['my-engine | turbo-lora audit --rule block --problem problem.json --rounds -', 'rounds as they come'],
  ).action(run);
}

async function run(args: AuditArguments): Promise<void> {
  if (args.problem === '-' && args.rounds === '-') {
    throw new ConflictError('--rounds', 'another input than --problem', 'standard input for both');
  }
  const problem = problemFrom(await readJsonInput(args.problem), inputName(args.problem));
  const rule = ruleNamed(args.rule);
  const hypotheses = hypothesesFor(problem, rule);
  let audit: Audit | null = null;
  let counted = false;
  for await (const { value, where } of jsonLines(args.rounds)) {
    const round = roundFrom(value, problem, where);
    const draftsKnown = round.drafted !== null;
    if (audit === null) {
      audit = new Audit(planAudit({ problem, rule, hypotheses, draftsKnown }), args.falseAlarm);
      counted = round.times !== null;
    }
    if (counted !== (round.times !== null)) {
      const [expected, got] = counted ? ['a count, as before', 'none'] : ['none, as before', 'a count'];
      throw new FormatError(`${where}: times`, expected, got);
    }
    if (round.times === null) audit.observe(round, where);
    else audit.count(round, round.times, where);
  }
  if (audit === null) throw new FormatError(inputName(args.rounds), 'at least one round', 'none');
  audit.look();
  const report = auditReport(audit, rule.name, args.falseAlarm, counted);
  if (args.json) printJson(report);
  else printAudit(report);
  if (hasAlarm(report)) throw new UnexpectedResult('the rounds are not as they should be');
}
