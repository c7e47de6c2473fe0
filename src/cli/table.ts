/**
 * Tables that fit the terminal: columns share its width, long cells wrap, and a table that is still too wide is written
 * row by row.
 * @packageDocumentation
 */
import { styleText } from 'node:util';
import Table from 'cli-table3';
import { print, printableLines } from './output.ts';
import { widthOf, wrap } from './wrap.ts';

/** Columns of the terminal that stdout writes to; 80 for a file or a pipe. */
export function terminalWidth(): number {
  return process.stdout.columns || 80;
}

/**
 * Writes a table on stdout, its cells made printable. `right` lists the right-aligned columns; `drop` lists the columns
 * to leave out, in this order, while the table is too wide.
 */
export function printTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
  drop: readonly number[] = [],
): void {
  const [shownHead, ...shownRows] = [head, ...rows].map((row) => row.map(printableLines));
  print(`${laidOut(shownHead!, shownRows, right, terminalWidth(), drop)}\n`);
}

/** A table of at most `width` columns. */
export function laidOut(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[],
  width: number,
  [first, ...rest]: readonly number[] = [],
): string {
  const widths = columnWidths([head, ...rows], width - 1 - 3 * head.length);
  if (widths === null && first !== undefined) {
    const left = (cells: readonly string[]): string[] => cells.toSpliced(first, 1);
    const moved = (columns: readonly number[]): number[] =>
      columns.filter((column) => column !== first).map((column) => (column > first ? column - 1 : column));
    return laidOut(left(head), rows.map(left), moved(right), width, moved(rest));
  }
  if (widths === null) return rows.map((row) => record(head, row, width)).join('\n\n');
  const fitted = (text: string, column: number): string[] => wrap(text, widths[column]!);
  const cells = rows.map((row) => row.map((text, column) => fitted(text, column).join('\n')));
  // Lines between rows only where a row can have several lines.
  const table = new Table({
    head: head.map((text, column) => fitted(text, column).map(bold).join('\n')),
    style: { head: [], border: [], compact: cells.every((row) => row.every((cell) => !cell.includes('\n'))) },
    colAligns: head.map((_, column) => (right.includes(column) ? 'right' : 'left')),
    colWidths: widths.map((columns) => columns + 2),
  });
  table.push(...cells);
  return table.toString();
}

/** Words up to this width are kept whole. */
const WHOLE_WORD = 16;

/** Widths that add up to at most `available`, taken from the widest columns; null if words would have to be cut. */
function columnWidths(rows: readonly (readonly string[])[], available: number): number[] | null {
  const wanted = widest(rows, /\n/);
  const least = widest(rows, /[\n ]/).map((columns) => Math.min(columns, WHOLE_WORD));
  const at = (level: number): number[] => wanted.map((columns, i) => Math.max(least[i]!, Math.min(columns, level)));
  const total = (widths: readonly number[]): number => widths.reduce((sum, columns) => sum + columns, 0);
  if (total(wanted) <= available) return wanted;
  for (let level = available; level > 0; level--) {
    if (total(at(level)) <= available) return at(level);
  }
  return null;
}

/** The width of the widest piece of each column's cells. */
function widest(rows: readonly (readonly string[])[], between: RegExp): number[] {
  const widths = rows[0]!.map(() => 1);
  for (const row of rows) {
    for (const [column, text] of row.entries()) {
      for (const piece of text.split(between)) widths[column] = Math.max(widths[column]!, widthOf(piece));
    }
  }
  return widths;
}

/** One row as lines of `name: value`. */
function record(head: readonly string[], row: readonly string[], width: number): string {
  return row
    .map((text, column) => {
      const value = wrap(text, Math.max(1, width - 2)).map((line) => `  ${line}`);
      return [...wrap(head[column]!, width).map(bold), ...value].join('\n');
    })
    .join('\n');
}

function bold(text: string): string {
  return styleText('bold', text, { stream: process.stdout });
}
