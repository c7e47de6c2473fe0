/**
 * GPT-2's alphabet of bytes: each byte is a printable character.
 * @source openai/gpt-2 `src/encoder.py` (`bytes_to_unicode`)
 * @packageDocumentation
 */

const isPrintable = (byte: number): boolean =>
  (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;

const CHARACTERS: readonly string[] = (() => {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++));
})();

const BYTES: ReadonlyMap<string, number> = new Map(CHARACTERS.map((character, byte) => [character, byte]));
const encoder = new TextEncoder();

/** The UTF-8 bytes of a text, each as its character. */
export function toByteAlphabet(text: string): string {
  if (/^[\x21-\x7e]*$/.test(text)) return text;
  let result = '';
  for (const byte of encoder.encode(text)) result += CHARACTERS[byte]!;
  return result;
}

/** The bytes that the characters represent, or null if a character represents none. */
export function fromByteAlphabet(text: string): number[] | null {
  const bytes: number[] = [];
  for (const character of text) {
    const byte = BYTES.get(character);
    if (byte === undefined) return null;
    bytes.push(byte);
  }
  return bytes;
}
