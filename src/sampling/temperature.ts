/**
 * Divides all logits by the temperature, in place: `z / T`.
 *
 * Where the largest quotient overflows, the largest logit is subtracted first. That does not change the distribution,
 * and a tiny temperature becomes greedy where the source's distribution is NaN.
 * @shape logits: [V]
 * @source transformers `generation/logits_process.py` (`TemperatureLogitsWarper`)
 */
export function divideByTemperature(logits: Float64Array, temperature: number): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (const logit of logits) if (logit > largest) largest = logit;
  const overflows = Number.isFinite(largest) && !Number.isFinite(largest / temperature);
  // Only then: the difference is rounded, which can make different logits equal.
  const shift = overflows ? largest : 0;
  for (let i = 0; i < logits.length; i++) logits[i] = (logits[i]! - shift) / temperature;
}
