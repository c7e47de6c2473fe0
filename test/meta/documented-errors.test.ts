/**
 * What doc comments say is thrown is thrown. For every exported function, constructor and method whose comment has
 * `@throws {@link SomeError}`, a call in `documented-errors/` must throw exactly that class, from the file that says
 * so.
 */
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { calls } from './documented-errors/calls.ts';
import { blockTags, docComments, parse, sourceFiles } from './sources.ts';

/** Floors whose calls are still to be written. It only ever gets shorter. */
const PENDING: readonly string[] = [];

interface Documented {
  /** File below `src` without its ending, and the name of the declaration: `model/forward forward`. */
  readonly subject: string;
  readonly error: string;
}

function isExported(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}

/** Every documented error of the library, once. The command line throws nothing: it prints. */
function documented(source: ts.SourceFile, file: string): Documented[] {
  const place = file.slice('src/'.length, -'.ts'.length);
  return docComments(source).flatMap(({ symbol, node, text }) => {
    if (!isExported(node) && !isExported(node.parent)) return [];
    const errors = blockTags(text, 'throws').flatMap((tag) =>
      [...tag.matchAll(/\{@link (\w+Error)\}/g)].map((match) => match[1]!),
    );
    return [...new Set(errors)].map((error) => ({ subject: `${place} ${symbol}`, error }));
  });
}

const library = sourceFiles().filter((file) => !file.startsWith('src/cli/'));
const all = library.flatMap((file) => documented(parse(file), file));
const due = all.filter(({ subject }) => !PENDING.includes(subject.split('/')[0]!));

/** Why a call does not show that this error is thrown, or null. */
async function objection({ subject, error }: Documented, call: () => unknown): Promise<string | null> {
  const file = subject.split(' ')[0]!;
  try {
    await call();
  } catch (thrown) {
    if (!(thrown instanceof Error) || thrown.constructor.name !== error) return `it throws ${thrown}`;
    // The frames of the stack say whether the error came through the file that documents it, or through the folder of
    // its name: a promise that is returned leaves no frame.
    const comesThrough = [`src/${file}.ts`, `src/${file}/`].some((path) => thrown.stack?.includes(path));
    return comesThrough ? null : `the error does not come through src/${file}.ts`;
  }
  return 'it throws nothing';
}

beforeAll(() => {
  Error.stackTraceLimit = 100;
});

describe('documented errors', () => {
  it('there are some, each with a call', () => {
    expect(all.length).toBeGreaterThan(100);
    const missing = due.filter(({ subject, error }) => calls[subject]?.[error] === undefined);
    expect(
      missing.map(({ subject, error }) => `src/${subject}: no call in test/meta/documented-errors throws ${error}`),
    ).toEqual([]);
  });

  it('no call is for an error that is not documented', () => {
    const known = new Set(all.map(({ subject, error }) => `${subject} ${error}`));
    const named = Object.entries(calls).flatMap(([subject, errors]) =>
      Object.keys(errors).map((error) => `${subject} ${error}`),
    );
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it.each(due.filter(({ subject, error }) => calls[subject]?.[error] !== undefined))(
    '$subject throws $error',
    async (pair) => {
      expect(await objection(pair, calls[pair.subject]![pair.error]!)).toBe(null);
    },
  );

  it('the check itself fails', async () => {
    const source = ts.createSourceFile(
      'x.ts',
      '/** Adds. @throws {@link ShapeError} at times; {@link LawError} never. */ export function f() {}\n' +
        '/** Not exported. @throws {@link ShapeError} */ function g() {}',
      ts.ScriptTarget.ES2023,
      true,
    );
    expect(documented(source, 'src/x.ts')).toEqual([
      { subject: 'x f', error: 'ShapeError' },
      { subject: 'x f', error: 'LawError' },
    ]);
    const [[subject, errors]] = Object.entries(calls) as [[string, Record<string, () => unknown>]];
    const [[error, call]] = Object.entries(errors) as [[string, () => unknown]];
    expect(await objection({ subject, error }, call)).toBe(null);
    expect(await objection({ subject, error }, () => undefined)).toBe('it throws nothing');
    expect(await objection({ subject, error: 'WriteError' }, call)).toMatch(/^it throws \w+Error: /);
    expect(await objection({ subject: 'model/nowhere f', error }, call)).toMatch(/does not come through/);
  });
});
