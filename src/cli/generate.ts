import { Command } from 'commander';
import { integer } from './arguments.ts';
import { type DecodingArguments, modelOptions, withDecodingOptions } from './decoding-options.ts';
import { type DecodingRun, decodingRun, type Request } from './decoding-run.ts';
import { printLogProbabilities, sayStatistics, shown, shownLogProbabilities, textOf } from './generate-report.ts';
import { withExamples } from './help.ts';
import { print, printJson, printText } from './output.ts';
import { type TimedGeneration, timedBatch, timedGeneration, withProgress } from './timed-generation.ts';

/** What the options of `generate` parse to. */
interface GenerateArguments extends DecodingArguments {
  readonly model: string;
  readonly logprobs?: number;
  readonly batch?: number;
}

/** `generate`: text from a model. */
export function generateCommand(): Command {
  const command = new Command('generate')
    .optionsGroup('Model:')
    .requiredOption('--model <dir>', 'folder of a Hugging Face checkpoint');
  return withExamples(
    withDecodingOptions(modelOptions(command))
      .option(
        '--logprobs <n>',
        'log-probability of each token and the n most likely tokens at its position',
        integer('logprobs', 0),
      )
      .option(
        '--batch <n>',
        'decode n prompts at a time in shared passes, and print their texts when all are done',
        integer('batch', 1),
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
    const requests = run.requests.map((request, index) => ({
      ...request,
      options: run.listened(request.options, { prompt: index, run: 'generate' }),
    }));
    if (args.batch !== undefined) {
      const answers = await timedBatch(run.model, requests, args.batch);
      for (const [index, timed] of answers.entries()) answer(run, requests[index]!, timed, args, false);
      return;
    }
    for (const [index, request] of requests.entries()) {
      const label = `prompt ${index + 1}/${requests.length}`;
      const timed = args.json ? await withProgress(label, request, request.options) : await streamed(request);
      answer(run, request, timed, args, true);
    }
  });
}

/** Prints a completion, or the rest of it when its text has been streamed. */
function answer(
  run: DecodingRun,
  { adapter, model }: Request,
  timed: TimedGeneration,
  args: GenerateArguments,
  isStreamed: boolean,
): void {
  if (args.json) {
    printJson({
      ...(adapter && { adapter: adapter.name }),
      ...shown(timed),
      ...(args.logprobs !== undefined && { logprobs: shownLogProbabilities(timed.tokens) }),
      load_ms: run.loadMilliseconds,
      backend: model.backend.name,
    });
    return;
  }
  if (!isStreamed) printText(`${textOf(timed.completion)}\n`);
  if (args.logprobs !== undefined) {
    const { tokenizer } = model;
    printLogProbabilities(timed.tokens, (id) =>
      tokenizer === null ? `${id}` : JSON.stringify(tokenizer.decode([id])),
    );
  }
  sayStatistics(timed, run.loadMilliseconds, model.backend.name);
}

/** Writes the text on stdout as it is decoded; token ids when there is no tokenizer. */
async function streamed(request: Request): Promise<TimedGeneration> {
  const { model } = request;
  let between = '';
  const timed = await timedGeneration(request, request.options, ({ id, text }) => {
    if (model.tokenizer !== null) printText(text);
    else print(`${between}${id}`);
    between = ',';
  });
  print('\n');
  return timed;
}
