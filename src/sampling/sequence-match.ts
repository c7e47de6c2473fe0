/**
 * Whether the next token would complete a sequence: the text ends with all tokens of the sequence but the last. Always so
 * for a sequence of one token.
 */
export function isNextOf(sequence: readonly number[], text: readonly number[]): boolean {
  const start = text.length - (sequence.length - 1);
  // Where the text is too short, what stands before it is undefined, which equals no token.
  for (let i = 0; i < sequence.length - 1; i++) if (text[start + i] !== sequence[i]) return false;
  return true;
}
