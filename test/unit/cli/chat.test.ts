import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../../src/formats/node/by-path.ts';
import type { Tokenizer } from '../../../src/formats/tokenizer.ts';
import { commandLine } from '../../support/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'chat-'));
const model = join(folder, 'model');
const TEMPLATE = `{% for message in messages %}<|endoftext|>{{ message.role }}: {{ message.content }}
{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}`;
let tokenizer: Tokenizer;

beforeAll(() => {
  cpSync('fixtures/embedded/base', model, { recursive: true });
  writeFileSync(join(model, 'chat_template.jinja'), TEMPLATE);
  tokenizer = loadTokenizer(model)!;
});

async function promptTokens(...args: string[]): Promise<number[][]> {
  const { code, stdout, stderr } = await commandLine(
    ...['generate', '--model', model, '--chat', '--max-new-tokens', '1', '--json', ...args],
  );
  expect([code, stderr]).toEqual([0, '']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).prompt_tokens);
}

const encoded = (text: string): number[] => tokenizer.encode(text, { addSpecialTokens: false });

function conversations(...lines: object[]): string {
  const file = join(folder, 'conversations.jsonl');
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return file;
}

describe('generate --chat', () => {
  it('makes a text the user’s message, and special tokens of the template special', async () => {
    const [tokens] = await promptTokens('--prompt', 'def f');
    expect(tokens).toEqual([0, ...encoded('user: def f\nassistant:')]);
    const [withSystem] = await promptTokens('--prompt', 'def f', '--system', 'be terse');
    expect(withSystem).toEqual([0, ...encoded('system: be terse\n'), ...tokens!]);
  });

  it('takes messages from JSON lines, in order', async () => {
    const user = { role: 'user', content: 'a' };
    const file = conversations({ messages: [user] }, { messages: [user, { role: 'assistant', content: 'b' }, user] });
    const [one, two] = await promptTokens('--prompts', file);
    expect(one).toEqual([0, ...encoded('user: a\nassistant:')]);
    expect(two).toEqual([
      0,
      ...encoded('user: a\n'),
      0,
      ...encoded('assistant: b\n'),
      0,
      ...encoded('user: a\nassistant:'),
    ]);
  });

  it('takes the adapter’s template where the model has none', async () => {
    const adapter = join(folder, 'adapter');
    cpSync('fixtures/embedded/adapter', adapter, { recursive: true });
    writeFileSync(join(adapter, 'chat_template.jinja'), TEMPLATE);
    const args = ['generate', '--model', 'fixtures/embedded/base', '--adapter', adapter, '--chat', '--prompt', 'x'];
    const { stdout } = await commandLine(...args, '--max-new-tokens', '1', '--json');
    expect(JSON.parse(stdout).prompt_tokens).toEqual([0, ...encoded('user: x\nassistant:')]);
  });

  it.each<[string, object, string[], RegExp]>([
    ['no messages', { messages: [] }, ['--chat'], /line 1: messages: .*got a list of 0.*FormatError/],
    ['a message without a role', { messages: [{ content: 'x' }] }, ['--chat'], /line 1: message 0: role.*FormatError/],
    [
      'parts of a message',
      { messages: [{ role: 'user', content: [] }] },
      ['--chat'],
      /message 0: content: .*text only/,
    ],
    ['token ids', { tokens: [1] }, ['--chat'], /line 1: --chat: .*token ids.*ConflictError/],
    [
      'messages without --chat',
      { messages: [{ role: 'user', content: 'x' }] },
      [],
      /line 1: messages: .*--chat.*ConflictError/,
    ],
    ['a prompt and messages', { prompt: 'x', messages: [{ role: 'user' }] }, ['--chat'], /line 1: .*FormatError/],
    [
      'two system messages',
      { messages: [{ role: 'system', content: 'x' }] },
      ['--chat', '--system', 'y'],
      /line 1: --system: .*messages that include a system message.*ConflictError/,
    ],
  ])('%s: refused by name', async (_, line, args, message) => {
    const { code, stdout, stderr } = await commandLine(
      ...['generate', '--model', model, '--prompts', conversations(line), ...args],
    );
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});
