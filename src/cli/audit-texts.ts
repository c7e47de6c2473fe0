import { Command, Option } from 'commander';
import { ConflictError, FormatError } from '../errors.ts';
import { isObject, type JsonObject, kindOf } from '../formats/json.ts';
import { describeDefaults } from '../language-model/defaults.ts';
import { TextAudit } from '../law/audit/text-audit.ts';
import { integers, number } from './arguments.ts';
import { printTextAudit, sayTextsNeeded, textAuditReport } from './audit-texts-report.ts';
import { type DecodingArguments, generateOptions, modelOptions } from './decoding-options.ts';
import { withExamples } from './help.ts';
import { inputName } from './input-stream.ts';
import { jsonLines } from './json-lines.ts';
import { loadModel } from './models.ts';
import { printJson, say } from './output.ts';
import { type Prompt, promptsOf } from './prompts.ts';
import { withSamplingOptions } from './sampling-options.ts';
import { UnexpectedResult } from './unexpected-result.ts';

interface TextArguments extends DecodingArguments {
  readonly model: string;
  readonly texts: string;
  readonly falseAlarm: number;
}

/** `audit texts`: judges an engine that can only generate. */
export function auditTextsCommand(): Command {
  const command = new Command('texts')
    .description(
      'Judge sampled completions of one prompt, prefix by prefix, against the exact distribution of a model: is the engine lossless, temperature, filters and penalties included? Exit code 1 if not.',
    )
    .optionsGroup('Model:')
    .requiredOption('--model <dir>', 'folder of the Hugging Face checkpoint that the engine runs');
  modelOptions(command)
    .optionsGroup('Texts:')
    .requiredOption(
      '--texts <file>',
      'JSON lines, each the token ids of one completion, its end token included: [1,2,3], or {"tokens": [1,2,3], "times": 4}; - for standard input',
    )
    .option('--prompt <text>', 'the prompt')
    .addOption(new Option('--tokens <ids>', 'the prompt as token ids, 1,2,3').argParser(integers('tokens')))
    .option('--prompt-file <file>', 'the prompt, read from a text file');
  for (const group of ['Length', 'Sampling', 'Penalties and bans'] as const) withSamplingOptions(command, group);
  command
    .option('--no-generation-config', 'ignore generation_config.json, except for its end-of-text tokens')
    .optionsGroup('Test:')
    .addOption(falseAlarmOption())
    .optionsGroup('Output:')
    .option('--json', 'print one JSON object');
  return withExamples(
    command,
    [
      'my-engine | turbo-lora audit texts --model DIR --tokens 14,13 --temperature 1 --max-new-tokens 5 --texts -',
      'texts as they arrive; first says how many it takes',
    ],
    [
      'turbo-lora audit texts --model DIR --prompt "Hi" --temperature 0.6 --top-k 20 --max-new-tokens 3 --texts texts.jsonl',
      'with the settings that the engine was given',
    ],
  ).action(run);
}

/** `--false-alarm`. */
export function falseAlarmOption(): Option {
  return new Option('--false-alarm <rate>', 'probability that a test ever raises an alarm on a correct engine')
    .argParser(number('false-alarm'))
    .default(1e-6, '1e-6');
}

async function run(args: TextArguments): Promise<void> {
  const prompt = await promptOf(args);
  const { model, choose } = await loadModel(args);
  const options = { ...generateOptions(args), ...choose(undefined).options };
  for (const line of describeDefaults(model.generationDefaults, options)) say(line);
  const input = model.completionLaw(prompt, options);
  const audit = new TextAudit({ ...input, falseAlarm: args.falseAlarm });
  sayTextsNeeded(audit);
  for await (const { value, where } of jsonLines(args.texts)) {
    const { tokens, times } = textFrom(value, where);
    if (times === null) audit.observe(tokens, where);
    else audit.count(tokens, times, where);
  }
  if (audit.texts === 0) throw new FormatError(inputName(args.texts), 'at least one text', 'none');
  audit.look();
  const report = textAuditReport(audit, input.maxTokens);
  if (args.json) printJson(report);
  else printTextAudit(report, (token) => model.tokenizer?.decode([token]) ?? null);
  if (audit.hasAlarm) throw new UnexpectedResult('the texts raised an alarm');
}

async function promptOf({ prompt, tokens, promptFile, texts }: TextArguments): Promise<Prompt> {
  const given = [prompt, tokens, promptFile].filter((source) => source !== undefined).length;
  if (given !== 1) throw new ConflictError('prompt', 'one of --prompt, --tokens and --prompt-file', `${given} of them`);
  if (promptFile === '-' && texts === '-') {
    throw new ConflictError('--texts', 'an input other than that of --prompt-file', 'standard input for both');
  }
  if (promptFile === undefined) return prompt ?? tokens!;
  const [read] = await promptsOf({ promptFile });
  return read!.prompt as string;
}

/** Reads a line: a list of token ids, or an object with `tokens` and `times`. */
function textFrom(value: unknown, where: string): { readonly tokens: number[]; readonly times: number | null } {
  if (!isObject(value)) return { tokens: tokensFrom(value, where), times: null };
  const { tokens, times, ...others } = value as JsonObject;
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) throw new FormatError(`${where}: ${unknown}`, 'no key but tokens and times', 'one');
  if (times !== undefined && typeof times !== 'number')
    throw new FormatError(`${where}: times`, 'a number', kindOf(times));
  return { tokens: tokensFrom(tokens, where), times: times ?? null };
}

function tokensFrom(value: unknown, where: string): number[] {
  if (Array.isArray(value) && value.every((token) => typeof token === 'number')) return value;
  throw new FormatError(where, 'token ids, [1,2,3] or {"tokens": [1,2,3], "times": 4}', kindOf(value));
}
