/** SVG by hand. Lines and letters take the colour of the text around the picture; fills hold on light and dark. */
import { escaped } from '../writing/markdown.ts';

export const COLORS = { kept: '#2f9e62', target: '#3f7fd9', rejected: '#e0802a', residual: '#9a62d8' } as const;

export function box(x: number, y: number, width: number, height: number, attributes: string, title = ''): string {
  const size = `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`;
  return `<rect ${size} ${attributes}>${title === '' ? '' : `<title>${escaped(title)}</title>`}</rect>`;
}

export function label(x: number, y: number, text: string, attributes = ''): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escaped(text)}</text>`;
}

/** A figure with its picture inline, so that it knows the theme of the page. */
export function figure(
  width: number,
  height: number,
  title: string,
  caption: string,
  parts: readonly string[],
): string {
  const font = 'font-family="inherit" font-size="12" fill="currentColor"';
  const open = `<svg viewBox="0 0 ${width} ${Math.ceil(height)}" role="img" aria-label="${escaped(title)}" ${font}>`;
  // No empty lines: one would end the HTML block.
  return [
    `<figure class="picture">`,
    open,
    ...parts,
    '</svg>',
    `<figcaption>${caption}</figcaption>`,
    '</figure>',
  ].join('\n');
}

/** Squares with their meaning, side by side. */
export function legend(
  x: number,
  y: number,
  entries: readonly (readonly [attributes: string, text: string])[],
): string[] {
  let at = x;
  return entries.flatMap(([attributes, text]) => {
    const parts = [box(at, y - 10, 11, 11, attributes), label(at + 16, y, text)];
    at += 34 + text.length * 6.4;
    return parts;
  });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
