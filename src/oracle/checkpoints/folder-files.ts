/**
 * The files of the folders: models with tokenizers, and heads.
 * @packageDocumentation
 */
import type { SpeculativeHead } from '../../draft/heads.ts';
import { llamaConfig } from '../../formats/families/llama-config.ts';
import { HEADS_CONFIG, HEADS_WEIGHTS } from '../../formats/lorax-heads.ts';
import { safetensorsPieces } from '../../formats/safetensors/writer.ts';
import type { Stored } from '../../numerics/stored.ts';
import type { RealizedModel } from './realized-model.ts';
import type { WeightFormat } from './stored-solution.ts';
import { pieceOf, type TokenLayout } from './token-layout.ts';

/** Files by their names. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** How transformers spells a format. */
export const DTYPE_OF = { BF16: 'bfloat16', F32: 'float32' } as const;

/** A folder of a model as transformers writes it. @throws as {@link safetensorsPieces} does. */
export function modelFiles({ shape, tensors }: RealizedModel, layout: TokenLayout, format: WeightFormat): Files {
  const special = { bos: layout.first, eos: layout.end };
  return new Map([
    ['config.json', jsonFile(llamaConfig(shape, DTYPE_OF[format], special))],
    ['generation_config.json', jsonFile({ bos_token_id: layout.first, eos_token_id: layout.end })],
    ['model.safetensors', tensorFile('model.safetensors', tensors)],
    ['tokenizer.json', jsonFile(tokenizer(layout))],
    ['tokenizer_config.json', jsonFile(tokenizerConfig(layout, shape.contextLength))],
  ]);
}

/** A folder of heads as LoRAX reads it. @throws as {@link safetensorsPieces} does. */
export function headsFiles(heads: readonly SpeculativeHead<Stored>[], base: string): Files {
  const tensors = heads.flatMap(({ layers, output }, i): [string, Stored][] => [
    ...layers.flatMap(({ weight, bias }, j): [string, Stored][] => [
      [`${i}.${j}.linear.weight`, weight],
      [`${i}.${j}.linear.bias`, bias],
    ]),
    ...(output === null ? [] : [[`${i}.${layers.length}.weight`, output] as [string, Stored]]),
  ]);
  const config = {
    base_model_name_or_path: base,
    medusa_num_heads: heads.length,
    medusa_num_layers: 1,
    version: heads[0]!.output === null ? 2 : 1,
  };
  return new Map([
    [HEADS_CONFIG, jsonFile(config)],
    [HEADS_WEIGHTS, tensorFile(HEADS_WEIGHTS, new Map(tensors))],
  ]);
}

/** Characters are tokens, nothing merges, and a text is the pieces of its tokens in a row. */
function tokenizer(layout: TokenLayout): unknown {
  const ids = Array.from({ length: layout.vocabularySize }, (_, token) => token);
  const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [layout.start, layout.first, layout.end].map((id) => ({
      id,
      content: pieceOf(layout, id),
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: bytes,
    post_processor: null,
    decoder: bytes,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      vocab: Object.fromEntries(ids.map((id) => [pieceOf(layout, id), id])),
      merges: [],
    },
  };
}

function tokenizerConfig(layout: TokenLayout, contextLength: number): unknown {
  return {
    bos_token: pieceOf(layout, layout.first),
    clean_up_tokenization_spaces: false,
    eos_token: pieceOf(layout, layout.end),
    model_max_length: contextLength,
    tokenizer_class: 'PreTrainedTokenizerFast',
  };
}

/** A value as a file of JSON. */
export function jsonFile(value: unknown): Uint8Array {
  return textFile(`${JSON.stringify(value, null, 2)}\n`);
}

/** A text as a file. */
export function textFile(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function tensorFile(label: string, tensors: ReadonlyMap<string, Stored>): Uint8Array {
  const pieces = safetensorsPieces(label, tensors, new Map([['format', 'pt']]));
  const bytes = new Uint8Array(pieces.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
