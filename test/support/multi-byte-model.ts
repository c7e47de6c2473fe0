/**
 * Models that write half characters and special tokens all the time: random weights over the vocabulary of a golden
 * tokenizer, and biases that make the tokens of a few bytes, letters and special tokens likely.
 */

import { loadTokenizer } from '../../src/formats/node/by-path.ts';
import type { Tokenizer } from '../../src/formats/tokenizer.ts';
import { LanguageModel } from '../../src/language-model/language-model.ts';
import { randomHeads, randomModel, smallConfig } from './random-model.ts';

export type TokenizerName = 'byte-level' | 'metaspace' | 'prepend';

/** Half of them are bytes of characters of two to four bytes. */
const TEXT = 'é🙂€ a b.';

export interface MultiByteModel {
  readonly model: LanguageModel;
  readonly tokenizer: Tokenizer;
  /** Special tokens, as the tokenizer spells them. */
  readonly specials: readonly string[];
  readonly logitBias: ReadonlyMap<number, number>;
}

export function multiByteModel(name: TokenizerName): MultiByteModel {
  const tokenizer = loadTokenizer(`fixtures/goldens/tokenizer/${name}`)!;
  const { vocabularySize } = tokenizer;
  const ids = Array.from({ length: vocabularySize }, (_, id) => id);
  const special = ids.filter(
    (id) => tokenizer.decode([id]) !== '' && tokenizer.decode([id], { skipSpecialTokens: true }) === '',
  );
  const bytes = [...TEXT].flatMap((character) => tokenizer.encode(character, { addSpecialTokens: false }));
  const config = { ...smallConfig, vocabularySize, contextLength: 96 };
  const model = new LanguageModel({
    transformer: randomModel(3, config),
    adapter: null,
    heads: randomHeads(4, config, 3),
    tokenizer,
    eosTokens: [],
    warnings: [],
  });
  return {
    model,
    tokenizer,
    specials: special.map((id) => tokenizer.decode([id])),
    logitBias: new Map([
      ...bytes.map((id): [number, number] => [id, 8]),
      ...special.map((id): [number, number] => [id, 6]),
    ]),
  };
}
