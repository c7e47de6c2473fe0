/** What is exported is explained: a sentence on each value, and the errors that it throws by name. */
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { DOORS } from '../support/doors.ts';
import { blockTags, type DocComment, docComments, parse, root, sourceFiles, summaryOf } from './sources.ts';

/** Names of our error classes that a declaration may throw by itself or through functions of the same file. */
function thrownBy(node: ts.Node, local: ReadonlyMap<string, ts.Node>, seen = new Set<ts.Node>()): Set<string> {
  const thrown = new Set<string>();
  if (seen.has(node)) return thrown;
  seen.add(node);
  const visit = (inner: ts.Node): void => {
    if (ts.isThrowStatement(inner) && inner.expression && ts.isNewExpression(inner.expression)) {
      const name = inner.expression.expression.getText();
      if (errorClasses.has(name)) thrown.add(name);
    }
    if (ts.isCallExpression(inner) && ts.isIdentifier(inner.expression)) {
      const callee = local.get(inner.expression.text);
      if (callee !== undefined) for (const name of thrownBy(callee, local, seen)) thrown.add(name);
    }
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return thrown;
}

const errorClasses = new Set(
  parse('src/errors.ts').statements.flatMap((node) => (ts.isClassDeclaration(node) ? [node.name!.text] : [])),
);

/** Errors that a comment does not name; "as {@link forward} does" names those of another function. */
function unnamedErrors(comment: string, thrown: Iterable<string>): string[] {
  const named = blockTags(comment, 'throws').join('\n');
  if (/^as \{@link [\w.]+\} does/m.test(named)) return [];
  return [...thrown].filter((name) => !named.includes(`{@link ${name}}`));
}

function isExported(node: ts.Node): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((m) => m.kind === ts.SyntaxKind.ExportKeyword);
}

interface PublicFunction {
  readonly name: string;
  readonly node: ts.Node;
  /** Empty when there is none. */
  readonly comment: string;
}

/** Exported functions and public methods of exported classes. */
function publicFunctions(file: string): PublicFunction[] {
  const source = parse(file);
  const comments = new Map(docComments(source).map((doc): [ts.Node, DocComment] => [doc.node, doc]));
  const commentOf = (node: ts.Node): string => comments.get(node)?.text ?? '';
  return source.statements.filter(isExported).flatMap((node): PublicFunction[] => {
    if (ts.isFunctionDeclaration(node)) return [{ name: node.name!.text, node, comment: commentOf(node) }];
    if (!ts.isClassDeclaration(node)) return [];
    const methods = node.members.filter((member) => ts.isMethodDeclaration(member) && ts.isIdentifier(member.name));
    return methods.map((member) => ({
      name: `${node.name!.text}.${member.name!.getText()}`,
      node: member,
      comment: `${commentOf(member)}\n${commentOf(node)}`,
    }));
  });
}

function localFunctions(file: string): Map<string, ts.Node> {
  const functions = parse(file).statements.filter(ts.isFunctionDeclaration);
  return new Map(functions.map((node) => [node.name!.text, node]));
}

describe('doc comments', () => {
  it('every export of every door has a sentence', () => {
    const files = DOORS.map(({ file }) => join(root, file));
    const program = ts.createProgram(files, {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2023,
      allowImportingTsExtensions: true,
      noEmit: true,
      noLib: true,
      types: [],
    });
    const checker = program.getTypeChecker();
    const exported = files.flatMap((file) => {
      const found = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)!)!);
      expect(found.length, file).toBeGreaterThan(0);
      return found;
    });
    const silent = exported.filter((symbol) => {
      const meant = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      const text = ts.displayPartsToString(meant.getDocumentationComment(checker));
      return !/[.:]\s*$|[.]\s/.test(summaryOf(text));
    });
    expect(silent.map((symbol) => symbol.name)).toEqual([]);
  });

  it('functions and methods name the errors that they throw', () => {
    const library = sourceFiles().filter((file) => !file.startsWith('src/cli/'));
    const wrong = library.flatMap((file) => {
      const local = localFunctions(file);
      return publicFunctions(file).flatMap(({ name, node, comment }) => {
        const missing = unnamedErrors(comment, thrownBy(node, local));
        return missing.map((error) => `${file} ${name}: @throws {@link ${error}} is missing`);
      });
    });
    expect(wrong).toEqual([]);
  });

  it('the check itself fails', () => {
    expect(unnamedErrors('Does things.', ['ShapeError'])).toEqual(['ShapeError']);
    expect(unnamedErrors('Does things.\n@throws {@link OptionError} at times.', ['ShapeError'])).toEqual([
      'ShapeError',
    ]);
    expect(unnamedErrors('Does things.\n@throws {@link ShapeError} when it must.', ['ShapeError'])).toEqual([]);
  });
});
