import { Command } from 'commander';
import { ConflictError, OptionError } from '../errors.ts';
import { LIBRARY_DEFAULTS } from '../language-model/defaults.ts';
import { embeddedFolder } from '../language-model/node.ts';
import type { GenerateOptions } from '../language-model/options.ts';
import type { Rule } from '../verify/rule.ts';
import { type RuleName, ruleNamed } from '../verify/rules.ts';
import { integer } from './arguments.ts';
import { type Compared, isUnexpected, printComparisons, shownComparison } from './compare-report.ts';
import { type Comparison, compareAll, expectationOf } from './comparison.ts';
import { type DecodingArguments, modelOptions, withDecodingOptions } from './decoding-options.ts';
import { type DecodingRun, decodingRun, type Request, type RunArguments, settingsOf } from './decoding-run.ts';
import { withExamples } from './help.ts';
import { printJson } from './output.ts';
import { withProgress } from './timed-generation.ts';
import { UnexpectedResult } from './unexpected-result.ts';

/** What the options of `compare` parse to. */
interface CompareArguments extends DecodingArguments {
  readonly model?: string;
  readonly runs: number;
}

const RUNS = 3;
const MOST_RUNS = 1000;

/** `compare`: plain against speculative decoding, on the embedded model unless another is named. */
export function compareCommand(): Command {
  const command = new Command('compare')
    .optionsGroup('Model:')
    .option('--model <dir>', 'folder of a Hugging Face checkpoint');
  const whole = withDecodingOptions(modelOptions(command))
    .optionsGroup('Comparison:')
    .option('--runs <n>', `how many times to decode each prompt each way (default: ${RUNS})`, integer('runs'), RUNS);
  return withExamples(
    whole,
    ['turbo-lora compare', 'the embedded model on its own prompts'],
    ['turbo-lora compare --draft lookup --runs 9', 'another drafter, more timed runs'],
    ['turbo-lora compare --temperature 1 --verify rejection', 'a rule that preserves the distribution, not the text'],
  ).action(compare);
}

async function compare(args: CompareArguments): Promise<void> {
  if (args.runs < 1 || args.runs > MOST_RUNS) {
    throw new OptionError('--runs', `an integer in [1, ${MOST_RUNS}]`, `${args.runs}`);
  }
  const rule = ruleNamed(args.verify ?? LIBRARY_DEFAULTS.verify);
  let unexpected = false;
  await decodingRun(onEmbeddedModel(args), {}, async (run) => {
    for (const { options } of run.requests) {
      if (options.draft === 'none')
        throw new ConflictError('compare', 'a drafter to compare with plain decoding', 'none');
    }
    const comparisons = await compareAll(run.requests.length, args.runs, decoderOf(run, args.runs, rule));
    const compared = {
      drafter: drafterName(run.requests[0]!, args),
      rule: rule.name,
      expectation: expectationOf(rule, settingsOf(run.requests[0]!).temperature ?? 0),
      asked: run.requests.map(({ asked }) => asked),
    };
    report(run, comparisons, args, compared);
    unexpected = isUnexpected(comparisons, compared.expectation);
  });
  if (unexpected) throw new UnexpectedResult('texts differ that must be equal');
}

function drafterName({ options }: Request, { draft }: CompareArguments): string {
  return draft?.startsWith('model:') ? 'draft model' : String(options.draft);
}

function report(
  run: DecodingRun,
  comparisons: readonly Comparison[],
  args: CompareArguments,
  compared: Compared,
): void {
  if (args.json) {
    for (const comparison of comparisons)
      printJson({ ...shownComparison(comparison, compared), load_ms: run.loadMilliseconds });
  } else {
    printComparisons(comparisons, compared);
  }
}

function onEmbeddedModel(args: CompareArguments): RunArguments {
  if (args.model !== undefined) return { ...args, model: args.model };
  const { prompt, tokens, prompts, promptFile } = args;
  const given = [prompt, tokens, prompts, promptFile].some((source) => source !== undefined);
  return {
    adapter: [embeddedFolder('adapter')],
    ...(!given && { prompts: embeddedFolder('prompts.jsonl') }),
    ...args,
    model: embeddedFolder('base'),
  };
}

/** Decodes one prompt one way. The trace records the first timed run of each side. */
function decoderOf(run: DecodingRun, runs: number, rule: Rule): Parameters<typeof compareAll>[2] {
  return (index, side, pass) => {
    const request = run.requests[index]!;
    const options = side === 'plain' ? plainly(request.options, rule) : request.options;
    const traced = pass === 0 ? run.listened(options, { prompt: index, run: side }) : options;
    const of = pass === null ? 'warming up' : `prompt ${index + 1}/${run.requests.length}, run ${pass + 1}/${runs}`;
    return withProgress(`${of}, ${side}`, request, traced);
  };
}

/**
 * The same without a drafter. The rule stays, because one that draws in its own way makes plain decoding draw that way
 * too.
 */
function plainly(options: GenerateOptions, { draws, name }: Rule): GenerateOptions {
  const {
    draft: _draft,
    draftTokens: _tokens,
    draftTree: _tree,
    draftChoice: _choice,
    verify: _verify,
    ...rest
  } = options;
  return { ...rest, draft: 'none', ...(draws !== undefined && { verify: name as RuleName }) };
}
