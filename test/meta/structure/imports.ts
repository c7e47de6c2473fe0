/** Who imports whom. */
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';

/** Modules that a file imports or re-exports, types included; relative ones as paths from the root. */
export function importsOf(source: ts.SourceFile): string[] {
  const specifiers: string[] = [];
  const visit = (node: ts.Node): void => {
    const from = specifierOf(node);
    if (from !== undefined && ts.isStringLiteral(from)) specifiers.push(from.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return specifiers.map((name) => (name.startsWith('.') ? normalize(join(dirname(source.fileName), name)) : name));
}

function specifierOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return node.argument.literal;
  const isImport = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isImport ? node.arguments[0] : undefined;
}

/**
 * Groups of files of which each imports, directly or not, each other one: the strongly connected components of more
 * than one file, and files that import themselves.
 * @source Tarjan 1972, "Depth-first search and linear graph algorithms", SIAM Journal on Computing 1
 */
export function circlesIn(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): void => {
    order.set(file, order.size);
    lowest.set(file, order.get(file)!);
    open.push(file);
    for (const imported of imports.get(file) ?? []) {
      if (!order.has(imported)) visit(imported);
      if (open.includes(imported)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(imported)!));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const circle = open.splice(open.indexOf(file));
    if (circle.length > 1 || imports.get(file)?.includes(file)) circles.push(circle.sort());
  };
  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return circles;
}
