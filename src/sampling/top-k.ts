/**
 * Removes all logits below the k-th largest (counted with multiplicity), in place. Ties at the border all stay, so more
 * than k tokens may be left.
 * @shape logits: [V]
 * @source Fan et al. 2018, arXiv 1805.04833, section 5.4; ties: transformers `generation/logits_process.py`
 * (`TopKLogitsWarper`)
 */
export function keepTopK(logits: Float64Array, k: number): void {
  const border = kthLargest(logits, k);
  for (let i = 0; i < logits.length; i++) if (logits[i]! < border) logits[i] = Number.NEGATIVE_INFINITY;
}

/** A min-heap of the k largest so far: O(V log k), without sorting the vocabulary. */
function kthLargest(values: Float64Array, k: number): number {
  const heap = Float64Array.from(values.subarray(0, k)).sort(); // an ascending array is a min-heap
  for (let i = k; i < values.length; i++) {
    if (values[i]! <= heap[0]!) continue;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= k) break;
      if (child + 1 < k && heap[child + 1]! < heap[child]!) child += 1;
      if (heap[child]! >= values[i]!) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = values[i]!;
  }
  return heap[0]!;
}
