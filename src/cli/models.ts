/**
 * The model of a command line, and the adapters that its prompts choose from.
 * @packageDocumentation
 */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { ConflictError, OptionError } from '../errors.ts';
import { adapterNamed, NO_ADAPTER } from '../language-model/adapters.ts';
import type { BackendName } from '../language-model/backends.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import { load } from '../language-model/node.ts';
import { sayMarked } from './output.ts';
import { didYouMean } from './suggestion.ts';

/** What the options of the model parse to. */
export interface ModelArguments {
  readonly model: string;
  readonly adapter?: readonly string[];
  readonly merge?: boolean;
  readonly context?: number;
  readonly backend?: BackendName;
  readonly generationConfig?: boolean;
}

/** An adapter folder, and the name by which prompts choose it. */
export interface NamedAdapter {
  readonly name: string;
  readonly folder: string;
}

/** The adapter of one prompt. */
export interface AdapterChoice {
  /** Null for the base alone. */
  readonly adapter: NamedAdapter | null;
  /** What makes the library choose it; empty where it is merged into the weights. */
  readonly options: { readonly adapter?: string };
  /** Whether it has speculative heads. */
  readonly hasHeads: boolean;
}

/** A loaded model, whose prompts choose one of its adapters. */
export interface Model {
  readonly model: LanguageModel;
  /** How long loading took. */
  readonly loadMilliseconds: number;
  /**
   * The adapter for a prompt. Null asks for the base, undefined for the only adapter of the command line, if there is
   * one.
   * @throws {@link OptionError} for an unknown name; {@link ConflictError} when several adapters are given and the
   * prompt does not choose, or when the only adapter is merged and the prompt asks for the base.
   */
  choose(name: string | null | undefined): AdapterChoice;
}

/**
 * Loads what `--model`, `--adapter`, `--merge`, `--context`, `--no-generation-config` and `--backend` name, and prints
 * warnings on stderr.
 * @throws {@link ConflictError} for options that exclude each other; {@link OptionError} for two adapters with one
 * name; what {@link load} throws.
 */
export async function loadModel(args: ModelArguments): Promise<Model> {
  const { merge = false, context, generationConfig, backend } = args;
  const adapters = (args.adapter ?? []).map(namedAdapter);
  checkAdapters(adapters, merge);
  const start = performance.now();
  const folders = merge
    ? { adapter: adapters[0]?.folder }
    : { adapters: Object.fromEntries(adapters.map(({ name, folder }) => [name, folder])) };
  const model = await load(args.model, { ...folders, merge, contextLength: context, generationConfig, backend });
  const loadMilliseconds = performance.now() - start;
  for (const warning of model.warnings) sayMarked('warning', warning);
  return { model, loadMilliseconds, choose: (name) => chosen(model, adapters, name) };
}

function chosen(
  model: LanguageModel,
  adapters: readonly NamedAdapter[],
  name: string | null | undefined,
): AdapterChoice {
  const names = adapters.map((adapter) => adapter.name);
  if (name === undefined && names.length > 1) {
    throw new ConflictError(
      'adapter',
      `one of ${names.join(', ')}, or null, in each line of --prompts`,
      'several adapters and no choice',
    );
  }
  const wanted = name === undefined ? names[0] : (name ?? undefined);
  const adapter = adapters.find((one) => one.name === wanted) ?? null;
  if (wanted !== undefined && adapter === null) {
    const expected =
      names.length === 0 ? 'no adapter, because the command line gives none' : `one of ${names.join(', ')}`;
    throw new OptionError('adapter', expected, `${wanted}${didYouMean(wanted, names)}`);
  }
  const isMergedOne = model.merged && adapter !== null;
  const options = isMergedOne ? {} : { adapter: adapter?.name ?? NO_ADAPTER };
  return { adapter, options, hasHeads: adapterNamed(model, options.adapter).heads !== null };
}

/** `NAME=DIR`, or a folder, which is then its own name. */
export function namedAdapter(text: string): NamedAdapter {
  if (text === '') throw new OptionError('--adapter', 'a path', 'an empty string');
  const named = /^([\w.-]+)=(.+)$/.exec(text);
  if (named !== null && !existsSync(text)) return { name: named[1]!, folder: named[2]! };
  return { name: basename(resolve(text)), folder: text };
}

function checkAdapters(adapters: readonly NamedAdapter[], merge: boolean): void {
  if (merge && adapters.length !== 1) throw new ConflictError('--merge', 'one adapter', `${adapters.length || 'none'}`);
  const names = adapters.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new OptionError('--adapter', 'a name for each, as in NAME=DIR', `${twice} twice`);
  if (names.includes(NO_ADAPTER)) throw new OptionError('--adapter', `a name other than ${NO_ADAPTER}`, NO_ADAPTER);
}
