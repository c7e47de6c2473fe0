/**
 * Folds a LoRA into the weights that it adapts.
 * @packageDocumentation
 */

import ndops from 'ndarray-ops';
import type { Linear } from '../model/linear.ts';
import { allLinears } from '../model/modules.ts';
import { mapWeights, type Transformer } from '../model/weights.ts';
import { type Stored, stored, widened } from '../numerics/stored.ts';
import { matrixShape, rowOf, tensor, zeros } from '../numerics/tensor.ts';
import { expectFiniteRows } from '../ops/finite.ts';
import type { Adapter, LowRank } from './lora.ts';

/**
 * A model with the adapter merged into its weights: `W' = W + scale * (B A)`, in float64. Layers without an update
 * keep their stored weights. The output equals the unmerged one up to rounding, not bit for bit: `(W + s B A) x` and
 * `W x + s B (A x)` round differently.
 *
 * A LoRA on a tied LM head unties it: the embedding keeps the base's weights, as in the unmerged model.
 * @throws {@link NonFiniteError} when a merged weight overflows.
 * @source Hu et al. 2021, arXiv 2106.09685, section 4.1; PEFT `tuners/lora/layer.py` (`get_delta_weight`)
 */
export function mergeAdapter(model: Transformer<Stored>, adapter: Adapter<Stored>): Transformer<Stored> {
  const updated = new Map<Stored, Stored>();
  for (const layer of allLinears(model)) {
    const update = adapter.updates.get(layer.path);
    if (update !== undefined) updated.set(layer.weight, mergedWeight(layer, update));
  }
  const { head, embedding } = model;
  const merged = mapWeights(model, (weight) => updated.get(weight) ?? weight);
  // A tied table is merged as the LM head alone.
  return head.weight === embedding.table ? { ...merged, embedding } : merged;
}

function mergedWeight(layer: Linear<Stored>, { a, b, scale, weight: own }: LowRank<Stored>): Stored {
  const [outputs, inputs] = matrixShape(layer.path, layer.weight);
  const rank = a.shape[0]!;
  const weight = tensor(layer.path, Float64Array.from(widened(own ?? layer.weight)), [outputs, inputs]);
  const product = zeros(layer.path, [outputs, inputs]);
  const [wideA, wideB] = [widened(a), widened(b)];
  for (let o = 0; o < outputs; o++) {
    const row = rowOf('B A', product, o);
    for (let r = 0; r < rank; r++) {
      const factor = wideB[o * rank + r]!;
      for (let i = 0; i < inputs; i++) row[i]! += factor * wideA[r * inputs + i]!;
    }
  }
  ndops.mulseq(product, scale);
  ndops.addeq(weight, product);
  expectFiniteRows(`${layer.path} merged`, weight);
  return stored(`${layer.path} merged`, 'F64', weight.data, [outputs, inputs]);
}
