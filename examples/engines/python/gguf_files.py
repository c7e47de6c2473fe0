"""Hugging Face and PEFT folders as the GGUF files that llama.cpp reads, in float32.

Like llama.cpp's own convert_hf_to_gguf.py and convert_lora_to_gguf.py, which need torch, a tokenizer that they know, and a sound
`base_model_name_or_path`.
"""

import json
import math
import tempfile
from pathlib import Path

import gguf
import numpy as np

from engine_lines import Unsupported

FILES = Path(tempfile.mkdtemp(prefix="gguf-"))
ARCHITECTURES = {
    "LlamaForCausalLM": gguf.MODEL_ARCH.LLAMA,
    "MistralForCausalLM": gguf.MODEL_ARCH.LLAMA,
    "Qwen2ForCausalLM": gguf.MODEL_ARCH.QWEN2,
    "Qwen3ForCausalLM": gguf.MODEL_ARCH.QWEN3,
}
NUMBERS = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}


def read_config(folder):
    return json.loads((Path(folder) / "config.json").read_text())


def read_tensors(folder, pattern="model*.safetensors"):
    """The tensors of a folder by name, in float32. (safetensors has no bfloat16 for NumPy.)"""
    tensors = {}
    for path in sorted(Path(folder).glob(pattern)):
        data = path.read_bytes()
        start = 8 + int.from_bytes(data[:8], "little")
        for name, entry in json.loads(data[8:start]).items():
            if name == "__metadata__":
                continue
            begin, end = (start + offset for offset in entry["data_offsets"])
            values = np.frombuffer(data[begin:end], NUMBERS[entry["dtype"]]).reshape(entry["shape"])
            if entry["dtype"] == "BF16":
                values = (values.astype("<u4") << 16).view("<f4")
            tensors[name] = values.astype(np.float32)
    return tensors


def model_file(folder, end_tokens):
    """The GGUF file of a model whose texts end with these tokens. Token 5 is written `<5>`."""
    config = read_config(folder)
    path = FILES / f"{'-'.join(map(str, [abs(hash(folder)), *end_tokens]))}.gguf"
    if not path.exists():
        writer, names = _writer(path, config)
        _write_settings(writer, config)
        _write_vocabulary(writer, config["vocab_size"], end_tokens)
        for name, values in read_tensors(folder).items():
            if name != "lm_head.weight" or not config.get("tie_word_embeddings"):
                writer.add_tensor(names(name), _rows_in_order(name, values, config))
        _finish(writer)
    return str(path)


def adapter_file(folder, model):
    """The GGUF file of a PEFT adapter."""
    path = FILES / f"{abs(hash(folder))}.lora.gguf"
    if not path.exists():
        config, settings = read_config(model), json.loads((Path(folder) / "adapter_config.json").read_text())
        for name in ("use_dora", "alpha_pattern", "modules_to_save", "fan_in_fan_out", "lora_bias", "trainable_token_indices"):
            if settings.get(name):
                raise Unsupported(f"adapters with {name}")
        alpha = settings["lora_alpha"] * (math.sqrt(settings["r"]) if settings.get("use_rslora") else 1)
        if settings.get("use_rslora") and settings.get("rank_pattern"):
            raise Unsupported("adapters with use_rslora and rank_pattern")  # one alpha for all modules
        writer, names = _writer(path, config)
        writer.add_type(gguf.GGUFType.ADAPTER)
        writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
        writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, alpha)
        for name, values in read_tensors(folder, "adapter_model.safetensors").items():
            module, matrix, _ = name.removeprefix("base_model.model.").rsplit(".", 2)
            if matrix not in ("lora_A", "lora_B"):
                raise Unsupported(f"adapters with {matrix} ({name})")
            if matrix == "lora_B":
                values = _rows_in_order(f"{module}.weight", values, config)
            writer.add_tensor(f"{names(f'{module}.weight')}.{matrix.lower()}", values)
        _finish(writer)
    return str(path)


def _writer(path, config):
    """A writer, and the names that llama.cpp has for tensors of Hugging Face."""
    name = config["architectures"][0]
    if name not in ARCHITECTURES:
        raise Unsupported(f"{name}: this adapter converts {', '.join(ARCHITECTURES)}")
    _refuse_what_llama_cpp_lacks(name, config)
    names = gguf.get_tensor_name_map(ARCHITECTURES[name], config["num_hidden_layers"])
    writer = gguf.GGUFWriter(path, gguf.MODEL_ARCH_NAMES[ARCHITECTURES[name]])
    return writer, lambda tensor: names.get_name(tensor, try_suffixes=(".weight", ".bias"))


