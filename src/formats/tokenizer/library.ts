/**
 * The part of `@huggingface/tokenizers` that is used, with types: its own do not resolve under Node's module rules.
 * @packageDocumentation
 */
import * as untyped from '@huggingface/tokenizers';

/** One step of decoding. */
export interface LibraryDecoder {
  decode_chain(tokens: string[]): string[];
}

/** One step of splitting text into words. */
export interface LibraryPreTokenizer {
  pre_tokenize_text(text: string, options?: unknown): string[];
}

/** Splits a text at added tokens. */
export interface LibrarySplitter {
  split(text: string): string[];
}

/** A tokenizer; the last three members are private in the library. */
export interface LibraryTokenizer {
  readonly decoder: LibraryDecoder | null;
  readonly pre_tokenizer: LibraryPreTokenizer | null;
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] };
  decode(ids: number[], options: { skip_special_tokens: boolean; clean_up_tokenization_spaces: boolean }): string;
  id_to_token(id: number): string | undefined;
  readonly splitter_unnormalized: LibrarySplitter;
  readonly splitter_normalized: LibrarySplitter;
  readonly added_tokens_map: ReadonlyMap<string, { readonly single_word: boolean }>;
}

interface Library {
  readonly Tokenizer: new (tokenizer: object, config: object) => LibraryTokenizer;
  readonly ByteFallbackDecoder: new (config: object) => LibraryDecoder;
  readonly MetaspaceDecoder: new (config: object) => LibraryDecoder & { readonly replacement: string };
  readonly SequenceDecoder: new (config: object) => LibraryDecoder & { readonly decoders: readonly LibraryDecoder[] };
  readonly MetaspacePreTokenizer: new (config: object) => LibraryPreTokenizer & { readonly replacement: string };
  readonly SequencePreTokenizer: new (
    config: object,
  ) => LibraryPreTokenizer & { readonly tokenizers: readonly LibraryPreTokenizer[] };
}

/** The library. */
export const library: Library = untyped as unknown as Library;
