import { FormatError } from '../errors.ts';
import type { ChatMessage } from '../formats/chat-template.ts';
import { isObject, kindOf } from '../formats/json.ts';

/**
 * The messages of a `{"messages": […]}` line.
 * @throws {@link FormatError} unless they are a list of objects, each with a role and at most one text.
 */
export function messagesFrom(value: unknown, where: string): ChatMessage[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new FormatError(`${where}: messages`, 'a list of messages', kindOf(value));
  }
  return value.map((message: unknown, i) => {
    const label = `${where}: message ${i}`;
    if (!isObject(message)) throw new FormatError(label, 'an object', kindOf(message));
    const { role, content } = message;
    if (typeof role !== 'string') throw new FormatError(`${label}: role`, 'a text', kindOf(role));
    if (content != null && typeof content !== 'string') {
      throw new FormatError(`${label}: content`, 'a text (this model takes text only)', kindOf(content));
    }
    return { ...message, role, content: content ?? null };
  });
}
