import { readFileSync } from 'node:fs';
import { ConflictError, FormatError, MissingFileError } from '../errors.ts';

/** A prompt as a text or as token ids. */
export type Prompt = string | readonly number[];

/** Where prompts come from: exactly one of these. */
export interface PromptSources {
  readonly prompt?: string;
  readonly tokens?: readonly number[];
  readonly prompts?: string;
}

/**
 * The prompts of a command line.
 * @throws {@link ConflictError} when not exactly one source is given; {@link MissingFileError} and {@link FormatError} for a prompts file.
 */
export function promptsOf({ prompt, tokens, prompts }: PromptSources): Prompt[] {
  const given = [prompt, tokens, prompts].filter((source) => source !== undefined);
  if (given.length !== 1) {
    throw new ConflictError('prompt', 'one of --prompt, --tokens and --prompts', `${given.length} of them`);
  }
  if (prompts !== undefined) return readPrompts(prompts);
  return [prompt ?? tokens!];
}

/** Reads JSON lines, each `{"prompt": "text"}` or `{"tokens": [1, 2]}`; other keys are the reader's own. */
function readPrompts(file: string): Prompt[] {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    throw new MissingFileError('--prompts', 'a readable file', file, { cause: error });
  }
  const lines = content.split('\n').map((line, i) => ({ line, where: `${file} line ${i + 1}` }));
  const filled = lines.filter(({ line }) => line.trim() !== '');
  if (filled.length === 0) throw new FormatError(file, 'at least one prompt', 'none');
  return filled.map(({ line, where }) => parsePrompt(line, where));
}

function parsePrompt(line: string, where: string): Prompt {
  const expected = '{"prompt": "text"} or {"tokens": [ids]}';
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new FormatError(where, expected, 'no JSON', { cause: error });
  }
  const { prompt, tokens } = (value ?? {}) as { prompt?: unknown; tokens?: unknown };
  if (typeof prompt === 'string' && tokens === undefined) return prompt;
  if (prompt === undefined && Array.isArray(tokens) && tokens.every((token) => Number.isInteger(token))) return tokens;
  throw new FormatError(where, expected, line.slice(0, 80));
}
