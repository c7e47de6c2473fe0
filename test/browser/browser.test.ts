/**
 * The package in a browser: no door but that of Node leads to a built-in module, and a page computes the same bits as
 * Node.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import vm from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import { root } from '../meta/sources.ts';
import { DOORS } from '../support/doors.ts';
import { bundle, codeOf, externalsOf, inputsOf } from './bundle.ts';
import * as here from './page.ts';

/** Files that use Node, by their names. */
const NODE = /(^|\/)node(\.ts$|\/)|^src\/cli\//;
/** Doors that lead to them. */
const NODE_DOORS = ['turbo-lora', 'turbo-lora/formats/node'];

/** All that a browser's worker offers and is used here. */
const WEB = { TextDecoder, TextEncoder, performance, MessageChannel };

interface Case {
  readonly tokens: readonly number[][];
  readonly greedy: { readonly prompt: readonly number[]; readonly new_tokens: readonly number[] };
  readonly folders: { readonly base: string; readonly adapters: readonly string[]; readonly heads?: string };
}

const golden = (...path: string[]): string => join(root, 'fixtures/goldens', ...path);

function filesOf(folder: string): [string, Uint8Array][] {
  return readdirSync(folder).map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]);
}

describe('bundles for a browser', () => {
  it('every door but that of Node', async () => {
    const doors = DOORS.filter(({ name }) => !NODE_DOORS.includes(name));
    expect(doors.length).toBeGreaterThan(10);
    const built = await bundle(doors.map(({ file }) => file));
    expect(inputsOf(built).filter((file) => NODE.test(file))).toEqual([]);
    expect(externalsOf(built).filter((name) => name !== 'gpu.js')).toEqual([]);
  });

  it.each(NODE_DOORS)('the check itself fails: %s', async (name) => {
    const { file } = DOORS.find((door) => door.name === name)!;
    await expect(bundle([file])).rejects.toThrow(/Could not resolve "node:fs"/);
  });
});

/** What the page answers, in Node and in a context with no global of Node. */
describe('in a context without Node', () => {
  let page: typeof here;

  beforeAll(async () => {
    const context = vm.createContext({ ...WEB });
    vm.runInContext(codeOf(await bundle(['test/browser/page.ts'], 'iife')), context);
    page = context.page as typeof here;
    const globals = ['process', 'Buffer', 'require', 'setImmediate', 'global', 'module'];
    expect(globals.filter((name) => vm.runInContext(`typeof ${name}`, context) !== 'undefined')).toEqual([]);
  });

  it.each([
    ['llama-sharded', null],
    ['llama-rope-yarn', null],
    ['qwen2-layer-types', null],
    ['mistral-window', null],
    ['olmo2-norms-after', null],
    ['lora-patterns', 'adapter'],
    ['lora-bf16', 'adapter'],
    ['turbo-heads-v1', 'heads'],
    ['turbo-lora-v2', 'adapter'],
  ])('%s has the same bits', async (name, adapter) => {
    const { tokens, greedy, folders } = JSON.parse(readFileSync(golden(name, 'case.json'), 'utf8')) as Case;
    const { prompt, new_tokens } = greedy;
    const maxNewTokens = new_tokens.length;
    const sampled = { temperature: 0.7, topP: 0.9, seed: 7, maxNewTokens };
    const generations = [{ maxNewTokens }, { ...sampled, draft: 'lookup' }];
    const question = JSON.stringify({ tokens: tokens[0], prompt, generations });
    const base = filesOf(golden(name, folders.base));
    const [folder] = [...folders.adapters, folders.heads].filter((found) => found !== undefined);
    expect(folder === undefined).toBe(adapter === null);
    const files = folder === undefined ? null : filesOf(golden(name, folder));
    const answer = await page.modelAnswers(base, files, question);
    expect(answer).toBe(await here.modelAnswers(base, files, question));
    // External: the text that transformers writes.
    expect(JSON.parse(answer)).toMatchObject({ texts: [{ generated: new_tokens }, {}] });
  });

  it('the embedded model writes its text with its Turbo LoRA', async () => {
    const [base, adapter] = ['base', 'adapter'].map((part) => filesOf(join(root, 'fixtures/embedded', part)));
    const question = JSON.stringify({
      tokens: [5, 6, 7],
      prompt: [5, 6, 7],
      generations: [{ maxNewTokens: 12, draft: 'turbo' }],
    });
    expect(await page.modelAnswers(base!, adapter!, question)).toBe(await here.modelAnswers(base!, adapter!, question));
  });

  it('sampling has the same bits', () => {
    const logits = Array.from({ length: 12 }, (_, i) => Math.fround(Math.sin(i + 1) * 3));
    const settings = [
      { temperature: 0.7, topK: 5 },
      { temperature: 1.3, topP: 0.8, repetitionPenalty: 1.2 },
      { temperature: 1, typicalP: 0.7 },
      { temperature: 1, etaCutoff: 0.05, frequencyPenalty: 0.3 },
    ];
    const question = JSON.stringify(settings.map((one) => ({ logits, settings: one })));
    expect(page.samplingAnswers(question)).toBe(here.samplingAnswers(question));
  });

  it('exact laws are the same fractions', () => {
    const question = JSON.stringify({
      ...{ vocabulary: 4, target: ['2/5', '3/10', '1/5', '1/10'], draft: ['1/10', '1/5', '3/10', '2/5'] },
      shape: { chain: 2 },
    });
    const answer = page.lawAnswers(question);
    expect(answer).toBe(here.lawAnswers(question));
    expect(JSON.parse(answer)[0]).toMatchObject({ name: 'rejection', asClaimed: true });
  });

  it('tokenizers and chat templates', async () => {
    const [ids, chats] = [golden('tokenizer/metaspace'), golden('chat-templates')];
    const texts = JSON.stringify(['Grüße 你好', ' def f(x):\n\treturn x', '🙂🙃']);
    expect(page.tokenizerAnswers(filesOf(ids), texts)).toBe(here.tokenizerAnswers(filesOf(ids), texts));
    const template = readFileSync(join(chats, 'chatml.jinja'));
    const files = [['chat_template.jinja', new Uint8Array(template)]] as const;
    const hi = JSON.stringify([[{ role: 'user', content: 'Hi' }]]);
    expect(await page.chatAnswers(files, hi)).toBe(await here.chatAnswers(files, hi));
  });

  it('errors name the file', async () => {
    const base = filesOf(golden('llama-mha/base')).filter(([name]) => name !== 'model.safetensors');
    expect(await page.errorOf(base)).toMatch(/^MissingFileError: base\/model\.safetensors: expected this file or/);
  });
});
