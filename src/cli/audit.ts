import { Command } from 'commander';
import { ConflictError, FormatError } from '../errors.ts';
import { Audit } from '../law/audit/audit.ts';
import { type AuditPlan, planAudit } from '../law/audit/plan.ts';
import { auditPlan } from '../law/audit/plans.ts';
import { TraceAudit } from '../law/audit/trace-audit.ts';
import type { Problem } from '../law/problem.ts';
import { problemFrom } from '../law/problem-input.ts';
import { roundFrom } from '../law/rounds.ts';
import { tracedRoundFrom } from '../law/trace-line.ts';
import type { Rule } from '../verify/rule.ts';
import { RULES, ruleNamed } from '../verify/rules.ts';
import { type Alarms, auditExitCode } from './audit-exit.ts';
import { auditInitCommand } from './audit-init.ts';
import { auditReport, printAudit } from './audit-report.ts';
import { auditTextsCommand, falseAlarmOption } from './audit-texts.ts';
import { choice } from './choice.ts';
import { withExamples } from './help.ts';
import { inputName, readJsonInput } from './input-stream.ts';
import { jsonLines } from './json-lines.ts';
import { printJson } from './output.ts';
import { sayNormalized, type WorkArguments, withWorkOptions } from './problem-options.ts';
import { sayRoundsNeeded } from './rounds-needed.ts';
import { printTraceAudit, traceAuditReport } from './trace-audit-report.ts';
import { UnexpectedResult } from './unexpected-result.ts';
import { workProgress } from './work-progress.ts';

interface AuditArguments extends WorkArguments {
  problem?: string;
  rule: string;
  rounds: string;
  falseAlarm: number;
  json?: boolean;
}

/** `audit`: judges an engine by the rounds that it played. */
export function auditCommand(): Command {
  const command = new Command('audit')
    .optionsGroup('Engine:')
    .addOption(
      choice('--rule <name>', 'the acceptance rule that the engine should follow', [
        ...RULES.keys(),
      ]).makeOptionMandatory(),
    )
    .option(
      '--problem <file>',
      'target and draft distributions and the shape of drafts; without it, each round brings its own distributions',
    )
    .requiredOption(
      '--rounds <file>',
      'rounds, counts of rounds or a trace, as JSON lines (see spec/); - for standard input',
    )
    .optionsGroup('Test:')
    .addOption(falseAlarmOption())
    .optionsGroup('Output:')
    .option('--json', 'print one JSON object')
    .enablePositionalOptions() // what follows `texts` or `init` is its own
    .addCommand(auditTextsCommand())
    .addCommand(auditInitCommand());
  return withExamples(
    withWorkOptions(command),
    ['turbo-lora audit --rule rejection --problem problem.json --rounds rounds.jsonl', 'rounds from a file'],
    [
      'my-engine | turbo-lora audit --rule block --problem problem.json --rounds -',
      'rounds as they arrive; first says how many each known fault needs',
    ],
    ['turbo-lora audit --rule match --rounds trace.jsonl', 'a trace with distributions, from generate --trace-laws'],
  ).action(run);
}

async function run(args: AuditArguments): Promise<void> {
  const rule = ruleNamed(args.rule);
  if (args.problem === '-' && args.rounds === '-') {
    throw new ConflictError('--rounds', 'an input other than that of --problem', 'standard input for both');
  }
  if (args.problem === undefined) return judgeTrace(args, rule);
  const problem = problemFrom(await readJsonInput(args.problem), inputName(args.problem), {
    normalize: args.normalize ?? false,
  });
  sayNormalized(problem);
  const plan = planOf(args, problem, rule);
  const withDrafts = new Audit(plan, args.falseAlarm);
  if (args.rounds === '-') sayRoundsNeeded(plan, args.falseAlarm);
  const judged = await auditOf(args, plan, withDrafts);
  const report = auditReport(judged, rule);
  if (args.json) printJson(report);
  else printAudit(report);
  leave(judged);
}

/** Ends the command with the alarms as bits of its exit code. */
function leave(judged: Alarms): void {
  const code = auditExitCode(judged);
  if (code !== 0) throw new UnexpectedResult('the rounds raised an alarm', code);
}

/** An audit of all rounds. It begins with the first one, which shows whether drafts are recorded. */
async function auditOf({ rounds, falseAlarm }: AuditArguments, plan: AuditPlan, withDrafts: Audit): Promise<Audit> {
  let judged: Audit | null = null;
  for await (const { value, where } of jsonLines(rounds)) {
    const round = roundFrom(value, plan.problem, where);
    judged ??= round.drafted === null ? new Audit(planAudit({ ...plan, draftsKnown: false }), falseAlarm) : withDrafts;
    if (round.times === null) judged.observe(round, where);
    else judged.count(round, round.times, where);
  }
  if (judged === null) throw new FormatError(inputName(rounds), 'at least one round', 'none');
  judged.look();
  return judged;
}

function planOf({ budget }: AuditArguments, problem: Problem, rule: Rule): AuditPlan {
  const { onProgress, done } = workProgress('enumerating');
  try {
    return auditPlan(problem, rule, true, { onProgress, ...(budget !== undefined && { budget }) });
  } finally {
    done();
  }
}

/** Without a problem: rounds that bring their own distributions. */
async function judgeTrace({ rounds, falseAlarm, json, normalize, budget }: AuditArguments, rule: Rule): Promise<void> {
  const unused = normalize ? '--normalize' : budget === undefined ? null : '--budget';
  if (unused !== null) throw new ConflictError(unused, '--problem', 'none');
  const judged = new TraceAudit(rule, falseAlarm);
  for await (const { value, where } of jsonLines(rounds)) judged.observe(tracedRoundFrom(value, where));
  if (judged.tokens.rounds === 0) throw new FormatError(inputName(rounds), 'at least one round', 'none');
  const report = traceAuditReport(judged);
  if (json) printJson(report);
  else printTraceAudit(report);
  leave(judged);
}
