/** Time per token of random models at two shapes, and whether it stays flat over many requests. */

import { printTable } from '../../src/cli/table.ts';
import { LanguageModel } from '../../src/language-model/language-model.ts';
import { randomModel, type SmallShape } from '../support/random-model.ts';
import { medianOf } from './timing.ts';

export const smallShape: SmallShape = {
  family: 'llama',
  vocabularySize: 256,
  hiddenSize: 64,
  mlpSize: 256,
  layers: 4,
  heads: 4,
  keyValueHeads: 4,
  headSize: 16,
  contextLength: 512,
  normEpsilon: 1e-5,
  rope: { theta: 10000, scaling: { type: 'default' } },
  tiedEmbeddings: true,
  bias: { queryKeyValue: false, attentionOutput: false, mlp: false },
  windows: [null, null, null, null],
};

export async function benchSmallShape(): Promise<void> {
  const model = new LanguageModel({
    transformer: randomModel(1, smallShape),
    adapter: null,
    heads: null,
    tokenizer: null,
    eosTokens: [],
    warnings: [],
  });
  const requests = 60;
  const perToken: number[] = [];
  for (let i = 0; i < requests; i++) {
    const start = performance.now();
    const { tokens } = await model.complete([1 + (i % 100), 2, 3, 4], { maxNewTokens: 64 });
    perToken.push((performance.now() - start) / tokens.length);
  }
  const quarter = requests / 4;
  const [second, last] = [perToken.slice(quarter, 2 * quarter), perToken.slice(3 * quarter)];
  process.stdout.write('\nRandom model, d 64, MLP 256, 4 layers, V 256, float64 weights: 60 requests of 64 tokens\n');
  printTable(
    ['requests', 'ms per token (median)'],
    [
      ['16th to 30th', medianOf(second).toFixed(3)],
      ['46th to 60th', medianOf(last).toFixed(3)],
      ['ratio', (medianOf(last) / medianOf(second)).toFixed(2)],
    ],
    [1],
  );
}
