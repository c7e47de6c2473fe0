import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FormatError, MissingFileError, UnsupportedError } from '../../../src/errors.ts';
import { renderHere } from '../../../src/formats/chat-template/here.ts';
import { renderInProcess } from '../../../src/formats/chat-template/node.ts';
import { type ChatMessage, hasChatTemplate, renderChats } from '../../../src/formats/chat-template.ts';
import { folderAt } from '../../../src/formats/folder/node.ts';
import { readChatTemplate } from '../../../src/formats/node/by-path.ts';

const GOLDENS = 'fixtures/goldens/chat-templates';
const json = (name: string) => JSON.parse(readFileSync(join(GOLDENS, name), 'utf8'));
const conversations = json('conversations.json') as Record<string, ChatMessage[]>;

function folderWith(files: Record<string, string | object>): string {
  const folder = mkdtempSync(join(tmpdir(), 'template-'));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

const RENDERERS = { 'in a process': renderInProcess, here: renderHere };

describe.each(Object.entries(RENDERERS))('renderChats gives the texts of transformers (external), %s', (_, render) => {
  it.each(['chatml', 'alternating', 'headers', 'namespace'])('%s', async (name) => {
    const { specialTokens, texts } = json(`${name}.json`) as {
      specialTokens: Record<string, string>;
      texts: Record<string, string | null>;
    };
    const source = readFileSync(join(GOLDENS, `${name}.jinja`), 'utf8');
    const template = { label: name, source, specialTokens };
    const names = Object.keys(conversations);
    const taken = names.filter((conversation) => texts[conversation] !== null);
    expect(taken.length).toBeGreaterThan(5);
    expect(
      await renderChats(
        template,
        taken.map((conversation) => conversations[conversation]!),
        render,
      ),
    ).toEqual(taken.map((conversation) => texts[conversation]));
    for (const conversation of names.filter((other) => texts[other] === null)) {
      await expect(renderChats(template, [conversations[conversation]!], render), conversation).rejects.toThrow(
        FormatError,
      );
    }
  });
});

describe('renderChats names errors', () => {
  const hi = [[{ role: 'user', content: 'Hi' }]];
  const rendered = (source: string) =>
    renderChats({ label: 'template', source, specialTokens: {} }, hi, renderInProcess);

  it('of a malformed template, and what a template says itself', async () => {
    await expect(rendered('{% if %}')).rejects.toThrow(FormatError);
    await expect(rendered('{{ raise_exception("no\u001b[2J system") }}')).rejects.toThrow(
      'template: expected a chat template that takes these messages, got no\\u001b[2J system',
    );
  });

  it('cannot reach the program that runs it', async () => {
    expect(await rendered('{{ messages[0].constructor }}{{ "".__proto__ }}{{ process }}{{ globalThis }}')).toEqual([
      '',
    ]);
  });

  it.each([
    ['an endless loop', '{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}', 2],
    ['a range of a billion', '{% for i in range(1000000000) %}{% endfor %}', 20],
    [
      'a list that doubles itself',
      '{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}',
      20,
    ],
  ])(
    'of %s',
    async (_, source, seconds) => {
      await expect(renderInProcess('t', source, [{}], { seconds, megabytes: 64 })).rejects.toThrow(UnsupportedError);
    },
    30_000,
  );
});

describe('readChatTemplate', () => {
  it('takes the file before the configuration, and the special tokens in both spellings', () => {
    const config = { chat_template: 'config', bos_token: '<s>', eos_token: { content: '</s>' }, unk_token: null };
    const both = folderWith({ 'tokenizer_config.json': config, 'chat_template.jinja': 'file' });
    expect(readChatTemplate(both)).toEqual({
      label: join(both, 'chat_template.jinja'),
      source: 'file',
      specialTokens: { bos_token: '<s>', eos_token: '</s>' },
    });
    expect(readChatTemplate(folderWith({ 'tokenizer_config.json': config })).source).toBe('config');
  });

  it('takes the default of several', () => {
    const named = [
      { name: 'tool_use', template: 'tools' },
      { name: 'default', template: 'plain' },
    ];
    const folder = folderWith({ 'tokenizer_config.json': { chat_template: named } });
    expect(readChatTemplate(folder).source).toBe('plain');
    const none = folderWith({ 'tokenizer_config.json': { chat_template: named.slice(0, 1) } });
    expect(() => readChatTemplate(none)).toThrow(UnsupportedError);
  });

  it('reads special_tokens_map.json where there is no added_tokens_decoder', () => {
    const files = { 'chat_template.jinja': '', 'special_tokens_map.json': { bos_token: '<old>' } };
    const tokens = (config: object) =>
      readChatTemplate(folderWith({ ...files, 'tokenizer_config.json': config })).specialTokens.bos_token;
    expect(tokens({ bos_token: '<s>' })).toBe('<old>');
    expect(tokens({ bos_token: '<s>', added_tokens_decoder: {} })).toBe('<s>');
  });

  it.each<[string, Record<string, string | object>, new (...args: never[]) => Error]>([
    ['no template', { 'tokenizer_config.json': {} }, MissingFileError],
    ['no file at all', {}, MissingFileError],
    ['a number for a template', { 'tokenizer_config.json': { chat_template: 3 } }, FormatError],
    ['an entry without a name', { 'tokenizer_config.json': { chat_template: [{ template: 'x' }] } }, FormatError],
    ['a token that is a number', { 'chat_template.jinja': '', 'tokenizer_config.json': { bos_token: 1 } }, FormatError],
    ['a template of megabytes', { 'chat_template.jinja': 'x'.repeat(1_000_001) }, FormatError],
  ])('%s is refused', (_, files, error) => {
    expect(() => readChatTemplate(folderWith(files))).toThrow(error);
  });

  it('is asked for beforehand', () => {
    expect(hasChatTemplate(folderAt(folderWith({})))).toBe(false);
    expect(hasChatTemplate(folderAt(folderWith({ 'tokenizer_config.json': { chat_template: 'x' } })))).toBe(true);
    expect(hasChatTemplate(folderAt(folderWith({ 'chat_template.jinja': 'x' })))).toBe(true);
  });
});
