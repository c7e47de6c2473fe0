import { Command, Option } from 'commander';
import { ConflictError, OptionError } from '../errors.ts';
import type { Completion, LanguageModel } from '../language-model/language-model.ts';
import { load } from '../language-model/load.ts';
import type { DraftSource, GenerateOptions } from '../language-model/options.ts';
import { seededTape } from '../numerics/tape.ts';
import { RULES } from '../verify/rules.ts';
import { collect, embedded, integers, number } from './arguments.ts';
import { type Comparison, printComparisons, printCompletion, shown } from './generate-report.ts';
import { printJson, progress, say } from './output.ts';
import { type Prompt, promptsOf } from './prompts.ts';
import { TraceFile } from './trace.ts';
import { UnexpectedResult } from './unexpected-result.ts';

interface GenerateArguments {
  model: string;
  adapter?: string;
  prompt?: string;
  tokens?: number[];
  prompts?: string;
  maxNewTokens?: number;
  temperature?: number;
  topK?: number;
  topP?: number;
  minP?: number;
  repetitionPenalty?: number;
  frequencyPenalty?: number;
  presencePenalty?: number;
  minNewTokens?: number;
  ban?: number[];
  stop?: string[];
  seed?: number;
  draft?: string;
  draftTokens?: number;
  draftTree?: number[];
  draftSample?: boolean;
  verify?: string;
  merge?: boolean;
  compare?: boolean;
  trace?: string;
  json?: boolean;
}

function withOptions(command: Command): Command {
  const rules = [...RULES.keys()].join(' | ');
  return command
    .option('--adapter <dir>', 'folder of a LoRA, of speculative heads, or of both (a Turbo LoRA)')
    .option('--merge', 'fold the LoRA into the weights first')
    .option('--prompt <text>', 'one prompt')
    .addOption(new Option('--tokens <ids>', 'one prompt as token ids, 1,2,3').argParser(integers('tokens')))
    .option('--prompts <file>', 'JSON lines, each {"prompt": "…"} or {"tokens": [1,2]}')
    .option('--max-new-tokens <n>', 'tokens to generate at most (default 128)', number('max-new-tokens'))
    .option('--temperature <t>', '0 is greedy (default 0)', number('temperature'))
    .option('--top-k <n>', 'keep the n most likely tokens', number('top-k'))
    .option('--top-p <p>', 'keep the smallest set of tokens of mass p', number('top-p'))
    .option('--min-p <p>', 'keep tokens of at least p times the largest probability', number('min-p'))
    .option('--repetition-penalty <r>', 'divides the logits of tokens in the text', number('repetition-penalty'))
    .option('--frequency-penalty <f>', 'per generated occurrence', number('frequency-penalty'))
    .option('--presence-penalty <f>', 'per generated token, once', number('presence-penalty'))
    .option('--min-new-tokens <n>', 'no end of text before', number('min-new-tokens'))
    .addOption(new Option('--ban <ids>', 'tokens that are never generated').argParser(integers('ban')))
    .option('--stop <text>', 'end when this text is complete (may be repeated)', collect)
    .option('--seed <n>', 'names the random tape (default 0)', number('seed'))
    .option('--draft <who>', 'none | turbo | lookup | model:DIR (default: turbo if the adapter has heads, else none)')
    .option('--draft-tokens <k>', 'drafted tokens per round (default: one per head, else 4)', number('draft-tokens'))
    .addOption(
      new Option('--draft-tree <counts>', 'children per depth of a drafted tree, 3,2,1').argParser(
        integers('draft-tree'),
      ),
    )
    .option('--draft-sample', 'draw drafts from the drafter’s law instead of taking its most likely tokens')
    .option('--verify <rule>', `${rules} (default match); the command \`rules\` says what each guarantees`)
    .option('--trace <file>', 'write one JSON line per pass through the target: drafts, emitted tokens, uniforms')
    .option('--json', 'one JSON object per prompt on stdout');
}

/** `generate`: text from a model. */
export function generateCommand(): Command {
  return withOptions(
    new Command('generate')
      .description('Generate text, plainly or speculatively.')
      .requiredOption('--model <dir>', 'folder of a Hugging Face checkpoint'),
  )
    .option('--compare', 'decode plainly too, and say whether the tokens are the same (exit 1 if not)')
    .action(run);
}

