/**
 * An addition stays in one place: a rule in its file and the table of rules, a family in its file and the table of
 * families, a backend in its folder.
 */
import { basename } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { familyNames } from '../../../src/formats/families/index.ts';
import type { Rule } from '../../../src/verify/rule.ts';
import { RULES } from '../../../src/verify/rules.ts';
import { parse, sourceFiles } from '../sources.ts';
import { importsOf } from './imports.ts';

const files = sourceFiles();

/** String literals of a file, those in its types and imports included. */
function literalsOf(source: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Words of `words` that a file has as string literals, and files of `among` that it imports. */
function mentions(source: ts.SourceFile, words: readonly string[], among: readonly string[]): string[] {
  const literals = literalsOf(source).filter((literal) => words.includes(literal));
  const imported = importsOf(source).filter((file) => among.includes(file));
  return [...new Set([...literals, ...imported])];
}

const sourceOf = (file: string, text: string): ts.SourceFile =>
  ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);

/** Mentions by file, of the files that are not allowed any. */
function strays(words: readonly string[], among: readonly string[], mayMention: (file: string) => boolean): string[] {
  return files
    .filter((file) => !mayMention(file))
    .flatMap((file) => mentions(parse(file), words, among).map((word) => `${file}: ${word}`));
}

describe('a rule is added in its file and in the table of rules', () => {
  const TABLE = 'src/verify/rules.ts';
  const names = [...RULES.keys()];

  /** The file of each rule that is a value of a module of `src/verify`. */
  async function filesOfRules(): Promise<Map<Rule, string>> {
    const found = new Map<Rule, string>();
    for (const file of files.filter((one) => one.startsWith('src/verify/') && one !== TABLE && !isIndex(one))) {
      const module: Record<string, unknown> = await import(/* @vite-ignore */ `../../../${file}`);
      for (const value of Object.values(module)) {
        if (typeof value === 'object' && value !== null && 'decide' in value) found.set(value as Rule, file);
      }
    }
    return found;
  }

  it('each rule that a file defines is in the table, one file each', async () => {
    const found = await filesOfRules();
    expect(new Set(found.keys())).toEqual(new Set(RULES.values()));
    expect(new Set(found.values()).size).toBe(RULES.size);
  });

  it('nothing else names one', async () => {
    const own = [...new Set((await filesOfRules()).values())];
    const mayMention = (file: string): boolean =>
      file.startsWith('src/verify/') ||
      // What users import by name.
      isIndex(file) ||
      file === 'src/browser.ts' ||
      // A fault names the rules whose implementations had it; a rule without a known fault needs no entry.
      file.startsWith('src/law/faults/') ||
      // Lower floors cannot know rules: their words mean something else (a greedy repeat, a match of a pattern).
      file.startsWith('src/patterns/') ||
      // A heading: what greedy decoding, not the rule, would emit.
      file === 'src/cli/law.ts';
    expect(strays(names, own, mayMention)).toEqual([]);
  });

  it('inside src/verify, no rule names another', async () => {
    const found = await filesOfRules();
    const own = [...new Set(found.values())];
    const wrong = [...found].flatMap(([rule, file]) =>
      mentions(
        parse(file),
        names.filter((name) => name !== rule.name),
        own,
      ).map((word) => `${file}: ${word}`),
    );
    expect(wrong).toEqual([]);
  });

  it('the check itself fails', () => {
    const text = "import { block } from '../verify/block.ts'; if (rule.name === 'k-seq') special();";
    const source = sourceOf('src/decode/loop.ts', text);
    expect(mentions(source, names, ['src/verify/block.ts'])).toEqual(['k-seq', 'src/verify/block.ts']);
    expect(mentions(sourceOf('src/decode/loop.ts', 'rule.checkUse?.(use)'), names, [])).toEqual([]);
  });
});

describe('a family is added in its file and in the table of families', () => {
  const FOLDER = 'src/formats/families/';
  const inside = files.filter((file) => file.startsWith(FOLDER));
  const table = `${FOLDER}index.ts`;

  it('nothing outside the folder names one or imports its file', () => {
    const mayMention = (file: string): boolean => file.startsWith(FOLDER) || isIndex(file);
    const own = importsOf(parse(table)).filter((file) => inside.includes(file));
    expect(familyNames.length).toBeGreaterThan(0);
    expect(strays(familyNames, own, mayMention)).toEqual([]);
  });

  it('the check itself fails', () => {
    const source = sourceOf('src/model/forward.ts', "if (config.family === 'llama') special();");
    expect(mentions(source, familyNames, [])).toEqual(['llama']);
  });
});

describe('a backend is added in one folder', () => {
  const REFERENCE = 'src/ops/float64/';
  const FOLDERS = [REFERENCE, 'src/gpu/'];
  /** Another backend may leave small steps to the reference. */
  const isBackend = (file: string): boolean => FOLDERS.some((folder) => file.startsWith(folder));
  /** Who may know an implementation: those who choose one for the user. */
  const CHOOSERS = ['src/language-model/default-backend.ts', 'src/language-model/backends.ts'];

  const objection = (file: string, imported: readonly string[]): string[] =>
    FOLDERS.filter((folder) => !file.startsWith(folder) && !(folder === REFERENCE && isBackend(file)))
      .flatMap((folder) => imported.filter((one) => one.startsWith(folder)))
      .map((one) => `${file}: ${one}`);

  it('models, sessions, drafters and loops import none', () => {
    const mayKnow = (file: string): boolean => isIndex(file) || CHOOSERS.includes(file);
    const wrong = files.filter((file) => !mayKnow(file)).flatMap((file) => objection(file, importsOf(parse(file))));
    expect(wrong).toEqual([]);
  });

  it('the check itself fails', () => {
    expect(objection('src/model/session.ts', ['src/ops/ops.ts', 'src/gpu/backend.ts'])).toEqual([
      'src/model/session.ts: src/gpu/backend.ts',
    ]);
    expect(objection('src/gpu/backend.ts', ['src/gpu/ops.ts', 'src/ops/float64/experts.ts'])).toEqual([]);
    expect(objection('src/ops/float64/linear.ts', ['src/gpu/ops.ts'])).toHaveLength(1);
  });
});

/** What re-exports a floor or a part of the library. */
function isIndex(file: string): boolean {
  return (
    basename(file) === 'index.ts' && !file.startsWith('src/ops/float64/') && !file.startsWith('src/formats/families/')
  );
}
