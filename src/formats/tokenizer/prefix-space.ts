/**
 * `add_prefix_space` of a `tokenizer_config.json`, which some classes of transformers build into the tokenizer. The
 * general class, `PreTrainedTokenizerFast`, uses the tokenizer as it is in the file.
 * @source huggingface/transformers 5.23 `models/{llama,gpt2,qwen2}/tokenization_*.py`
 * @packageDocumentation
 */
import { isObject, type JsonObject } from '../json.ts';

/** The tokenizer with the setting of its configuration, if its class reads it. */
export function withPrefixSpace(tokenizer: JsonObject, config: JsonObject): JsonObject {
  const value = config.add_prefix_space;
  if (typeof value !== 'boolean') return tokenizer;
  const name = String(config.tokenizer_class).replace(/Fast$/, '');
  if (name === 'GPT2Tokenizer' || name === 'Qwen2Tokenizer') {
    const pre = changed(tokenizer.pre_tokenizer, (part) =>
      part.type === 'ByteLevel' ? { ...part, add_prefix_space: value } : part,
    );
    return { ...tokenizer, pre_tokenizer: pre };
  }
  return name === 'LlamaTokenizer' && !value ? withoutPrefix(tokenizer) : tokenizer;
}

/** If no space is added before a text, decoding must not drop one either. */
function withoutPrefix(tokenizer: JsonObject): JsonObject {
  const never = (part: JsonObject): JsonObject =>
    part.type === 'Metaspace' ? { ...part, prepend_scheme: 'never', add_prefix_space: false } : part;
  return {
    ...tokenizer,
    normalizer: changed(tokenizer.normalizer, (part) => (part.type === 'Prepend' ? null : part)),
    pre_tokenizer: changed(tokenizer.pre_tokenizer, never),
    decoder: changed(tokenizer.decoder, (part) => (part.type === 'Strip' ? null : never(part))),
  };
}

/** A part with its inner parts changed; null removes one. */
function changed(part: unknown, change: (part: JsonObject) => JsonObject | null): unknown {
  if (!isObject(part)) return part;
  for (const key of ['normalizers', 'pretokenizers', 'decoders']) {
    const inner = part[key];
    if (!Array.isArray(inner)) continue;
    return { ...part, [key]: inner.map((one) => changed(one, change)).filter((one) => one !== null) };
  }
  return change(part);
}
