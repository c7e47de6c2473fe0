/** The building keeps its floors: imports point down, files stay short, folders say what is in them. */
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { parse, sourceFiles, textOf } from './sources.ts';

const MOST_LINES = 260;

/** Lowest first. Folders of one floor may import each other. */
const FLOORS: readonly (readonly string[])[] = [
  ['errors.ts', 'quoted.ts'],
  ['numerics', 'patterns'],
  ['chance'],
  ['ops'],
  ['model', 'adapters'],
  ['draft', 'sampling'],
  ['verify'],
  ['decode'],
  ['law', 'train', 'gpu'],
  ['formats'],
  ['language-model', 'oracle'],
  ['cli'],
  ['index.ts'],
];

/** What the floors name: the folder in `src`, or the file that lies in no folder. */
const placeOf = (file: string): string => file.split('/')[1]!;
const floorOf = (place: string): number => FLOORS.findIndex((places) => places.includes(place));

/** Modules that a file imports or re-exports, types included; relative ones as paths from the root. */
function importsOf(file: string): string[] {
  const specifiers: string[] = [];
  const visit = (node: ts.Node): void => {
    const from =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
          ? node.arguments[0]
          : undefined;
    if (from !== undefined && ts.isStringLiteral(from)) specifiers.push(from.text);
    ts.forEachChild(node, visit);
  };
  visit(parse(file));
  return specifiers.map((name) => (name.startsWith('.') ? normalize(join(dirname(file), name)) : name));
}

/** Why an import is not allowed, or null. */
function objection(file: string, imported: string): string | null {
  if (!imported.startsWith('src/')) return imported === 'turbo-lora' ? 'imports the package by name' : null;
  const [from, to] = [placeOf(file), placeOf(imported)];
  if (floorOf(to) > floorOf(from)) return `points up from ${from} to ${to}`;
  return to === 'gpu' && from !== 'gpu' ? 'only gpu may import gpu' : null;
}

describe('floors', () => {
  it('each folder stands on one', () => {
    const places = new Set(sourceFiles().map(placeOf));
    expect([...places].filter((place) => floorOf(place) < 0)).toEqual([]);
  });

  it('imports point down', () => {
    const wrong = sourceFiles().flatMap((file) =>
      importsOf(file).flatMap((imported) => {
        const why = objection(file, imported);
        return why === null ? [] : [`${file} imports ${imported}: ${why}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('the check itself fails', () => {
    expect(objection('src/chance/tape.ts', 'src/model/session.ts')).toMatch(/points up/);
    expect(objection('src/decode/plain.ts', 'src/chance/tape.ts')).toBe(null);
    expect(objection('src/formats/json.ts', 'src/gpu/ops.ts')).toBe('only gpu may import gpu');
  });
});

it(`no file is longer than ${MOST_LINES} lines`, () => {
  const lengths = sourceFiles().map((file) => ({ file, lines: textOf(file).split('\n').length - 1 }));
  expect(lengths.filter(({ lines }) => lines > MOST_LINES)).toEqual([]);
});

it('no folder is called after what it has left over', () => {
  const leftover = /\/(utils?|helpers?|common|misc)(\/|\.ts$)/;
  expect(sourceFiles().filter((file) => leftover.test(file))).toEqual([]);
});

describe('what is printed goes through one door', () => {
  // Sizes and colours may be asked of the streams; writing is for src/cli/output.ts.
  const writes = /process\.std(out|err)\.write|console\./;

  it('nothing else writes to stdout or stderr', () => {
    // Examples in comments may print.
    const code = (file: string): string => textOf(file).replace(/^ *(\*|\/\/).*$/gm, '');
    expect(sourceFiles().filter((file) => writes.test(code(file)))).toEqual([]);
  });

  it('the check itself fails', () => {
    expect(writes.test("process.stdout.write('x')")).toBe(true);
  });
});
