/**
 * Whether the next token would complete a sequence: the text ends with all tokens of the sequence except the last.
 * Always true for a sequence of one token.
 */
export function isNextOf(sequence: readonly number[], text: readonly number[]): boolean {
  const start = text.length - (sequence.length - 1);
  // Where the text is too short, tokens before its beginning are undefined, which equals no token.
  for (let i = 0; i < sequence.length - 1; i++) if (text[start + i] !== sequence[i]) return false;
  return true;
}
