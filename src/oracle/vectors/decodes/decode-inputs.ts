import type { VectorSettings } from '../processors/vector-settings.ts';

/** What decides a whole text. */
export interface DecodeInputs {
  readonly vocabulary: number;
  readonly prompt: readonly number[];
  /** Row t is the logits after token t. @shape [V, V] */
  readonly table: readonly Float64Array[];
  /** `drafts[n]`: what is drafted when n tokens are generated. */
  readonly drafts: readonly (readonly number[])[];
  readonly settings: VectorSettings;
  readonly stops: readonly (readonly number[])[];
  /** By the number of generated tokens before. */
  readonly uniforms: {
    readonly accept: ArrayLike<number>;
    readonly residual: ArrayLike<number>;
    readonly target: ArrayLike<number>;
  };
}

/** One step of a decode. */
export interface DecodeStep {
  readonly drafted: readonly number[];
  readonly accepted: number;
  readonly emitted: readonly number[];
  /** Tokens in the cache after the step. */
  readonly cached: number;
  /** Uniforms that were read, in order. */
  readonly uniforms: readonly (readonly [purpose: 'accept' | 'residual' | 'target', position: number])[];
}

/** A whole text, and how it came about. */
export interface DecodeOutputs {
  readonly tokens: readonly number[];
  readonly finish: 'eos' | 'stop' | 'length';
  readonly steps: readonly DecodeStep[];
}
