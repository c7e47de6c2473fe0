/** The project's own TypeScript files and the doc comments in them, for tests that check how they are written. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Every `.ts` file below `src`, as a path from the project's root. */
export function sourceFiles(): string[] {
  const below = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true });
  const files = below.filter((entry) => entry.isFile() && entry.name.endsWith('.ts'));
  return files.map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/')).sort();
}

export function textOf(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

export function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, textOf(file), ts.ScriptTarget.ES2023, true);
}

/** A doc comment without its frame, and the declaration that it belongs to. */
export interface DocComment {
  readonly symbol: string;
  readonly node: ts.Node;
  readonly text: string;
}

/** Every doc comment of a file. A file's own comment, which no declaration owns, is not among them. */
export function docComments(source: ts.SourceFile): DocComment[] {
  const found: DocComment[] = [];
  const visit = (node: ts.Node): void => {
    const comments = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
    const own = comments.filter((comment) => comment.parent === node);
    for (const comment of own) found.push({ symbol: symbolOf(node), node, text: unframed(comment.getText(source)) });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** What a doc comment says before its first block tag. */
export function summaryOf(comment: string): string {
  return comment.split(/(?<=^|\s)(?=@[a-z])/m)[0]!.trim();
}

/** The content of each block tag of this name. A tag ends where the next begins, on the same line too. */
export function blockTags(comment: string, tag: string): string[] {
  const sections = comment.split(/(?<=^|\s)(?=@[a-z])/m);
  const own = sections.filter((section) => new RegExp(`^@${tag}\\b`).test(section));
  return own.map((section) => section.slice(tag.length + 1).trim());
}

function symbolOf(node: ts.Node): string {
  const statement = ts.isVariableStatement(node) ? node.declarationList.declarations[0]! : node;
  const { name } = statement as ts.NamedDeclaration;
  const own = name === undefined ? ts.SyntaxKind[statement.kind] : name.getText();
  const { parent } = node;
  return ts.isClassDeclaration(parent) || ts.isInterfaceDeclaration(parent) ? `${parent.name?.text}.${own}` : own;
}

function unframed(comment: string): string {
  const inner = comment.replace(/^\/\*\*/, '').replace(/\*\/$/, '');
  const lines = inner.split('\n').map((line) => line.replace(/^\s*\* ?/, '').trimEnd());
  return lines.join('\n').trim();
}
