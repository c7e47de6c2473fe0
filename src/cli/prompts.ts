/**
 * Where prompts come from.
 * @packageDocumentation
 */
import { ConflictError, FormatError, TurboLoraError } from '../errors.ts';
import type { ChatMessage } from '../formats/chat-template.ts';
import { isObject, type JsonObject, kindOf } from '../formats/json.ts';
import { decodeUtf8 } from '../formats/json-text.ts';
import { quoted } from '../quoted.ts';
import { inputName, readInput } from './input-stream.ts';
import { jsonLines } from './json-lines.ts';
import { messagesFrom } from './messages.ts';

/** A prompt as text or as token ids. */
export type Prompt = string | readonly number[];

/** A prompt or a conversation, and its place in a file for messages: `in.jsonl line 3`. */
export interface GivenPrompt {
  readonly prompt: Prompt | readonly ChatMessage[];
  /** Name of the adapter that it chooses, null for the base alone; undefined when it does not say. */
  readonly adapter?: string | null;
  /** Null when the prompt itself is on the command line. */
  readonly where: string | null;
}

/** Where prompts come from: exactly one of these. A file may be `-`, standard input. */
export interface PromptSources {
  readonly prompt?: string;
  readonly tokens?: readonly number[];
  readonly prompts?: string;
  readonly promptFile?: string;
}

/** Limit on the bytes of all prompts together, because they are kept until they are decoded. */
const MOST = 2 ** 28;

/**
 * The prompts of a command line.
 * @throws {@link ConflictError} unless exactly one source is given; {@link MissingFileError} and {@link FormatError}
 * for a file that cannot be read, has more than 256 MB, or does not hold prompts.
 */
export async function promptsOf(sources: PromptSources): Promise<GivenPrompt[]> {
  const { prompt, tokens, prompts, promptFile } = sources;
  const given = [prompt, tokens, prompts, promptFile].filter((source) => source !== undefined).length;
  if (given !== 1) {
    throw new ConflictError('prompt', 'one of --prompt, --prompt-file, --tokens and --prompts', `${given} of them`);
  }
  if (prompts !== undefined) return readPrompts(prompts);
  if (promptFile !== undefined) return [{ prompt: await readPromptFile(promptFile), where: inputName(promptFile) }];
  return [{ prompt: prompt ?? tokens!, where: null }];
}

/**
 * Runs an action for each prompt. An error names the prompt it came from.
 * @throws whatever `action` throws, its label preceded by the place of the prompt.
 */
export function forEachPrompt(
  prompts: readonly GivenPrompt[],
  action: (prompt: GivenPrompt, index: number) => void,
): void {
  for (const [index, prompt] of prompts.entries()) {
    const { where } = prompt;
    try {
      action(prompt, index);
    } catch (error) {
      if (where === null || !(error instanceof TurboLoraError)) throw error;
      const kind = error.constructor as typeof TurboLoraError;
      throw new kind(`${where}: ${error.label}`, error.expected, error.got, { cause: error });
    }
  }
}

/** The text of a file. A final newline, which editors add, is not part of the prompt. */
async function readPromptFile(file: string): Promise<string> {
  return decodeUtf8(inputName(file), await readInput(file, MOST)).replace(/\r?\n$/, '');
}

/**
 * Reads JSON lines, each `{"prompt": "text"}`, `{"tokens": [1, 2]}` or `{"messages": […]}`, optionally with an
 * `adapter`; other keys are the reader's own.
 */
async function readPrompts(file: string): Promise<GivenPrompt[]> {
  const prompts: GivenPrompt[] = [];
  for await (const { value, where } of jsonLines(file, { most: MOST })) {
    if (!isObject(value)) throw new FormatError(where, EXPECTED, kindOf(value));
    prompts.push({ prompt: promptFrom(value, where), ...adapterFrom(value, where), where });
  }
  if (prompts.length === 0) throw new FormatError(inputName(file), 'at least one prompt', 'none');
  return prompts;
}

const EXPECTED = '{"prompt": "text"}, {"tokens": [ids]} or {"messages": [messages]}';

function promptFrom(value: JsonObject, where: string): GivenPrompt['prompt'] {
  const { prompt, tokens, messages } = value;
  if ([prompt, tokens, messages].filter((source) => source !== undefined).length === 1) {
    if (typeof prompt === 'string') return prompt;
    if (Array.isArray(tokens) && tokens.every((token) => Number.isInteger(token))) return tokens;
    if (messages !== undefined) return messagesFrom(messages, where);
  }
  throw new FormatError(where, EXPECTED, `{${Object.entries(value).map(shownMember).join(', ')}}`);
}

function adapterFrom({ adapter }: JsonObject, where: string): { adapter?: string | null } {
  if (adapter === undefined) return {};
  if (adapter === null || typeof adapter === 'string') return { adapter };
  throw new FormatError(`${where}: adapter`, 'a name or null', kindOf(adapter));
}

function shownMember([key, value]: [string, unknown]): string {
  return `${quoted(key)}: ${kindOf(value)}`;
}
