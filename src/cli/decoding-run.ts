/**
 * From the arguments of `generate` or `compare` to requests that are ready to decode.
 * @packageDocumentation
 */

import { seededTape } from '../chance/seeded-tape.ts';
import { ConflictError } from '../errors.ts';
import type { Tokenizer } from '../formats/tokenizer.ts';
import { describeDefaults, withDefaults } from '../language-model/defaults.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import { load } from '../language-model/node.ts';
import type { DraftSource, GenerateOptions } from '../language-model/options.ts';
import { type Chat, conversationOf, encodedChats, isConversation } from './chat.ts';
import type { DecodingArguments } from './decoding-options.ts';
import { generateOptions } from './decoding-options.ts';
import { type AdapterChoice, loadModel, type Model, type NamedAdapter } from './models.ts';
import { say } from './output.ts';
import { forEachPrompt, type GivenPrompt, type Prompt, promptsOf } from './prompts.ts';
import { TraceFile } from './trace.ts';

/** One prompt, ready to be decoded. */
export interface Request {
  readonly prompt: Prompt;
  /** The prompt as given, for display. */
  readonly asked: string;
  readonly model: LanguageModel;
  /** Null for the base alone. */
  readonly adapter: NamedAdapter | null;
  readonly options: GenerateOptions;
}

/** All prompts of a command line, checked, with their models loaded. */
export interface DecodingRun {
  readonly model: LanguageModel;
  readonly requests: readonly Request[];
  readonly loadMilliseconds: number;
  readonly trace: TraceFile | null;
  /** The options of a request, whose passes are written to the trace if there is one. */
  listened(options: GenerateOptions, tags: Record<string, unknown>): GenerateOptions;
}

/** The arguments of a command with a model. */
export type RunArguments = DecodingArguments & { readonly model: string };

/**
 * Reads prompts, loads models and checks every request, then runs `work`. The trace is kept only if everything
 * succeeded.
 * @throws {@link ConflictError} for options that exclude each other, and what reading, loading, checking and `work`
 * throw.
 */
export async function decodingRun(
  args: RunArguments,
  more: GenerateOptions,
  work: (run: DecodingRun) => Promise<void>,
): Promise<void> {
  checkChatOptions(args);
  if (args.traceLaws && args.trace === undefined) throw new ConflictError('--trace-laws', 'a trace (--trace)', 'none');
  const given = await promptsOf(args);
  const trace = args.trace === undefined ? null : new TraceFile(args.trace);
  try {
    const model = await loadModel(args);
    const requests = await requestsOf(given, model, args, {
      ...generateOptions(args),
      ...(await draftOf(args)),
      ...(args.traceLaws && { recordLaws: true }),
      ...more,
    });
    forEachPrompt(given, (_, i) => requests[i]!.model.check(requests[i]!.prompt, requests[i]!.options));
    sayDefaults(requests);
    const listened: DecodingRun['listened'] = (options, tags) =>
      trace === null ? options : traced(trace, options, tags);
    await work({ requests, model: model.model, loadMilliseconds: model.loadMilliseconds, trace, listened });
    trace?.save();
  } finally {
    trace?.discard();
  }
}

/** What the model's folder sets is printed once. */
function sayDefaults(requests: readonly Request[]): void {
  const lines = requests.flatMap(({ model, options }) => describeDefaults(model.generationDefaults, options));
  for (const line of new Set(lines)) say(line);
}

/** The options with what the model's folder sets. @throws {@link ContextLimitError} as {@link withDefaults} does. */
export function settingsOf({ model, prompt, options }: Request): ReturnType<typeof withDefaults<GenerateOptions>> {
  const { length } = typeof prompt === 'string' ? model.encode(prompt) : prompt;
  return withDefaults(model.generationDefaults, options, length);
}

function traced(trace: TraceFile, options: GenerateOptions, tags: Record<string, unknown>): GenerateOptions {
  const recorder = trace.record(tags, seededTape(options.seed ?? 0));
  return { ...options, tape: recorder.tape, onStep: (step) => recorder.step(step) };
}

async function draftOf({ draft, backend }: DecodingArguments): Promise<{ draft?: DraftSource }> {
  if (draft === undefined) return {};
  if (draft.startsWith('model:')) return { draft: await load(draft.slice('model:'.length), { backend }) };
  return { draft: draft as 'none' | 'turbo' | 'lookup' };
}

async function requestsOf(
  given: readonly GivenPrompt[],
  model: Model,
  args: RunArguments,
  options: GenerateOptions,
): Promise<Request[]> {
  const choices: AdapterChoice[] = [];
  forEachPrompt(given, ({ adapter }) => choices.push(model.choose(adapter)));
  const prompts = args.chat ? await chatPrompts(given, choices, args, model.model.tokenizer) : given.map(plainPrompt);
  return given.map((one, i) => {
    const { adapter, hasHeads, options: choice } = choices[i]!;
    const draft = options.draft ?? (hasHeads ? 'turbo' : 'none');
    return {
      prompt: prompts[i]!,
      asked: askedText(one),
      model: model.model,
      adapter,
      options: { ...options, ...choice, draft },
    };
  });
}

function plainPrompt({ prompt, where }: GivenPrompt): Prompt {
  if (!isConversation(prompt)) return prompt;
  throw new ConflictError(`${where}: messages`, '--chat, which applies the chat template', 'no --chat');
}

async function chatPrompts(
  given: readonly GivenPrompt[],
  choices: readonly AdapterChoice[],
  { model, system }: RunArguments,
  tokenizer: Tokenizer | null,
): Promise<Prompt[]> {
  const chats: Chat[] = [];
  forEachPrompt(given, ({ prompt }, i) => {
    const { adapter } = choices[i]!;
    const folders = adapter === null ? [model] : [model, adapter.folder];
    chats.push({ messages: conversationOf(prompt, system), folders, tokenizer });
  });
  return encodedChats(chats);
}

function askedText({ prompt }: GivenPrompt): string {
  if (typeof prompt === 'string') return prompt;
  if (!isConversation(prompt)) return `tokens ${prompt.join(',')}`;
  return prompt.map(({ role, content }) => `${role}: ${content ?? ''}`).join('\n');
}

function checkChatOptions({ chat, system, tokens }: DecodingArguments): void {
  if (system !== undefined && !chat) throw new ConflictError('--system', '--chat', 'no --chat');
  if (chat && tokens !== undefined) throw new ConflictError('--chat', 'text or messages', '--tokens');
}
