/**
 * A Llama whose logits after a token are a row of a table. Its cache is filled and rolled back like that of any model.
 * @packageDocumentation
 */
import { llamaArchitecture } from '../../../formats/families/llama-layout.ts';
import { mapWeights, type Transformer } from '../../../model/weights.ts';
import { type Stored, stored } from '../../../numerics/stored.ts';

/** D: one coordinate per token; its root is a power of two, so that the norm is exact. */
const WIDTH = 16;
/** The norm of a unit vector is `sqrt(D)` times it, to the last bit. */
const SCALE = 4;

/**
 * The model of a table of up to 16 tokens. States are unit vectors, attention and feed-forward network add nothing, and
 * the LM head is the table over 4: products with powers of two are exact.
 * @shape table: [V, V], row t holds the logits after token t
 */
export function tableModel(table: readonly Float64Array[], contextLength: number): Transformer<Stored> {
  const vocabularySize = table.length;
  const { transformer } = llamaArchitecture({
    ...{ family: 'table', vocabularySize, hiddenSize: WIDTH, contextLength, mlpSize: 2, layers: 1 },
    ...{ heads: 1, keyValueHeads: 1, headSize: 2, normEpsilon: 0, tiedEmbeddings: false, windows: [null] },
    rope: { theta: 10000, scaling: { type: 'default' } },
    bias: { queryKeyValue: false, attentionOutput: false, mlp: false },
  });
  return mapWeights(transformer, ({ name, shape: [rows, columns = 1] }) => {
    const entry = (row: number, column: number): number => {
      if (name === 'lm_head.weight') return (table[column]?.[row] ?? 0) / SCALE;
      if (name === 'model.embed_tokens.weight') return row === column ? 1 : 0;
      return name.endsWith('norm.weight') ? 1 : 0;
    };
    const numbers = Float64Array.from({ length: rows! * columns }, (_, i) =>
      entry(Math.floor(i / columns), i % columns),
    );
    return stored(name, 'F64', numbers, name.endsWith('norm.weight') ? [rows!] : [rows!, columns]);
  });
}
