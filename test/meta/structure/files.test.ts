/** Files and functions stay short, folders say what is in them, and what is printed goes through one door. */
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { parse, sourceFiles, textOf } from '../sources.ts';

const MOST_LINES = 260;
const MOST_LINES_OF_A_FUNCTION = 40;

/** Loops unrolled by a generator, from one template. */
const UNROLLED = 'src/ops/float64/kernels/over-';

/** Functions of more lines than `most`, as `name: lines`. */
function longFunctions(source: ts.SourceFile, most: number): string[] {
  const found: string[] = [];
  const lineAt = (at: number): number => source.getLineAndCharacterOfPosition(at).line;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const lines = lineAt(node.end) - lineAt(node.getStart(source)) + 1;
      if (lines > most) found.push(`${node.name?.getText(source) ?? 'a function without a name'}: ${lines}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

describe(`no function is longer than ${MOST_LINES_OF_A_FUNCTION} lines`, () => {
  it('in the sources', () => {
    const written = sourceFiles().filter((file) => !file.startsWith(UNROLLED));
    const long = written.flatMap((file) =>
      longFunctions(parse(file), MOST_LINES_OF_A_FUNCTION).map((one) => `${file}: ${one}`),
    );
    expect(long).toEqual([]);
  });

  it('the check itself fails', () => {
    const source = ts.createSourceFile('a.ts', 'function f() {\n  g();\n}', ts.ScriptTarget.ES2023, true);
    expect(longFunctions(source, 2)).toEqual(['f: 3']);
    expect(longFunctions(source, 3)).toEqual([]);
  });
});

it(`no file is longer than ${MOST_LINES} lines`, () => {
  const lengths = sourceFiles().map((file) => ({ file, lines: textOf(file).split('\n').length - 1 }));
  expect(lengths.filter(({ lines }) => lines > MOST_LINES)).toEqual([]);
});

describe('lines of comment fit into 120 columns', () => {
  const wide = (text: string): string[] =>
    text.split('\n').filter((line) => /^ *(\/?\*|\/\/)/.test(line) && line.length > 120);

  it('in the sources', () => {
    expect(sourceFiles().flatMap((file) => wide(textOf(file)).map((line) => `${file}: ${line}`))).toEqual([]);
  });

  it('the check itself fails', () => {
    expect(wide(`/** ${'long '.repeat(24)} */`)).toHaveLength(1);
    expect(wide(`const text = '${'long '.repeat(24)}';`)).toEqual([]);
  });
});

it('no folder is called after what it has left over', () => {
  const leftover = /\/(utils?|helpers?|common|misc)(\/|\.ts$)/;
  expect(sourceFiles().filter((file) => leftover.test(file))).toEqual([]);
});

describe('the shape of a matrix is checked', () => {
  const cast = /\bshape as \[/;

  it('and not cast', () => {
    expect(sourceFiles().filter((file) => cast.test(textOf(file)))).toEqual([]);
  });

  it('the check itself fails', () => {
    expect(cast.test('const [rows] = x.shape as [number, number];')).toBe(true);
  });
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
