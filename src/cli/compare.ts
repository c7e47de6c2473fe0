import { Command } from 'commander';
import { embedded } from './arguments.ts';
import { adapterOptions, withDecodingOptions } from './decoding-options.ts';
import { type GenerateArguments, generate } from './generate.ts';
import { withExamples } from './help.ts';

/** `compare`: plain against speculative decoding, on the embedded model unless another is named. */
export function compareCommand(): Command {
  const command = new Command('compare')
    .description('Decode plainly and speculatively, side by side. Without --model: the embedded model.')
    .optionsGroup('Model:')
    .option('--model <dir>', 'folder of a Hugging Face checkpoint');
  return withExamples(
    withDecodingOptions(adapterOptions(command)),
    ['turbo-lora compare', 'the embedded model on its own prompts'],
    ['turbo-lora compare --draft lookup --prompt "a b c a b"', 'another drafter'],
  ).action((args: Partial<GenerateArguments>) => {
    if (args.model !== undefined) return generate({ ...args, model: args.model, compare: true });
    const { prompt, promptFile, tokens, prompts } = args;
    const noPrompt = [prompt, promptFile, tokens, prompts].every((source) => source === undefined);
    return generate({
      adapter: embedded('adapter'),
      ...(noPrompt && { prompts: embedded('prompts.jsonl') }),
      ...args,
      model: embedded('base'),
      compare: true,
    });
  });
}
