/**
 * Frequency and presence penalty: `z - frequency * count - presence * [count > 0]`, counted over generated tokens
 * only. In place.
 * @shape logits: [V]
 * @source OpenAI API reference (`frequency_penalty`, `presence_penalty`); vLLM `v1/sample/ops/penalties.py`
 */
export function penalizeOccurrences(
  logits: Float64Array,
  generated: readonly number[],
  frequency: number,
  presence: number,
): void {
  const counts = new Map<number, number>();
  for (const token of generated) counts.set(token, (counts.get(token) ?? 0) + 1);
  for (const [token, count] of counts) logits[token]! -= frequency * count + presence;
}
