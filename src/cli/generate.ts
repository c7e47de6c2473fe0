import { setImmediate } from 'node:timers/promises';
import { Command } from 'commander';
import { ConflictError } from '../errors.ts';
import type { Completion } from '../language-model/completion.ts';
import { describeDefaults, withDefaults } from '../language-model/defaults.ts';
import type { MaybeGiven } from '../language-model/given.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import { load } from '../language-model/load.ts';
import type { DraftSource, GenerateOptions } from '../language-model/options.ts';
import { givenOptions } from '../language-model/options.ts';
import { seededTape } from '../numerics/tape.ts';
import { ruleNamed } from '../verify/rules.ts';
import { adapterOptions, type DecodingArguments, withDecodingOptions } from './decoding-options.ts';
import { type Comparison, printComparisons, printCompletion, shown } from './generate-report.ts';
import { withExamples } from './help.ts';
import { printJson, progress, say } from './output.ts';
import { forEachPrompt, type GivenPrompt, type Prompt, promptsOf } from './prompts.ts';
import { samplingOptionsOf } from './sampling-options.ts';
import { TraceFile } from './trace.ts';
import { UnexpectedResult } from './unexpected-result.ts';

/** What the options of `generate` parse to. */
export interface GenerateArguments extends DecodingArguments {
  readonly model: string;
  readonly compare?: boolean;
}

/** `generate`: text from a model. */
export function generateCommand(): Command {
  const command = new Command('generate')
    .description('Generate text, plainly or speculatively.')
    .optionsGroup('Model:')
    .requiredOption('--model <dir>', 'folder of a Hugging Face checkpoint');
  return withExamples(
    withDecodingOptions(adapterOptions(command)).option('--compare', 'decode plainly too; exit 1 if the tokens differ'),
    ['turbo-lora generate --model ~/SmolLM2-135M --prompt "Once upon a time"', 'greedy text'],
    [
      'turbo-lora generate --model BASE --adapter TURBO --prompts in.jsonl --json',
      'many prompts, drafted by the adapter’s heads',
    ],
  ).action(generate);
}

/** Runs `generate`, or `compare` when both ways are asked for. */
export async function generate(args: GenerateArguments): Promise<void> {
  const prompts = await promptsOf(args);
  const trace = args.trace === undefined ? null : new TraceFile(args.trace);
  try {
    const same = await decodeAll(args, prompts, trace);
    trace?.save();
    if (!same) throw new UnexpectedResult('the two runs differ');
  } finally {
    trace?.discard();
  }
}

/** Whether the two runs gave the same tokens, where two were asked for. */
async function decodeAll(
  args: GenerateArguments,
  prompts: readonly GivenPrompt[],
  trace: TraceFile | null,
): Promise<boolean> {
  const model = await load(args.model, {
    ...(args.adapter !== undefined && { adapter: args.adapter }),
    ...(args.merge !== undefined && { merge: args.merge }),
    ...(args.generationConfig !== undefined && { generationConfig: args.generationConfig }),
  });
  for (const warning of model.warnings) say(`warning: ${warning}`);
  const options = await optionsOf(args, model);
  if (args.compare && options.draft === 'none') {
    throw new ConflictError('--compare', 'a drafter to compare with plain decoding', 'none');
  }
  forEachPrompt(prompts, (prompt) => model.check(prompt, options)); // before anything is printed
  for (const line of describeDefaults(model.generationDefaults, options)) say(line);
  const comparisons: Comparison[] = [];
  for (const [index, { prompt }] of prompts.entries()) {
    await setImmediate(); // signals are heard between prompts
    const decode = (name: string, more: MaybeGiven<GenerateOptions>): Promise<Completion> =>
      complete(model, prompt, { ...options, ...more }, `${name} ${index + 1}/${prompts.length}`, trace, {
        prompt: index,
        run: name,
      });
    if (!args.compare) {
      const completion = await decode('generate', {});
      if (args.json) printJson(shown(completion));
      else printCompletion(prompt, completion);
      continue;
    }
    const comparison = await compare(prompt, options, decode);
    comparisons.push(comparison);
    if (args.json) {
      const { plain, speculative, agree } = comparison;
      printJson({ prompt_tokens: plain.promptTokens, agree, plain: shown(plain), speculative: shown(speculative) });
    }
  }
  if (args.compare && !args.json) printComparisons(comparisons);
  return comparisons.every(({ agree }) => agree);
}

async function compare(
  prompt: Prompt,
  { verify }: GenerateOptions,
  decode: (name: string, more: MaybeGiven<GenerateOptions>) => Promise<Completion>,
): Promise<Comparison> {
  // Whatever concerns drafts is taken back; a rule that says how plain decoding draws is kept.
  const draws = typeof verify === 'object' && verify.draws !== undefined ? verify : null;
  const drafts = { draftTokens: null, draftTree: null, draftChoice: null };
  const plain = await decode('plain', { ...drafts, draft: 'none', verify: draws });
  const speculative = await decode('speculative', {});
  const agree =
    plain.tokens.length === speculative.tokens.length &&
    plain.tokens.every((token, i) => token === speculative.tokens[i]);
  return { prompt, plain, speculative, agree };
}

async function complete(
  model: LanguageModel,
  prompt: Prompt,
  options: MaybeGiven<GenerateOptions>,
  label: string,
  trace: TraceFile | null,
  tags: Record<string, unknown>,
): Promise<Completion> {
  const length = typeof prompt === 'string' ? model.encode(prompt).length : prompt.length;
  const bar = progress(label, withDefaults(model.generationDefaults, givenOptions(options), length).maxNewTokens);
  const recorder = trace?.record(tags, seededTape(options.seed ?? 0));
  try {
    return await model.complete(prompt, {
      ...options,
      ...(recorder && { tape: recorder.tape }),
      onStep: (step) => {
        bar.advance(step.emitted.length);
        recorder?.step(step);
      },
    });
  } finally {
    bar.done();
  }
}

async function optionsOf(args: GenerateArguments, model: LanguageModel): Promise<GenerateOptions> {
  const { seed, draftTokens, draftTree, verify, draftSample } = args;
  const given = {
    ...{ ...samplingOptionsOf({ ...args }), seed, draftTokens, draftTree },
    verify: verify === undefined ? undefined : ruleNamed(verify),
    draftChoice: draftSample ? ('sample' as const) : undefined,
    draft: await draftSource(args.draft, model),
  };
  // An absent option is left out, not passed as undefined.
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as GenerateOptions;
}

async function draftSource(text: string | undefined, model: LanguageModel): Promise<DraftSource> {
  if (text === undefined) return model.heads === null ? 'none' : 'turbo';
  return text.startsWith('model:') ? load(text.slice('model:'.length)) : (text as 'none' | 'turbo' | 'lookup');
}
