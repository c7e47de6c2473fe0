"""openvino-genai as an engine for `turbo-lora conform`: optimum-intel exports the models, a continuous batching pipeline runs them.

    pip install -r examples/engines/python/requirements-openvino-genai.txt
    turbo-lora conform --timeout 120 -- python examples/engines/python/openvino_genai_engine.py

A batch of the pipeline has one adapter. `logits` asks OpenVINO itself, as the pipeline tells none.
"""

import json
import math
import tempfile
from functools import lru_cache
from pathlib import Path

import numpy as np
import openvino as ov
import openvino_genai as genai
from optimum.exporters.openvino import main_export
from openvino_tokenizers import convert_tokenizer
from transformers import AutoTokenizer

from engine_lines import Unsupported, drafter, sampling, serve, shared, tensor

FILES = Path(tempfile.mkdtemp(prefix="openvino-"))
EXACT = {"INFERENCE_PRECISION_HINT": "f32", "KV_CACHE_PRECISION": "f32"}
NAMES = {
    "topK": "top_k",
    "topP": "top_p",
    "minP": "min_p",
    "repetitionPenalty": "repetition_penalty",
    "frequencyPenalty": "frequency_penalty",
    "presencePenalty": "presence_penalty",
}


@lru_cache(maxsize=None)
def exported(folder):
    """The folder of a model for OpenVINO, with its tokenizer if it has one."""
    target = Path(tempfile.mkdtemp(dir=FILES))
    main_export(folder, target, task="text-generation-with-past", convert_tokenizer=False)
    if (Path(folder) / "tokenizer.json").exists():
        converted = convert_tokenizer(AutoTokenizer.from_pretrained(folder), with_detokenizer=True)
        for name, model in zip(("tokenizer", "detokenizer"), converted):
            ov.save_model(model, target / f"openvino_{name}.xml")
    return str(target)


@lru_cache(maxsize=16)
def compiled(folder):
    return ov.Core().compile_model(f"{exported(folder)}/openvino_model.xml", "CPU", EXACT)


def logits(request):
    if request["adapter"]:
        raise Unsupported("the logits of an adapter: the pipeline applies it, and tells no logits")
    tokens = np.array([request["tokens"]], np.int64)
    inputs = {"input_ids": tokens, "attention_mask": np.ones_like(tokens), "beam_idx": np.zeros(1, np.int32)}
    inputs["position_ids"] = np.arange(tokens.shape[1])[None]
    model = compiled(request["model"])
    known = {name for port in model.inputs for name in port.names}
    answer = model.create_infer_request().infer({name: value for name, value in inputs.items() if name in known})
    return {"logits": tensor(answer["logits"][0])}


def adapter_config(folder):
    """An adapter with its scale, which the file does not hold."""
    settings = json.loads((Path(folder) / "adapter_config.json").read_text())
    for name in ("use_dora", "rank_pattern", "alpha_pattern", "modules_to_save", "fan_in_fan_out", "lora_bias"):
        if settings.get(name):
            raise Unsupported(f"adapters with {name}")
    rank = math.sqrt(settings["r"]) if settings.get("use_rslora") else settings["r"]
    adapter = genai.Adapter(f"{folder}/adapter_model.safetensors")
    return genai.AdapterConfig(adapter, settings["lora_alpha"] / rank)


@lru_cache(maxsize=8)
def pipeline(folder, adapter=None, kind=None, draft=None):
    scheduler = genai.SchedulerConfig()
    scheduler.cache_size = 1
    scheduler.enable_prefix_caching = False
    properties = dict(EXACT)
    if adapter:
        properties["adapters"] = adapter_config(adapter)
    if kind == "draft-model":
        if not all((Path(path) / "tokenizer.json").exists() for path in (folder, draft)):
            raise Unsupported("a draft model without a tokenizer: the pipeline compares it with that of the target")
        properties["draft_model"] = genai.draft_model(exported(draft), "CPU", **EXACT)
    if kind == "lookup":
        properties["prompt_lookup"] = True
    return genai.ContinuousBatchingPipeline(exported(folder), scheduler, "CPU", properties)


def generation_config(request):
    """The settings of a request, without its seed."""
    config = genai.GenerationConfig()
    config.max_new_tokens = request["maxTokens"]
    config.ignore_eos = not request["endTokens"]
    config.stop_token_ids = set(request["endTokens"])
    used = sampling(request, *NAMES)
    if "topP" in used and "minP" in used:
        raise Unsupported("top-p and min-p: here min-p comes first")
    config.do_sample = used["temperature"] > 0
    if config.do_sample:
        config.temperature = used["temperature"]
    for name, value in used.items():
        if name in NAMES:
            setattr(config, NAMES[name], value)
    if request["drafter"]:
        config.num_assistant_tokens = request["drafter"]["tokens"]
        if request["drafter"]["kind"] == "lookup":
            config.max_ngram_size = request["drafter"]["ngram"]
    return config


def generate(request):
    requests, repetitions = request["requests"], request["repetitions"]
    chosen = drafter({"drafter": shared(requests, "drafter")}, "draft-model", "lookup") or {}
    groups, texts, counts = {}, {}, {"drafted": 0, "accepted": 0}
    for i, one in enumerate(requests):
        groups.setdefault(one["adapter"], []).append(i)
    for adapter, members in groups.items():
        prompts, configs = [], []
        for i in members:
            prompts += [ov.Tensor(np.array([requests[i]["prompt"]], np.int64))] * repetitions
            for seed in np.random.SeedSequence(requests[i]["seed"]).generate_state(repetitions):
                configs.append(generation_config(requests[i]))
                configs[-1].rng_seed = int(seed)
        results = pipeline(request["model"], adapter, chosen.get("kind"), chosen.get("model")).generate(prompts, configs)
        drawn = [list(result.m_generation_ids[0]) for result in results]
        texts |= {i: drawn[n * repetitions : (n + 1) * repetitions] for n, i in enumerate(members)}
    return {"texts": [texts[i] for i in range(len(requests))]}


if __name__ == "__main__":
    serve(name="openvino-genai", version=genai.__version__, dtype="float32", logits=logits, generate=generate)
