"""llama.cpp as an engine for `turbo-lora conform`: its server, in this process.

    pip install -r examples/engines/python/requirements-llama-cpp.txt
    turbo-lora conform --timeout 60 -- python examples/engines/python/llama_cpp_engine.py

Draft models draft by sampling, and their tokens are accepted by rejection sampling. With `--greedy-draft`, the server's default,
they draft their most likely token, which is accepted if the target draws it too.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import numpy as np
import xllamacpp

from engine_lines import drafter, sampling, serve, shared, tensor
from gguf_files import adapter_file, model_file, read_config

SLOTS = 8
ORDER = ["penalties", "temperature", "top_k", "top_p", "min_p"]
NAMES = {"temperature": "temperature", "topK": "top_k", "topP": "top_p", "minP": "min_p", "repetitionPenalty": "repeat_penalty"}


class Server:
    """The server of one model, with its adapters and its drafter."""

    def __init__(self, model, end_tokens=(), adapters=(), drafter=None):
        params = xllamacpp.CommonParams()
        params.model.path = model_file(model, end_tokens)
        params.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(adapter_file(path, model), 0.0) for path in adapters]
        params.n_parallel = SLOTS
        params.n_ctx = SLOTS * min(read_config(model)["max_position_embeddings"], 1024)
        params.cache_type_k = params.cache_type_v = xllamacpp.ggml_type.GGML_TYPE_F32
        params.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
        params.warmup = params.fit_params = params.cache_prompt = False
        params.cache_ram_mib = 0
        params.verbosity = 0
        _set_drafter(params.speculative, drafter, end_tokens)
        self.server = xllamacpp.Server(params)
        self.threads = ThreadPoolExecutor(SLOTS)

    def complete(self, request):
        """What the server's endpoint /v1/completions answers, with the details that /completion gives."""
        answer = self.server.handle_completions({**request, "verbose": True})
        if "__verbose" not in answer:
            raise RuntimeError(answer)
        return answer["__verbose"]

    def complete_all(self, requests):
        return list(self.threads.map(self.complete, requests))


def _set_drafter(params, drafter, end_tokens):
    kinds = xllamacpp.common_speculative_type
    if drafter and drafter["kind"] == "draft-model":
        params.types = [kinds.COMMON_SPECULATIVE_TYPE_DRAFT_SIMPLE]
        params.draft.mparams.path = model_file(drafter["model"], end_tokens)
        params.draft.probabilistic = "--greedy-draft" not in sys.argv
        params.draft.n_max = drafter["tokens"]
        params.draft.cache_type_k = params.draft.cache_type_v = xllamacpp.ggml_type.GGML_TYPE_F32
        params.draft.cpuparams.n_threads = params.draft.cpuparams_batch.n_threads = 1
    elif drafter:
        params.types = [kinds.COMMON_SPECULATIVE_TYPE_NGRAM_SIMPLE]
        params.ngram_simple.size_n = drafter["ngram"]
        params.ngram_simple.size_m = drafter["tokens"]


@lru_cache(maxsize=4)
def server(settings):
    """The server with these settings, as JSON. It may stay for the next request."""
    return Server(**json.loads(settings))


def chosen(adapters, adapter):
    """The scales of all loaded adapters: 1 for the one that is asked for."""
    return [{"id": i, "scale": float(path == adapter)} for i, path in enumerate(adapters)]


def logits(request):
    """Log-probabilities, a request per token: the server gives those of generated tokens alone."""
    tokens, size = request["tokens"], read_config(request["model"])["vocab_size"]
    adapters = [path for path in [request["adapter"]] if path]
    engine = server(json.dumps({"model": request["model"], "adapters": adapters}))
    common = {"n_predict": 1, "n_probs": size, "temperature": 0, "lora": chosen(adapters, request["adapter"])}
    answers = engine.complete_all({"prompt": tokens[: i + 1], **common} for i in range(len(tokens)))
    rows = np.full((len(tokens), size), -np.inf, np.float32)
    for row, answer in zip(rows, answers):
        for entry in answer["completion_probabilities"][0]["top_logprobs"]:
            row[entry["id"]] = entry["logprob"]
    return {"logProbabilities": tensor(rows)}


def completions(request, adapters, repetitions):
    """What the server is asked for: a completion for each repetition, each with another seed."""
    law = {NAMES[name]: value for name, value in sampling(request, *NAMES).items()}
    common = {
        "prompt": request["prompt"],
        "n_predict": request["maxTokens"],
        "lora": chosen(adapters, request["adapter"]),
        "samplers": ORDER,
        "repeat_last_n": len(request["prompt"]) + request["maxTokens"],
        **{"top_k": 0, "top_p": 1.0, "min_p": 0.0, **law},
        "return_tokens": True,
    }
    seeds = np.random.SeedSequence(request["seed"]).generate_state(repetitions) >> 1
    return [{**common, "seed": int(seed)} for seed in seeds]


def generate(request):
    requests, repetitions = request["requests"], request["repetitions"]
    adapters = sorted({entry["adapter"] for entry in requests if entry["adapter"]})
    settings = {
        "model": request["model"],
        "end_tokens": shared(requests, "endTokens"),
        "adapters": adapters,
        "drafter": drafter({"drafter": shared(requests, "drafter")}, "draft-model", "lookup"),
    }
    asked = [one for entry in requests for one in completions(entry, adapters, repetitions)]
    answers = server(json.dumps(settings)).complete_all(asked)
    texts = [answer["tokens"] for answer in answers]
    outputs = {"texts": [texts[i : i + repetitions] for i in range(0, len(texts), repetitions)]}
    if requests[0]["drafter"]:
        outputs["drafted"] = sum(answer["timings"].get("draft_n", 0) for answer in answers)
        outputs["accepted"] = sum(answer["timings"].get("draft_n_accepted", 0) for answer in answers)
    return outputs


if __name__ == "__main__":
    version = f"xllamacpp {xllamacpp.__version__}"
    serve(name="llama.cpp", version=version, dtype="float32", logits=logits, generate=generate)
