/**
 * What the forward pass needs to know of a model, free of any family's spelling. Each family's `config.json` is
 * translated to this in `formats/`.
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
    };

/** Rotary position embedding: base `theta` and scaling. */
export interface RopeConfig {
  readonly theta: number;
  readonly scaling: RopeScaling;
}

/** The shape of a decoder-only transformer. */
export interface ModelConfig {
  /** Name of the family, as `model_type` spells it. */
  readonly family: string;
  /** V */
  readonly vocabularySize: number;
  /** D */
  readonly hiddenSize: number;
  /** F */
  readonly mlpSize: number;
  readonly layers: number;
  /** H */
  readonly heads: number;
  /** Hkv */
  readonly keyValueHeads: number;
  /** Dh */
  readonly headSize: number;
  /** Longest text, prompt included, in tokens. */
  readonly contextLength: number;
  readonly normEpsilon: number;
  readonly rope: RopeConfig;
  /** The LM head is the embedding table. */
  readonly tiedEmbeddings: boolean;
  readonly bias: { readonly queryKeyValue: boolean; readonly attentionOutput: boolean; readonly mlp: boolean };
  /** Per layer: how many positions a token sees, itself included; null is all. */
  readonly windows: readonly (number | null)[];
}
