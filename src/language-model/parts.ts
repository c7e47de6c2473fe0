import type { Adapter } from '../adapters/lora.ts';
import type { SpeculativeHeads } from '../draft/heads.ts';
import type { Tokenizer } from '../formats/tokenizer.ts';
import type { Transformer } from '../model/weights.ts';
import type { Stored } from '../numerics/stored.ts';
import type { GenerationDefaults } from './defaults.ts';

/** What a language model consists of. */
export interface LanguageModelParts {
  readonly transformer: Transformer<Stored>;
  readonly adapter: Adapter<Stored> | null;
  readonly heads: SpeculativeHeads<Stored> | null;
  readonly tokenizer: Tokenizer | null;
  readonly eosTokens: readonly number[];
  /** Options that hold where a caller leaves them out. By default none. */
  readonly generationDefaults?: GenerationDefaults;
  readonly warnings: readonly string[];
}
