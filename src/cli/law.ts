import { Command } from 'commander';
import type Fraction from 'fraction.js';
import { ConflictError, OptionError } from '../errors.ts';
import type { PrefixIdentity } from '../law/certificate.ts';
import { exactNumber } from '../law/exact-number.ts';
import { type ExactReport, exactReport } from '../law/exact-report.ts';
import type { Fault } from '../law/faults/fault.ts';
import { FAULTS, faultNamed } from '../law/faults/faults.ts';
import type { Problem } from '../law/problem.ts';
import { problemFrom } from '../law/problem-input.ts';
import { nearestNumber } from '../numerics/nearest-number.ts';
import type { Rule } from '../verify/rule.ts';
import { RULES, ruleNamed } from '../verify/rules.ts';
import { integer } from './arguments.ts';
import { choice } from './choice.ts';
import { withExamples } from './help.ts';
import { inputName, readJsonInput } from './input-stream.ts';
import { printJson } from './output.ts';
import { sayNormalized, type WorkArguments, withWorkOptions } from './problem-options.ts';
import { printTable } from './table.ts';
import { UnexpectedResult } from './unexpected-result.ts';
import { workProgress } from './work-progress.ts';

interface LawArguments extends WorkArguments {
  rule: string;
  target?: string;
  draft?: string;
  problem?: string;
  draftTokens?: number;
  fault?: string;
  json?: boolean;
}

/** `law`: the exact output law of a rule. */
export function lawCommand(): Command {
  const command = new Command('law')
    .optionsGroup('Rule:')
    .addOption(choice('--rule <name>', 'acceptance rule; see `rules`', [...RULES.keys()]).makeOptionMandatory())
    .addOption(choice('--fault <name>', 'plant a known fault; see `faults`', [...FAULTS.keys()]))
    .optionsGroup('Problem:')
    .option('--target <law>', 'the target’s probabilities, "2/5 3/10 0.3"')
    .option('--draft <law>', 'the drafter’s probabilities')
    .option('--draft-tokens <k>', 'length of the drafted chain (default: 1)', integer('draft-tokens'))
    .option('--problem <file>', 'distributions by prefix and the shape of drafts (spec/problem.schema.json)')
    .optionsGroup('Output:')
    .option('--json', 'print one JSON object');
  return withExamples(
    withWorkOptions(command),
    ['turbo-lora law --rule rejection --target "2/5 3/5" --draft "1/2 1/2"', 'the distribution of one round'],
    [
      'turbo-lora law --rule rejection --target "2/5 3/5" --draft "1/2 1/2" --fault resample-from-target',
      'what a known fault does to it',
    ],
  ).action(run);
}

async function run(args: LawArguments): Promise<void> {
  const rule = ruleNamed(args.rule);
  const fault = args.fault === undefined ? null : faultNamed(args.fault);
  const problem = await problemOf(args);
  sayNormalized(problem);
  const report = judged(problem, rule, fault, args.budget);
  if (args.json) printJson(shown(args, report));
  else print(report);
  if (!report.asClaimed) throw new UnexpectedResult('the distribution is not what the rule claims');
}

function judged(problem: Problem, rule: Rule, fault: Fault | null, budget: number | undefined): ExactReport {
  const { onProgress, done } = workProgress('enumerating');
  try {
    return exactReport(problem, rule, fault, { onProgress, ...(budget !== undefined && { budget }) });
  } finally {
    done();
  }
}

async function problemOf(args: LawArguments): Promise<Problem> {
  const { problem, target, draft, draftTokens = 1 } = args;
  const options = { normalize: args.normalize ?? false };
  if (problem !== undefined) {
    const other = ['target', 'draft', 'draftTokens'].find((key) => args[key as keyof LawArguments] !== undefined);
    if (other !== undefined)
      throw new ConflictError('--problem', 'none of --target, --draft and --draft-tokens with it', other);
    return problemFrom(await readJsonInput(problem), inputName(problem), options);
  }
  if (target === undefined || draft === undefined) {
    throw new OptionError(
      'laws',
      '--target and --draft, or --problem',
      target === undefined ? 'no target' : 'no draft',
    );
  }
  if (!Number.isInteger(draftTokens) || draftTokens < 0 || draftTokens > 64) {
    throw new OptionError('--draft-tokens', 'an integer in [0, 64]', `${draftTokens}`);
  }
  const laws = [target, draft].map((text) => text.trim().split(/[\s,]+/)) as [string[], string[]];
  for (const [i, law] of laws.entries()) for (const text of law) exactNumber(i === 0 ? '--target' : '--draft', text);
  const shape = { chain: draftTokens };
  return problemFrom({ vocabulary: laws[0].length, target: laws[0], draft: laws[1], shape }, 'laws', options);
}

function shown({ rule, fault }: LawArguments, report: ExactReport): Record<string, unknown> {
  const { claim, emitted, reference, certificate, law } = report;
  return {
    rule,
    ...(fault !== undefined && { fault }),
    claim,
    emitted: byToken(emitted),
    target: byToken(reference),
    total_variation: report.totalVariation.toFraction(),
    text_variation: report.textVariation.toFraction(),
    lossless: certificate.holds,
    accepted: byToken(law.accepted),
    expected_accepted: report.expectedAccepted.toFraction(),
    branches: law.branches,
    certificate: certificate.holds
      ? { holds: true, identities: certificate.identities.map(identity) }
      : { holds: false, violated: identity(certificate.violated) },
  };
}

function byToken(law: readonly Fraction[]): Record<string, string> {
  return Object.fromEntries(law.map((probability, token) => [token, probability.toFraction()]));
}

function identity({ prefix, token, left, right }: PrefixIdentity): Record<string, unknown> {
  return { after: prefix, token, left: left.toFraction(), right: right.toFraction() };
}

/** A fraction if it is short, otherwise the nearest decimal. */
function short(value: Fraction): string {
  const exact = value.toFraction();
  return exact.length <= 24 ? exact : `≈ ${nearestNumber(value).toPrecision(9)}`;
}

const CLAIMS: Readonly<Record<ExactReport['claim'], string>> = {
  law: 'the target distribution',
  text: 'the text of greedy decoding',
  no: 'nothing',
};

function print(report: ExactReport): void {
  const { emitted, reference, certificate, law, claim } = report;
  const rows = emitted.map((probability, token) => {
    const off = probability.sub(reference[token]!);
    return [`${token}`, short(probability), short(reference[token]!), off.compare(0) === 0 ? '0' : short(off)];
  });
  printTable(['token', 'emitted', claim === 'text' ? 'greedy' : 'target', 'difference'], rows, [0, 1, 2, 3]);
  printTable(
    ['of the round', ''],
    [
      ['claims', CLAIMS[claim]],
      ['total variation, first token', short(report.totalVariation)],
      ['total variation, whole texts', short(report.textVariation)],
      ['expected accepted tokens', short(report.expectedAccepted)],
      ['branches', `${law.branches}`],
      ['certificate', certificate.holds ? `${certificate.identities.length} identities hold` : 'violated'],
      ...(certificate.holds ? [] : [['first violated', violated(certificate.violated)]]),
    ],
  );
}

function violated({ prefix, token, left, right }: PrefixIdentity): string {
  return `token ${token} after [${prefix.join(' ')}]: ${short(left)}, not ${short(right)}`;
}
