/**
 * From conversations to prompts, by the chat template of a model folder.
 * @packageDocumentation
 */
import { ConflictError, OptionError } from '../errors.ts';
import { renderInProcess } from '../formats/chat-template/node.ts';
import { type ChatMessage, hasChatTemplate, readChatTemplate, renderChats } from '../formats/chat-template.ts';
import { folderAt } from '../formats/folder/node.ts';
import type { Tokenizer } from '../formats/tokenizer.ts';
import type { GivenPrompt } from './prompts.ts';

/**
 * A prompt as a conversation: a plain text becomes the user's message, and `system` comes first.
 * @throws {@link ConflictError} for token ids, and for a second system message.
 */
export function conversationOf(prompt: GivenPrompt['prompt'], system: string | undefined): ChatMessage[] {
  const messages = messagesOf(prompt);
  if (system === undefined) return messages;
  if (messages[0]!.role === 'system') {
    throw new ConflictError('--system', 'messages without a system message', 'messages that include a system message');
  }
  return [{ role: 'system', content: system }, ...messages];
}

function messagesOf(prompt: GivenPrompt['prompt']): ChatMessage[] {
  if (typeof prompt === 'string') return [{ role: 'user', content: prompt }];
  if (isConversation(prompt)) return [...prompt];
  throw new ConflictError('--chat', 'text or messages', 'token ids');
}

/** Whether a prompt is a conversation rather than a text or token ids. */
export function isConversation(prompt: GivenPrompt['prompt']): prompt is readonly ChatMessage[] {
  return typeof prompt !== 'string' && prompt.length > 0 && typeof prompt[0] === 'object';
}

/** A conversation, and how it becomes a prompt. */
export interface Chat {
  readonly messages: readonly ChatMessage[];
  /** The template of the first folder that has one. */
  readonly folders: readonly string[];
  readonly tokenizer: Tokenizer | null;
}

/**
 * Token ids of each conversation, up to where the assistant's answer begins. Special tokens are encoded as such.
 * @throws {@link OptionError} without a tokenizer; what {@link readChatTemplate} and {@link renderInProcess} throw.
 */
export async function encodedChats(chats: readonly Chat[]): Promise<number[][]> {
  const prompts: number[][] = [];
  // Conversations with one template are rendered together.
  const groups = new Map<string, number[]>();
  for (const [i, { folders }] of chats.entries()) {
    const key = folders.join('\n');
    groups.set(key, [...(groups.get(key) ?? []), i]);
  }
  for (const indices of groups.values()) {
    const { folders, tokenizer } = chats[indices[0]!]!;
    if (tokenizer === null) throw new OptionError('--chat', 'a model with a tokenizer.json', 'none');
    const places = folders.map(folderAt);
    const template = readChatTemplate(places.find(hasChatTemplate) ?? places[0]!);
    const texts = await renderChats(
      template,
      indices.map((i) => chats[i]!.messages),
      renderInProcess,
    );
    for (const [k, i] of indices.entries()) prompts[i] = tokenizer.encode(texts[k]!, { addSpecialTokens: false });
  }
  return prompts;
}
