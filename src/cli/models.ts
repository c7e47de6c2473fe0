/**
 * The model of a command line: one set of weights, and the adapters that prompts choose from.
 * @packageDocumentation
 */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { ConflictError, OptionError } from '../errors.ts';
import { loadAdapterFolder } from '../formats/adapter-folder.ts';
import { modelName } from '../formats/model-name.ts';
import { LanguageModel } from '../language-model/language-model.ts';
import { load } from '../language-model/load.ts';
import { sayMarked } from './output.ts';
import { didYouMean } from './suggestion.ts';

/** What the options of the model parse to. */
export interface ModelArguments {
  readonly model: string;
  readonly adapter?: readonly string[];
  readonly merge?: boolean;
  readonly context?: number;
  readonly generationConfig?: boolean;
}

/** An adapter folder, and the name by which prompts choose it. */
export interface NamedAdapter {
  readonly name: string;
  readonly folder: string;
}

/** A model with one of its adapters, or with none. */
export interface ModelChoice {
  readonly model: LanguageModel;
  readonly adapter: NamedAdapter | null;
}

/** The models that prompts choose from. They share the weights of the base. */
export class Models {
  readonly #choices: readonly ModelChoice[];
  /** Time that loading took, in milliseconds. */
  readonly loadMilliseconds: number;

  constructor(choices: readonly ModelChoice[], loadMilliseconds: number) {
    this.#choices = choices;
    this.loadMilliseconds = loadMilliseconds;
  }

  /**
   * The model for a prompt. Null asks for the base, undefined for the one adapter of the command line, if there is one.
   * @throws {@link OptionError} for a name that is not an adapter's; {@link ConflictError} when several adapters are
   * given and the prompt does not choose.
   */
  choose(name: string | null | undefined): ModelChoice {
    const adapters = this.#choices.filter(({ adapter }) => adapter !== null);
    const names = adapters.map(({ adapter }) => adapter!.name);
    if (name === undefined && adapters.length > 1) {
      throw new ConflictError('adapter', `one of ${names.join(', ')}, or null`, 'several adapters and no choice');
    }
    const wanted = name === undefined ? (names[0] ?? null) : name;
    const found = this.#choices.find(({ adapter }) => (adapter?.name ?? null) === wanted);
    if (found !== undefined) return found;
    const got = `${wanted}${didYouMean(String(wanted), names)}`;
    throw new OptionError(
      'adapter',
      names.length === 0 ? 'no adapter, as none is given' : `one of ${names.join(', ')}`,
      got,
    );
  }
}

/**
 * Loads what `--model`, `--adapter`, `--merge`, `--context` and `--no-generation-config` name, and tells warnings on stderr.
 * @throws {@link ConflictError} for options that exclude each other; {@link OptionError} for two adapters of one name;
 * what {@link load} throws.
 */
export async function loadModels(args: ModelArguments): Promise<Models> {
  const { model, adapter = [], merge, context, generationConfig } = args;
  const adapters = adapter.map(namedAdapter);
  checkAdapters(adapters, merge);
  const start = performance.now();
  const options = {
    ...(context !== undefined && { contextLength: context }),
    ...(generationConfig !== undefined && { generationConfig }),
  };
  const only = adapters.length === 1 ? adapters[0]! : null;
  const first = await load(model, { ...options, ...(only && { adapter: only.folder }), ...(merge && { merge }) });
  const rest = only === null ? adapters : [];
  const choices = [
    { model: first, adapter: only },
    ...rest.map((named) => withAdapter(first, named, modelName(model))),
  ];
  if (only !== null && !merge) choices.push({ model: withoutAdapter(first), adapter: null });
  const milliseconds = performance.now() - start;
  const warnings = new Set(choices.flatMap((choice) => choice.model.warnings));
  for (const warning of warnings) sayMarked('warning', warning);
  return new Models(choices, milliseconds);
}

/** `NAME=DIR`, or a folder, which is named after itself. */
function namedAdapter(text: string): NamedAdapter {
  const named = /^([\w.-]+)=(.+)$/.exec(text);
  if (named !== null && !existsSync(text)) return { name: named[1]!, folder: named[2]! };
  if (text === '') throw new OptionError('--adapter', 'a path', 'an empty text');
  return { name: basename(resolve(text)), folder: text };
}

function checkAdapters(adapters: readonly NamedAdapter[], merge: boolean | undefined): void {
  if (merge && adapters.length > 1) throw new ConflictError('--merge', 'one adapter', `${adapters.length}`);
  const names = adapters.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new OptionError('--adapter', 'a name for each, as in NAME=DIR', `${twice} twice`);
}

function withAdapter(base: LanguageModel, named: NamedAdapter, baseName: string): ModelChoice {
  const { adapter, heads, warnings } = loadAdapterFolder(named.folder, base.transformer, baseName);
  return { model: new LanguageModel({ ...base, adapter, heads, warnings }), adapter: named };
}

function withoutAdapter(model: LanguageModel): LanguageModel {
  return new LanguageModel({ ...model, adapter: null, heads: null, warnings: [] });
}
