/**
 * Numbers of a model, free of any family's spelling. Each family's `config.json` is translated to these and to the
 * model's parts in `formats/families`.
 * @packageDocumentation
 */

/** How rotary frequencies are scaled for contexts longer than the ones in pre-training. */
export type RopeScaling =
  | { readonly type: 'default' }
  | { readonly type: 'linear'; readonly factor: number }
  | {
      readonly type: 'llama3';
      readonly factor: number;
      readonly lowFrequencyFactor: number;
      readonly highFrequencyFactor: number;
      /** Context length in pre-training, in tokens. */
      readonly originalContext: number;
    }
  | {
      readonly type: 'yarn';
      readonly factor: number;
      readonly betaFast: number;
      readonly betaSlow: number;
      /** Multiplies cosine and sine. */
      readonly attentionFactor: number;
      readonly truncate: boolean;
      readonly originalContext: number;
    }
  | {
      readonly type: 'longrope';
      /** Divisors of the frequencies, for texts within the original context: the model goes no further. */
      readonly shortFactors: readonly number[];
      /** Multiplies cosine and sine. */
      readonly attentionFactor: number;
      readonly originalContext: number;
    };

/** Rotary position embedding: base `theta` and scaling. */
export interface RopeConfig {
  readonly theta: number;
  readonly scaling: RopeScaling;
}

/** What there is to know of a model as a whole; the numbers of its parts are defined with the parts. */
export interface ModelConfig {
  /** Name of the family, as `model_type` spells it. */
  readonly family: string;
  /** V */
  readonly vocabularySize: number;
  /** D */
  readonly hiddenSize: number;
  /** Longest text, prompt included, in tokens. */
  readonly contextLength: number;
  /** The LM head is the embedding table. */
  readonly tiedEmbeddings: boolean;
}
