import { Command } from 'commander';
import type { GenerateOptions } from '../language-model/options.ts';
import { integer } from './arguments.ts';
import { type DecodingArguments, modelOptions, withDecodingOptions } from './decoding-options.ts';
import { type DecodingRun, decodingRun, type Request } from './decoding-run.ts';
import { printLogProbabilities, sayStatistics, shown, shownLogProbabilities } from './generate-report.ts';
import { withExamples } from './help.ts';
import { print, printJson, printText } from './output.ts';
import { type TimedGeneration, timedGeneration, withProgress } from './timed-generation.ts';

/** What the options of `generate` parse to. */
interface GenerateArguments extends DecodingArguments {
  readonly model: string;
  readonly logprobs?: number;
}

/** `generate`: text from a model. */
export function generateCommand(): Command {
  const command = new Command('generate')
    .description('Generate text, plainly or speculatively. The text comes as it is decoded.')
    .optionsGroup('Model:')
    .requiredOption('--model <dir>', 'folder of a Hugging Face checkpoint');
  return withExamples(
    withDecodingOptions(modelOptions(command)).option(
      '--logprobs <n>',
      'log-probability of each token and the n likeliest at its place',
      integer('logprobs'),
    ),
    ['turbo-lora generate --model ~/SmolLM2-135M --prompt "Once upon a time"', 'greedy text'],
    ['turbo-lora generate --model ~/SmolLM2-135M-Instruct --chat --prompt "Hi!"', 'one turn of a chat'],
    [
      'turbo-lora generate --model BASE --adapter TURBO --prompts in.jsonl --json',
      'many prompts, drafted by the adapter’s heads',
    ],
    [
      'turbo-lora generate --model BASE --adapter a=DIR --adapter b=DIR --prompts in.jsonl',
      'lines such as {"prompt": "…", "adapter": "b"}',
    ],
  ).action(generate);
}

async function generate(args: GenerateArguments): Promise<void> {
  const more = args.logprobs === undefined ? {} : { logProbabilities: args.logprobs };
  await decodingRun(args, more, async (run) => {
    for (const index of run.requests.keys()) await answer(run, index, args);
  });
}

async function answer(run: DecodingRun, index: number, args: GenerateArguments): Promise<void> {
  const request = run.requests[index]!;
  const { adapter } = request.choice;
  const options = run.listened(request.options, { prompt: index, run: 'generate' });
  if (args.json) {
    const timed = await withProgress(`prompt ${index + 1}/${run.requests.length}`, request, options);
    printJson({
      ...(adapter && { adapter: adapter.name }),
      ...shown(timed),
      ...(args.logprobs !== undefined && { logprobs: shownLogProbabilities(timed.tokens) }),
      load_ms: run.loadMilliseconds,
    });
    return;
  }
  const timed = await streamed(request, options);
  if (args.logprobs !== undefined) {
    const { tokenizer } = request.choice.model;
    printLogProbabilities(timed.tokens, (id) =>
      tokenizer === null ? `${id}` : JSON.stringify(tokenizer.decode([id])),
    );
  }
  sayStatistics(timed, run.loadMilliseconds);
}

/** Writes the text on stdout as it comes; token ids where there is no tokenizer. */
async function streamed(request: Request, options: GenerateOptions): Promise<TimedGeneration> {
  const { model } = request.choice;
  let between = '';
  const timed = await timedGeneration(request, options, ({ id, text }) => {
    if (model.tokenizer !== null) printText(text);
    else print(`${between}${id}`);
    between = ',';
  });
  print('\n');
  return timed;
}
