/** A longer text loses its end. */
const MOST_CHARACTERS = 4000;

/** A text as a report keeps it: cut when it is long; then its length follows. */
export function clipped(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  return `${text.slice(0, MOST_CHARACTERS)}… (${text.length} characters)`;
}
