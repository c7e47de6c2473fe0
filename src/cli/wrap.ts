import stringWidth from 'string-width';

const segmenter = new Intl.Segmenter();

/** Columns that a line of text takes up in a terminal. */
export function widthOf(line: string): number {
  return stringWidth(line);
}

/**
 * The lines of a text, each at most `width` columns wide: broken at spaces, and inside a word only if the word alone is
 * too wide.
 */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, width));
}

function wrapLine(line: string, width: number): string[] {
  if (widthOf(line) <= width) return [line];
  const lines = [''];
  for (const word of line.split(' ')) {
    const last = lines.at(-1)!;
    if (last !== '' && widthOf(last) + 1 + widthOf(word) <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
      continue;
    }
    const pieces = broken(word, width);
    if (last === '') lines.pop();
    lines.push(...pieces);
  }
  return lines;
}

/**
 * A word in pieces of at most `width` columns; a path breaks between its parts. A wider single character is a piece by
 * itself.
 */
function broken(word: string, width: number): string[] {
  if (widthOf(word) <= width) return [word];
  const pieces = [''];
  for (const part of partsOf(word, width)) {
    const last = pieces.at(-1)!;
    if (last !== '' && widthOf(last) + widthOf(part) > width) pieces.push(part);
    else pieces[pieces.length - 1] = last + part;
  }
  return pieces;
}

/** Parts of a path, or its characters where a part is too wide. */
function partsOf(word: string, width: number): string[] {
  const parts = word.split(/(?<=[/\\#])/);
  return parts.flatMap((part) =>
    widthOf(part) <= width ? [part] : [...segmenter.segment(part)].map(({ segment }) => segment),
  );
}
