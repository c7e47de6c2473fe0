/**
 * Markup that is safe by construction: what a template is filled with is text, unless it is markup itself.
 * @packageDocumentation
 */
import { printable } from '../../quoted.ts';

/** Texts in reports are shorter; a file that says it is a report may hold longer ones. */
const MOST_CHARACTERS = 8000;

/** A piece of HTML or XML. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a template can be filled with. null leaves nothing. */
export type Filling = string | number | Markup | null | readonly Filling[];

/** A template of HTML or XML. Attributes must be quoted. */
export function markup(pieces: TemplateStringsArray, ...fillings: readonly Filling[]): Markup {
  return new Markup(pieces.map((piece, i) => (i === 0 ? piece : filled(fillings[i - 1]!) + piece)).join(''));
}

function filled(filling: Filling): string {
  if (filling === null) return '';
  if (filling instanceof Markup) return filling.text;
  if (typeof filling === 'object') return filling.map(filled).join('');
  return escaped(String(filling));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Unprintable characters as JSON escapes them (XML allows few of them), but newlines and tabs as they are. */
function escaped(text: string): string {
  return text
    .split(/([\n\t])/)
    .map((piece) => (piece === '\n' || piece === '\t' ? piece : printable(piece, MOST_CHARACTERS)))
    .join('')
    .replace(/[\uFFFE\uFFFF]/g, '\uFFFD')
    .replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
