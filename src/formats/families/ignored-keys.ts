/**
 * Keys of `config.json` that cannot change the forward pass. A key that is set and neither read nor listed here is
 * refused. That transformers computes the same with and without them is shown by fixtures/goldens/config-keys.
 * @packageDocumentation
 */

/** Origin and bookkeeping. */
const BOOKKEEPING = [
  ...['_name_or_path', 'name_or_path', '_commit_hash', 'transformers_version', 'tokenizer_class', 'finetuning_task'],
  ...['unsloth_fixed', 'unsloth_version', '_model_name_or_path', 'is_llama_config', 'internal_version'],
];

/** How to run or train, not what to compute. The stored element type is the tensor's own, whatever `dtype` says. */
const EXECUTION = [
  ...['torch_dtype', 'dtype', 'use_cache', 'torchscript', 'use_bfloat16', 'tf_legacy_loss', 'initializer_range'],
  ...['attention_dropout', 'chunk_size_feed_forward', 'attn_implementation', 'experts_implementation'],
  ...['_attn_implementation', '_attn_implementation_autoset', '_flash_attn_2_enabled', 'return_dict'],
  ...['output_attentions', 'output_hidden_states', 'output_scores', 'return_dict_in_generate', 'is_decoder'],
  ...['gradient_checkpointing', 'neftune_noise_alpha', 'embd_pdrop', 'resid_pdrop', 'transformers.js_config'],
  // Slices of one matrix product for training in parallel, which transformers 5 does not look at.
  'pretraining_tp',
];

/** Lengths and layouts for other programs; the context length is `max_position_embeddings`. */
const LENGTHS = ['max_sequence_length', 'model_max_length', 'seq_length', 'dual_chunk_attention_config'];

/** Token ids, which generation reads. */
const TOKENS = [
  ...['bos_token_id', 'eos_token_id', 'pad_token_id', 'sep_token_id', 'unk_token_id', 'decoder_start_token_id'],
];

/** Of other tasks than text generation. */
const OTHER_TASKS = [
  ...['id2label', 'label2id', 'num_labels', 'problem_type', 'task_specific_params', 'prefix', 'tie_encoder_decoder'],
  ...['cross_attention_hidden_size'],
];

/** Generation defaults that transformers 4 wrote into `config.json`. transformers 5 drops them on load. */
const GENERATION_DEFAULTS = [
  ...['max_length', 'min_length', 'do_sample', 'early_stopping', 'num_beams', 'num_beam_groups', 'diversity_penalty'],
  ...['temperature', 'top_k', 'top_p', 'typical_p', 'repetition_penalty', 'length_penalty', 'no_repeat_ngram_size'],
  ...['encoder_no_repeat_ngram_size', 'bad_words_ids', 'num_return_sequences', 'remove_invalid_values'],
  ...['exponential_decay_length_penalty', 'suppress_tokens', 'begin_suppress_tokens', 'forced_bos_token_id'],
  ...['forced_eos_token_id'],
];

/** All of them. */
export const IGNORED_CONFIG_KEYS: readonly string[] = [
  ...BOOKKEEPING,
  ...EXECUTION,
  ...LENGTHS,
  ...TOKENS,
  ...OTHER_TASKS,
  ...GENERATION_DEFAULTS,
];
