/**
 * `fixtures add` and `fixtures check --pack`: a regression pack of a model folder, made and compared.
 * @packageDocumentation
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConflictError, FormatError, OptionError } from '../errors.ts';
import { openSafetensors } from '../formats/safetensors/node.ts';
import { safetensorsPieces } from '../formats/safetensors/writer.ts';
import { promptTokens } from '../language-model/prompt.ts';
import { changedFiles, changesOf } from '../oracle/pack/compare-packs.ts';
import { type AskedCase, type MadeCase, madeCase } from '../oracle/pack/packed-case.ts';
import { PACK_FORMAT, type PackSettings, packFrom, type RegressionPack } from '../oracle/pack/regression-pack.ts';
import type { Finding } from '../oracle/vectors/linter.ts';
import { jsonIn, packedFolder } from './fixture-files.ts';
import { loadModel, type Model } from './models.ts';
import { printJson, progress, say } from './output.ts';
import { openOutput } from './output-file.ts';
import { makeFolder } from './output-folder.ts';
import { type GivenPrompt, promptsOf } from './prompts.ts';
import { packageVersion } from './version.ts';

/** Where a pack's model is. */
export interface PackFolders {
  readonly model: string;
  /** By name. */
  readonly adapters: Readonly<Record<string, string>>;
}

/**
 * Makes a pack. pack.json is written last: without it a folder is not a pack.
 * @throws {@link ConflictError} when the folder has a pack; {@link FormatError} for prompts that are conversations; as
 * loading and generating do.
 */
export async function addPack(
  out: string,
  { model: folder, adapters }: PackFolders,
  prompts: string,
  settings: PackSettings,
  json: boolean,
): Promise<void> {
  if (existsSync(join(out, 'pack.json'))) throw new ConflictError('--out', 'a folder without pack.json', out);
  const given = await promptsOf({ prompts });
  const model = await loaded({ model: folder, adapters });
  const asked = given.flatMap((prompt, i) => casesOf(prompt, i, model, Object.keys(adapters)));
  makeFolder('--out', out);
  const made = await madeCases(model, asked, settings);
  const pack: RegressionPack = {
    formatVersion: PACK_FORMAT,
    version: packageVersion(),
    model: await packedFolder('--model', folder),
    adapters: await foldersOf(adapters),
    settings,
    tests: made.map(({ test }) => test),
  };
  writePack(out, pack, made);
  if (json) printJson({ cases: made.length, adapters: Object.keys(adapters) });
  else say(`${made.length} cases in ${out}`);
}

/**
 * What has changed since a pack was made: files of its folders, texts and logits.
 * @throws {@link OptionError} for an adapter that the pack does not have; as loading and generating do.
 */
export async function packFindings(pack: string, moved: Partial<PackFolders>): Promise<Finding[]> {
  const then = packFrom(jsonIn('--pack', pack, 'pack.json'));
  const unknown = Object.keys(moved.adapters ?? {}).find((name) => !Object.hasOwn(then.adapters, name));
  if (unknown !== undefined) {
    throw new OptionError(
      '--adapter',
      `one of ${Object.keys(then.adapters).join(', ') || 'none'} in the pack`,
      unknown,
    );
  }
  const folders: PackFolders = {
    model: moved.model ?? then.model.folder,
    adapters: {
      ...Object.fromEntries(Object.entries(then.adapters).map(([name, { folder }]) => [name, folder])),
      ...moved.adapters,
    },
  };
  const findings = changedFiles(then.model, await packedFolder('--model', folders.model));
  for (const [name, before] of Object.entries(then.adapters)) {
    findings.push(...changedFiles(before, await packedFolder('--adapter', folders.adapters[name]!)));
  }
  const now = await madeCases(await loaded(folders), then.tests, then.settings);
  const logits = openSafetensors(join(pack, 'logits.safetensors'));
  try {
    for (const [i, test] of then.tests.entries()) findings.push(...changesOf(test, logits.read(test.id), now[i]!));
  } finally {
    logits.close();
  }
  return findings;
}

/** Only what is asked for decides a text, not what the folder's generation_config.json says. */
function loaded({ model, adapters }: PackFolders): Promise<Model> {
  const named = Object.entries(adapters).map(([name, folder]) => `${name}=${folder}`);
  return loadModel({ model, adapter: named, generationConfig: false });
}

/** A prompt that names no adapter is a case for the base, and one for each adapter. */
function casesOf(
  { prompt, adapter, where }: GivenPrompt,
  index: number,
  { model, choose }: Model,
  names: string[],
): AskedCase[] {
  const isText = typeof prompt === 'string' || prompt.every((token) => typeof token === 'number');
  if (!isText) throw new FormatError(`${where}`, 'a prompt or tokens', 'messages');
  const { config } = model.transformer;
  const tokens = promptTokens(prompt as string | readonly number[], model.tokenizer, config.vocabularySize);
  const adapters = adapter === undefined ? [null, ...names] : [choose(adapter).adapter?.name ?? null];
  return adapters.map((name, i) => ({ id: `case-${index + 1}-${i + 1}`, adapter: name, prompt: tokens }));
}

async function madeCases({ model }: Model, asked: readonly AskedCase[], settings: PackSettings): Promise<MadeCase[]> {
  const made: MadeCase[] = [];
  const bar = progress('decoding', asked.length, 'cases');
  for (const each of asked) {
    made.push(await madeCase(model, each, settings));
    bar.advance();
  }
  bar.done();
  return made;
}

async function foldersOf(adapters: PackFolders['adapters']): Promise<RegressionPack['adapters']> {
  const folders: Record<string, RegressionPack['model']> = {};
  for (const [name, folder] of Object.entries(adapters)) folders[name] = await packedFolder('--adapter', folder);
  return folders;
}

function writePack(out: string, pack: RegressionPack, made: readonly MadeCase[]): void {
  const tensors = new Map(made.map(({ test, logits }) => [test.id, logits]));
  const file = openOutput('--out', join(out, 'logits.safetensors'));
  for (const piece of safetensorsPieces('logits.safetensors', tensors)) file.write(piece);
  file.finish();
  const list = openOutput('--out', join(out, 'pack.json'));
  list.write(`${JSON.stringify(pack, null, 1)}\n`);
  list.finish();
}
