import type { Vocabulary } from './vocabulary.ts';

const encoder = new TextEncoder();
const NAMES: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
);

/** The tokens `<0x00>` to `<0xFF>` of a text's UTF-8 bytes, or null when the vocabulary lacks one of them. */
export function byteTokens(vocabulary: Vocabulary, text: string): number[] | null {
  const ids: number[] = [];
  for (const byte of encoder.encode(text)) {
    const id = vocabulary.idOf(NAMES[byte]!);
    if (id === undefined) return null;
    ids.push(id);
  }
  return ids;
}
