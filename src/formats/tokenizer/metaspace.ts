/**
 * Metaspace: spaces as a visible character. The pre-tokenizer and the decoder have the same settings.
 * @source huggingface/tokenizers `tokenizers/src/pre_tokenizers/metaspace.rs`
 * @packageDocumentation
 */
import { FormatError } from '../../errors.ts';
import type { Part } from './part.ts';

/** Settings of Metaspace. */
export interface Metaspace {
  readonly replacement: string;
  /** When to put the replacement before a text that does not begin with it. */
  readonly scheme: 'first' | 'never' | 'always';
  /** Whether words begin at the replacement. */
  readonly splits: boolean;
}

/** Reads the settings. @throws {@link FormatError} when they are malformed or contradict each other. */
export function readMetaspace(part: Part): Metaspace {
  const replacement = part.character('replacement');
  const scheme = part.choice('prepend_scheme', ['first', 'never', 'always'], 'always');
  const addsSpace = part.raw('add_prefix_space') == null || part.boolean('add_prefix_space');
  part.optionalString('str_rep');
  if (!addsSpace && scheme !== 'never') {
    throw new FormatError(part.labelOf('add_prefix_space'), 'a value that agrees with prepend_scheme', 'false');
  }
  return { replacement, scheme, splits: part.raw('split') == null || part.boolean('split') };
}
