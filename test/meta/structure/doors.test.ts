/** The doors of the package: one per floor, each hand-written, and the first one short. */
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { DOORS } from '../../support/doors.ts';
import { parse, sourceFiles, textOf } from '../sources.ts';
import { importsOf } from './imports.ts';

/** Folders and files of `src` that are not a floor: what they hold is reached otherwise, or not at all. */
const INDOORS = ['cli', 'patterns', 'language-model', 'quoted.ts'];

/** Names that a door lets through, those of a door that it opens as a whole included. */
function namesOf(file: string): Set<string> {
  const names = new Set<string>();
  for (const node of parse(file).statements) {
    if (ts.isClassDeclaration(node)) names.add(node.name!.text);
    if (!ts.isExportDeclaration(node)) continue;
    if (node.exportClause === undefined) {
      for (const name of namesOf(`src/${(node.moduleSpecifier as ts.StringLiteral).text.slice(2)}`)) names.add(name);
    } else if (ts.isNamedExports(node.exportClause)) {
      for (const { name } of node.exportClause.elements) names.add(name.text);
    }
  }
  return names;
}

/** Where Node may be used: files and folders named after it, the command line, and the doors of those. */
const usesNode = (file: string): boolean => /\/node(\.ts$|\/)|^src\/cli\/|^src\/index\.ts$/.test(file);

describe('Node', () => {
  const reachesNode = (file: string, imported: string): boolean =>
    !usesNode(file) && (imported.startsWith('node:') || usesNode(imported));

  it('is used in files and folders named after it, and by the command line', () => {
    const imports = sourceFiles().map((file) => ({ file, imported: importsOf(parse(file)) }));
    const wrong = imports.flatMap(({ file, imported }) =>
      imported.filter((name) => reachesNode(file, name)).map((name) => `${file} imports ${name}`),
    );
    expect(wrong).toEqual([]);
    const users = imports.filter(({ imported }) => imported.some((name) => name.startsWith('node:')));
    expect(users.length).toBeGreaterThan(4);
  });

  it('the check itself fails', () => {
    expect(reachesNode('src/formats/json.ts', 'node:fs')).toBe(true);
    expect(reachesNode('src/formats/json.ts', 'src/formats/folder/node.ts')).toBe(true);
    expect(reachesNode('src/formats/node/by-path.ts', 'src/formats/folder/node.ts')).toBe(false);
  });
});

describe('doors', () => {
  it('each floor has one', () => {
    const floors = new Set(sourceFiles().map((file) => file.split('/')[1]!));
    const open = new Set(DOORS.map(({ file }) => file.split('/')[1]!));
    expect([...floors].filter((floor) => !open.has(floor) && !INDOORS.includes(floor))).toEqual([]);
  });

  it('each introduces itself, and names what it lets through', () => {
    for (const { name, file } of DOORS) {
      expect(textOf(file), name).toMatch(/^\/\*\*\n( \*.*\n)+? \* @packageDocumentation\n \*\//);
      expect(namesOf(file).size, name).toBeGreaterThan(3);
    }
    const whole = DOORS.filter(({ file }) => /^export \*/m.test(textOf(file)));
    expect(whole.map(({ name }) => name)).toEqual(['turbo-lora']);
  });

  it('the first has what a user wants, some forty names', () => {
    const names = namesOf('src/index.ts');
    expect(names.size).toBeGreaterThan(30);
    expect(names.size).toBeLessThan(50);
    for (const name of namesOf('src/browser.ts')) expect(names).toContain(name);
  });
});