def _refuse_what_llama_cpp_lacks(name, config):
    """Its converter drops these settings, and its models run without them."""
    if name == "MistralForCausalLM" and config.get("sliding_window"):
        raise Unsupported("llama.cpp has no sliding windows for Mistral")
    if name.startswith("Qwen") and config.get("use_sliding_window") and config.get("sliding_window"):
        raise Unsupported("llama.cpp has no sliding windows for Qwen2 and Qwen3")
    if name == "Qwen3ForCausalLM" and config.get("attention_bias"):
        raise Unsupported("llama.cpp has no biases for Qwen3")
    rope = _rotary(config)
    if rope["rope_type"] == "yarn" and not rope.get("truncate", True):
        raise Unsupported("llama.cpp always rounds the ramp of yarn")
    if rope["rope_type"] == "yarn" and rope.get("mscale") and rope.get("attention_factor") is None:
        raise Unsupported("llama.cpp has no mscale of yarn for this architecture")


def _rotary(config):
    """The rotary settings under the names of transformers 5. A context length at the top level wins."""
    rope = {"rope_type": "default", "rope_theta": config.get("rope_theta", 10000.0)}
    rope |= config.get("rope_scaling") or config.get("rope_parameters") or {}
    if "type" in rope:
        rope["rope_type"] = rope.pop("type")
    if "original_max_position_embeddings" in config:
        rope["original_max_position_embeddings"] = config["original_max_position_embeddings"]
    return rope


def _write_settings(writer, config):
    heads = config["num_attention_heads"]
    size = config.get("head_dim") or config["hidden_size"] // heads
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(config.get("num_key_value_heads") or heads)
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_dimension_count(size)
    writer.add_key_length(size)
    writer.add_value_length(size)
    _write_rotary(writer, config, size)


def _write_rotary(writer, config, size):
    rope = _rotary(config)
    kind, base = rope["rope_type"], rope["rope_theta"]
    writer.add_rope_freq_base(base)
    if kind == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(rope["factor"])
    elif kind == "yarn":
        writer.add_rope_scaling_type(gguf.RopeScalingType.YARN)
        writer.add_rope_scaling_factor(rope["factor"])
        writer.add_rope_scaling_orig_ctx_len(rope["original_max_position_embeddings"])
        if rope.get("attention_factor") is not None:
            writer.add_rope_scaling_yarn_attn_factor(rope["attention_factor"])
        if rope.get("beta_fast") is not None:
            writer.add_rope_scaling_yarn_beta_fast(rope["beta_fast"])
        if rope.get("beta_slow") is not None:
            writer.add_rope_scaling_yarn_beta_slow(rope["beta_slow"])
    elif kind == "llama3":
        writer.add_tensor("rope_freqs.weight", _llama3_divisors(rope, base ** (np.arange(0, size, 2) / size)))
    elif kind != "default":
        raise Unsupported(f"rotary scaling {kind}: this adapter does not convert it")


def _llama3_divisors(rope, lengths):
    """What the frequencies are divided by. `lengths` are the wave lengths over 2 pi."""
    low, high, factor = rope["low_freq_factor"], rope["high_freq_factor"], rope["factor"]
    waves = rope["original_max_position_embeddings"] / (2 * np.pi * lengths)
    kept = np.clip((waves - low) / (high - low), 0, 1)
    return (1 / ((1 - kept) / factor + kept)).astype(np.float32)


def _write_vocabulary(writer, size, end_tokens):
    """Plain pieces, in the only kind of vocabulary that has no end of text until it gets one."""
    writer.add_tokenizer_model("rwkv")
    writer.add_vocab_size(size)
    writer.add_token_list([f"<{token}>" for token in range(size)])
    writer.add_token_types([gguf.TokenType.NORMAL] * size)
    ends = (writer.add_eos_token_id, writer.add_eot_token_id, writer.add_eom_token_id)
    if len(end_tokens) > len(ends):
        raise Unsupported(f"more than {len(ends)} tokens that end a text")
    for add, token in zip(ends, end_tokens):
        add(token)


def _rows_in_order(name, values, config):
    """Llama's queries and keys rotate neighbours in GGUF, and coordinates half a head apart in Hugging Face."""
    projection = name.split(".")[-2]
    if projection not in ("q_proj", "k_proj") or ARCHITECTURES[config["architectures"][0]] != gguf.MODEL_ARCH.LLAMA:
        return values
    heads = config["num_attention_heads"]
    if projection == "k_proj":
        heads = config.get("num_key_value_heads") or heads
    halves = values.reshape(heads, 2, len(values) // heads // 2, *values.shape[1:])
    return np.ascontiguousarray(halves.swapaxes(1, 2).reshape(values.shape))


def _finish(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
