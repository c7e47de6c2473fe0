import type { ConformanceReport } from './report.ts';

/** The bytes of report.json: a line for each part and each case. */
export function reportText({ parts, cases, ...head }: ConformanceReport): string {
  const lines = (values: readonly unknown[]): string =>
    values.length === 0 ? '[]' : `[\n${values.map((value) => `  ${JSON.stringify(value)}`).join(',\n')}\n ]`;
  const fields = Object.entries(head).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `{\n ${[...fields, `"parts": ${lines(parts)}`, `"cases": ${lines(cases)}`].join(',\n ')}\n}\n`;
}
