/**
 * Names of models: ids of the Hub, local folders and folders of the Hub's cache, and when two of them cannot mean the
 * same model.
 * @packageDocumentation
 */

/**
 * The name of the model in a folder with this absolute path: the folder's own name, or the model's if the folder is in
 * the Hub's cache.
 */
export function modelName(path: string): string {
  const cached = /(?:^|[/\\])models--(.+?)[/\\]snapshots[/\\][^/\\]+$/.exec(path);
  return cached === null
    ? (path.split(/[/\\]/).findLast((part) => part !== '') ?? path)
    : cached[1]!.replaceAll('--', '/');
}

/**
 * Whether two names certainly mean different models. Most folder names tell nothing (`base`, `checkpoint-500`), so both
 * must state a size, as in `SmolLM2-135M`; owners, paths and case do not count.
 * @example
 * import assert from 'node:assert/strict';
 * import { namesDiffer } from 'turbo-lora/formats';
 * assert.equal(namesDiffer('HuggingFaceTB/SmolLM2-360M', 'SmolLM2-135M'), true);
 * assert.equal(namesDiffer('HuggingFaceTB/SmolLM2-360M', 'my-base'), false);
 */
export function namesDiffer(one: string, other: string): boolean {
  const [a, b] = [bareName(one), bareName(other)];
  const same = a.endsWith(b) || b.endsWith(a); // an owner may be part of a folder's name
  return !same && STATES_SIZE.test(a) && STATES_SIZE.test(b);
}

/** Millions or billions of parameters: `135m`, `1.5b`, `8x7b`. */
const STATES_SIZE = /(?<![a-z0-9])\d+(x\d+|\.\d+)?[mb](?![a-z0-9])/;

/** `owner/Name`, `owner--Name` and `/models/Name/` are all `name`. */
function bareName(name: string): string {
  const parts = name.split(/[/\\]|--/).filter((part) => part !== '');
  return (parts.at(-1) ?? name).toLowerCase().replaceAll('_', '-');
}
