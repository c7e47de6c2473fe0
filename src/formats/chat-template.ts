/**
 * The chat template of a model folder: how messages become the text of a prompt.
 * @packageDocumentation
 */
import { FormatError, MissingFileError, UnsupportedError } from '../errors.ts';
import { type Folder, hasFile, labelIn } from './folder/folder.ts';
import { isObject, type JsonObject, kindOf, readJson } from './json.ts';
import { readText } from './text.ts';

/** One message of a conversation; templates may use more keys than these, such as `tool_calls`. */
export interface ChatMessage {
  readonly role: string;
  readonly content?: string | null;
  readonly [key: string]: unknown;
}

/** A template, and the special tokens that it may print. */
export interface ChatTemplate {
  /** The file that contains it. */
  readonly label: string;
  /** In Jinja. */
  readonly source: string;
  /** `bos_token` and the like. */
  readonly specialTokens: Readonly<Record<string, string>>;
}

/** Renders a template once for each set of values; `label` names it in errors. */
export type TemplateRenderer = (
  label: string,
  source: string,
  values: readonly Readonly<Record<string, unknown>>[],
) => Promise<string[]>;

const FILE = 'chat_template.jinja';
const CONFIG = 'tokenizer_config.json';
const LEGACY_TOKENS = 'special_tokens_map.json';
/** The longest published templates have some 30 kB. */
const LARGEST = 1_000_000;
const TOKENS = ['bos', 'eos', 'unk', 'sep', 'pad', 'cls', 'mask'].map((name) => `${name}_token`);

/**
 * Reads the template of a folder: `chat_template.jinja`, otherwise `chat_template` in `tokenizer_config.json`. If that
 * has several, the one named `default` is used.
 * @throws {@link MissingFileError} when the folder has none; {@link FormatError} for broken files;
 * {@link UnsupportedError} for several templates without a default.
 * @source huggingface/transformers `tokenization_utils_base.py`
 */
export function readChatTemplate(folder: Folder): ChatTemplate {
  const config = optionalJson(folder, CONFIG);
  const specialTokens = readSpecialTokens(folder, config);
  if (hasFile(folder, FILE)) {
    return { label: labelIn(folder, FILE), source: readText(folder, FILE, LARGEST), specialTokens };
  }
  const label = `${labelIn(folder, CONFIG)}: chat_template`;
  const template = config.chat_template ?? null;
  if (template === null) throw new MissingFileError(folder.label, `${FILE}, or chat_template in ${CONFIG}`, 'neither');
  const source = typeof template === 'string' ? template : defaultOf(label, template);
  if (source.length > LARGEST) throw new FormatError(label, `at most ${LARGEST} characters`, `${source.length}`);
  return { label, source, specialTokens };
}

/** Whether a folder has a template. @throws {@link FormatError} for a broken `tokenizer_config.json`. */
export function hasChatTemplate(folder: Folder): boolean {
  return hasFile(folder, FILE) || (optionalJson(folder, CONFIG).chat_template ?? null) !== null;
}

/**
 * The text of each conversation, ending where the assistant's answer begins. As in transformers, keys that are null are
 * left out, and a special token spelled out in a message counts as that token. Encode the text with `addSpecialTokens:
 * false`, because the template prints the special tokens it needs.
 *
 * @param render runs the template, an untrusted program: {@link renderInProcess}, which limits what it can use, or
 * {@link renderHere}.
 * @throws {@link FormatError} when the template is malformed, or refuses the messages; what `render` throws.
 * @example
 * import assert from 'node:assert/strict';
 * import { renderChats, renderHere } from 'turbo-lora/formats';
 * const source = '{% for message in messages %}<{{ message.role }}>{{ message.content }}{% endfor %}{{ eos_token }}';
 * const template = { label: 'example', source, specialTokens: { eos_token: '</s>' } };
 * assert.deepEqual(await renderChats(template, [[{ role: 'user', content: 'Hi' }]], renderHere), ['<user>Hi</s>']);
 */
export async function renderChats(
  { label, source, specialTokens }: ChatTemplate,
  conversations: readonly (readonly ChatMessage[])[],
  render: TemplateRenderer,
): Promise<string[]> {
  const values = conversations.map((messages) => ({
    ...specialTokens,
    messages: messages.map(withoutNulls),
    tools: null,
    documents: null,
    add_generation_prompt: true,
  }));
  return render(label, source, values);
}

function withoutNulls(message: ChatMessage): JsonObject {
  return Object.fromEntries(Object.entries(message).filter(([, value]) => value != null));
}

function optionalJson(folder: Folder, name: string): JsonObject {
  return hasFile(folder, name) ? readJson(folder, name) : {};
}

/** Of a list of `{name, template}`. */
function defaultOf(label: string, templates: unknown): string {
  if (!Array.isArray(templates))
    throw new FormatError(label, 'a string, or a list of named templates', kindOf(templates));
  const names: string[] = [];
  for (const entry of templates) {
    const { name, template } = isObject(entry) ? entry : {};
    if (typeof name !== 'string' || typeof template !== 'string') {
      throw new FormatError(label, 'a name and a template in each entry', kindOf(entry));
    }
    if (name === 'default') return template;
    names.push(name);
  }
  throw new UnsupportedError(label, 'one template, or one named default', names.join(', ') || 'an empty list');
}

/** Old folders have `special_tokens_map.json`, which applies where there is no `added_tokens_decoder`. */
function readSpecialTokens(folder: Folder, config: JsonObject): Record<string, string> {
  const legacy = config.added_tokens_decoder === undefined ? optionalJson(folder, LEGACY_TOKENS) : {};
  const merged: JsonObject = { ...config, ...legacy };
  const tokens: Record<string, string> = {};
  for (const name of TOKENS) {
    const value = merged[name] ?? null;
    const text = isObject(value) ? value.content : value;
    if (text === null) continue;
    if (typeof text !== 'string') throw new FormatError(`${folder.label}: ${name}`, 'a token', kindOf(value));
    tokens[name] = text;
  }
  return tokens;
}