/** `compare`: plain against speculative decoding, on the embedded model unless another is named. */
export function compareCommand(): Command {
  return withOptions(
    new Command('compare')
      .description('Decode plainly and speculatively; same tokens, fewer passes? Without --model: the embedded model.')
      .option('--model <dir>', 'folder of a Hugging Face checkpoint'),
  ).action((args: Partial<GenerateArguments>) => {
    if (args.model !== undefined) return run({ ...args, model: args.model, compare: true });
    const noPrompt = args.prompt === undefined && args.tokens === undefined && args.prompts === undefined;
    return run({
      adapter: embedded('adapter'),
      ...(noPrompt && { prompts: embedded('prompts.jsonl') }),
      ...args,
      model: embedded('base'),
      compare: true,
    });
  });
}

async function run(args: GenerateArguments): Promise<void> {
  const prompts = promptsOf(args);
  const model = await load(args.model, {
    ...(args.adapter !== undefined && { adapter: args.adapter }),
    ...(args.merge !== undefined && { merge: args.merge }),
  });
  for (const warning of model.warnings) say(`warning: ${warning}`);
  const options = await optionsOf(args, model);
  if (args.compare && options.draft === 'none') {
    throw new ConflictError('--compare', 'a drafter to compare with plain decoding', 'none');
  }
  for (const prompt of prompts) model.check(prompt, options); // before anything is printed
  const trace = args.trace === undefined ? null : new TraceFile(args.trace);
  const comparisons: Comparison[] = [];
  for (const [index, prompt] of prompts.entries()) {
    const decode = (name: string, more: GenerateOptions): Completion =>
      complete(model, prompt, { ...options, ...more }, `${name} ${index + 1}/${prompts.length}`, trace, {
        prompt: index,
        run: name,
      });
    if (!args.compare) {
      const completion = decode('generate', {});
      if (args.json) printJson(shown(completion));
      else printCompletion(prompt, completion);
      continue;
    }
    const comparison = compare(prompt, decode);
    comparisons.push(comparison);
    if (args.json) {
      const { plain, speculative, agree } = comparison;
      printJson({ prompt_tokens: plain.promptTokens, agree, plain: shown(plain), speculative: shown(speculative) });
    }
  }
  trace?.save();
  if (args.compare && !args.json) printComparisons(comparisons);
  if (comparisons.some(({ agree }) => !agree)) throw new UnexpectedResult('the two runs differ');
}

function compare(prompt: Prompt, decode: (name: string, more: GenerateOptions) => Completion): Comparison {
  const plain = decode('plain', PLAIN);
  const speculative = decode('speculative', {});
  const agree =
    plain.tokens.length === speculative.tokens.length &&
    plain.tokens.every((token, i) => token === speculative.tokens[i]);
  return { prompt, plain, speculative, agree };
}

// Spread over the options: whatever concerns drafts is taken back.
const PLAIN = {
  draft: 'none',
  draftTokens: undefined,
  draftTree: undefined,
  draftChoice: undefined,
} as unknown as GenerateOptions;

function complete(
  model: LanguageModel,
  prompt: Prompt,
  options: GenerateOptions,
  label: string,
  trace: TraceFile | null,
  tags: Record<string, unknown>,
): Completion {
  const bar = progress(label, options.maxNewTokens ?? 128);
  const recorder = trace?.record(tags, seededTape(options.seed ?? 0));
  try {
    return model.complete(prompt, {
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
  const { maxNewTokens, temperature, topK, topP, minP, repetitionPenalty, frequencyPenalty, presencePenalty } = args;
  const { minNewTokens, seed, draftTokens, draftTree, verify, draftSample } = args;
  const given = {
    ...{ maxNewTokens, temperature, topK, topP, minP, repetitionPenalty, frequencyPenalty, presencePenalty },
    ...{ minNewTokens, seed, draftTokens, draftTree, verify, bannedTokens: args.ban, stopStrings: args.stop },
    draftChoice: draftSample ? ('sample' as const) : undefined,
    draft: await draftSource(args.draft, model),
  };
  // An absent option is left out, not passed as undefined.
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as GenerateOptions;
}

async function draftSource(text: string | undefined, model: LanguageModel): Promise<DraftSource> {
  if (text === undefined) return model.heads === null ? 'none' : 'turbo';
  if (text === 'none' || text === 'turbo' || text === 'lookup') return text;
  if (text.startsWith('model:')) return load(text.slice('model:'.length));
  throw new OptionError('--draft', 'none, turbo, lookup or model:DIR', text);
}
