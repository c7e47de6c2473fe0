/**
 * The options by which `conform` reaches a server, and is told what it serves.
 * @packageDocumentation
 */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { ConflictError, OptionError } from '../errors.ts';
import { folderAt } from '../formats/folder/node.ts';
import { readJson } from '../formats/json.ts';
import { loadTokenizer } from '../formats/tokenizer.ts';
import { HttpEngine } from '../oracle/conformance/node/http-engine.ts';
import type { AskedDrafter } from '../oracle/conformance/operations/generate.ts';
import { choice } from './choice.ts';

/** Options of `conform` for servers. */
export interface HttpArguments {
  readonly http?: string;
  readonly checkpoint?: string;
  readonly servedModel?: string;
  readonly adapter?: readonly string[];
  readonly drafter?: AskedDrafter['kind'];
}

/** Adds the options for servers. */
export function withHttpOptions(command: Command): Command {
  return command
    .optionsGroup('A server with the completions API of OpenAI, instead of a command:')
    .option('--http <url>', 'where it is, such as http://localhost:8000')
    .option('--checkpoint <dir>', 'the model that it was started with: a checkpoint folder of the fixtures')
    .option('--served-model <name>', 'its name for the model (default: the first that it lists)')
    .option('--adapter <name=dir>', 'its name for an adapter of the fixtures; repeatable', collect)
    .addOption(choice('--drafter <kind>', 'what it was started to draft with', DRAFTERS));
}

const DRAFTERS: readonly AskedDrafter['kind'][] = ['draft-model', 'heads', 'lookup'];

/**
 * The server as an engine; null when a command was given instead.
 * @throws {@link ConflictError} when there is neither or both, or an option of servers without a server.
 */
export function httpEngine(words: readonly string[], args: HttpArguments, timeoutSeconds: number): HttpEngine | null {
  const { http, checkpoint, servedModel = null, adapter = [], drafter = null } = args;
  if (http === undefined) {
    const [stray] = Object.entries({
      checkpoint,
      'served-model': servedModel ?? undefined,
      drafter: drafter ?? undefined,
    })
      .filter(([, value]) => value !== undefined)
      .map(([name]) => name);
    if (stray !== undefined || adapter.length > 0) {
      throw new ConflictError(`--${stray ?? 'adapter'}`, '--http with it', 'an engine that is started by a command');
    }
    if (words.length === 0) throw new OptionError('engine', 'a command after --, or --http', 'neither');
    return null;
  }
  if (words.length > 0) throw new ConflictError('--http', 'no command after --', words.join(' '));
  if (checkpoint === undefined) throw new OptionError('--checkpoint', 'the folder that the server serves', 'nothing');
  return new HttpEngine({
    url: urlFrom(http),
    name: servedModel,
    checkpoint: resolve(checkpoint),
    pieces: piecesOf(checkpoint),
    adapters: new Map(adapter.map(adapterFrom)),
    drafter,
    dtype: 'float32',
    timeoutSeconds,
  });
}

function urlFrom(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && ['http:', 'https:'].includes(url.protocol)) return text;
  throw new OptionError('--http', 'an http or https address', text);
}

function adapterFrom(text: string): [folder: string, name: string] {
  const at = text.indexOf('=');
  if (at <= 0) throw new OptionError('--adapter', 'name=dir', text);
  return [resolve(text.slice(at + 1)), text.slice(0, at)];
}

/** The text of each token; null for those that the tokenizer does not have. */
function piecesOf(checkpoint: string): (string | null)[] {
  const folder = folderAt(checkpoint);
  const { vocab_size: size } = readJson(folder, 'config.json');
  if (!Number.isSafeInteger(size)) throw new OptionError('--checkpoint', 'a folder with a vocab_size', `${size}`);
  const tokenizer = loadTokenizer(folder);
  return Array.from({ length: size as number }, (_, id) => tokenizer?.tokenText(id) ?? null);
}

function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
