import type { Adapter } from '../adapters/lora.ts';
import type { SpeculativeHeads } from '../draft/heads.ts';
import type { Tokenizer } from '../formats/tokenizer.ts';
import type { Transformer } from '../model/weights.ts';
import type { Stored } from '../numerics/stored.ts';
import type { Backend, Shaped } from '../ops/backend.ts';
import type { GenerationDefaults } from './defaults.ts';
import type { Uploads } from './uploads.ts';

/** What an adapter folder brings: a LoRA, speculative heads, or both. */
export interface AdapterParts {
  readonly adapter: Adapter<Stored> | null;
  readonly heads: SpeculativeHeads<Stored> | null;
}

/** What a language model consists of. */
export interface LanguageModelParts extends AdapterParts {
  readonly transformer: Transformer<Stored>;
  /** Where it runs. By default float64 on the CPU. */
  readonly backend?: Backend<Shaped, Shaped>;
  /** Adapters that a generation may choose instead, by name. By default none. */
  readonly adapters?: ReadonlyMap<string, AdapterParts>;
  /** Whether the weights have a LoRA folded into them. */
  readonly merged?: boolean;
  readonly tokenizer: Tokenizer | null;
  readonly eosTokens: readonly number[];
  /** Options that hold where a caller leaves them out. By default none. */
  readonly generationDefaults?: GenerationDefaults;
  readonly warnings: readonly string[];
}

/** A language model whose weights are on a backend, or go there when they are first needed. */
export interface RunningModel extends LanguageModelParts {
  readonly uploads: Uploads;
}
