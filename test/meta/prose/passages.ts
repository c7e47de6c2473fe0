/** The passages of the tree that people read: comments, texts in the code, pages, schema descriptions. */
import { execFileSync } from 'node:child_process';
import ts from 'typescript';
import { root, textOf } from '../sources.ts';

/** Text for people, its white space and comment marks reduced to single spaces. */
export interface Passage {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

const READ = /\.(ts|js|mjs|md|py|css|sh|json|toml|yml)$|^\.ci\//;

/** Data and lists of packages are not written by us; the table of habits quotes what it forbids. */
const NOT_OURS = [
  /^package-lock\.json$/,
  /^fixtures\/(embedded|published-configs)\/.*\.json/,
  /^fixtures\/goldens\/.*\.json$/,
  /^fixtures\/manifest\.json$/,
  /^src\/patterns\/unicode-data\.ts$/,
  /^test\/meta\/prose/,
  /^test\/fuzz\/found\//,
];

/** Every file that may hold prose, as a path from the project's root. Notes of fixtures come from the generators. */
export function proseFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root });
  const files = listed.toString().split('\n').filter(Boolean);
  return files.filter((file) => READ.test(file) && !NOT_OURS.some((pattern) => pattern.test(file))).sort();
}

/** The passages of a file. */
export function passagesOf(file: string, text = textOf(file)): Passage[] {
  const found = /\.(ts|js|mjs)$/.test(file) ? passagesOfCode(text) : passagesOfText(text, file.endsWith('.md'));
  return found.map(([start, passage]) => ({
    file,
    line: text.slice(0, start).split('\n').length,
    text: plain(passage),
  }));
}

type Found = [start: number, text: string];

/** Comments, runs of line comments as one, and literals that hold a space. */
function passagesOfCode(text: string): Found[] {
  const source = ts.createSourceFile('x.ts', text, ts.ScriptTarget.ES2023, true);
  const comments = new Map<number, ts.CommentRange>();
  const literals: Found[] = [];
  const visit = (node: ts.Node): void => {
    const leading = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
    for (const range of [...leading, ...(ts.getTrailingCommentRanges(text, node.end) ?? [])]) {
      comments.set(range.pos, range);
    }
    if (ts.isImportDeclaration(node)) return;
    const literal = ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
    if (literal && node.getText().includes(' ')) literals.push([node.getStart(), node.getText().slice(1, -1)]);
    for (const child of node.getChildren()) visit(child);
  };
  visit(source);
  const ranges = [...comments.values()].sort((x, y) => x.pos - y.pos);
  return [...joinedLines(text, ranges), ...literals].sort(([x], [y]) => x - y);
}

/** The texts of comments; line comments with nothing but white space between them are one. */
function joinedLines(text: string, ranges: readonly ts.CommentRange[]): Found[] {
  const found: Found[] = [];
  let last: ts.CommentRange | undefined;
  for (const range of ranges) {
    const isLine = range.kind === ts.SyntaxKind.SingleLineCommentTrivia;
    const goesOn = isLine && last?.kind === range.kind && /^\s*$/.test(text.slice(last.end, range.pos));
    const start = goesOn ? found.pop()![0] : range.pos;
    found.push([start, text.slice(start, range.end)]);
    last = range;
  }
  return found;
}

/** Paragraphs, list items and table rows; code in Markdown is left out. */
function passagesOfText(text: string, markdown: boolean): Found[] {
  const prose = markdown ? text.replace(/^```[\s\S]*?^```/gm, (code) => code.replace(/[^\n]/g, ' ')) : text;
  const found: Found[] = [];
  for (const match of prose.matchAll(/(?:^(?!\s*$).*\n?)+/gm)) {
    let start = match.index;
    for (const part of match[0].split(/^(?=\s*(?:[-*|]|\d+\.) )/m)) {
      found.push([start, part]);
      start += part.length;
    }
  }
  return found;
}

/** Without code in backquotes, values in templates, comment marks, line ends and backslashes of escapes. */
function plain(passage: string): string {
  return passage
    .replace(/\$\{[^}]*\}/g, '…')
    .replace(/`[^`\n]*`/g, '`…`')
    .replace(/^\s*(?:\/\*\*?|\*\/|\*|\/\/|#+|>)/gm, ' ')
    .replace(/\*\/$/, '')
    .replace(/\s+/g, ' ')
    .trim();
}
