"""mlx-lm, as an engine for `turbo-lora conform`: models, LoRA, batches and draft models.

    examples/engines/install.sh mlx
    turbo-lora conform --timeout 120 -- .cache/engines/mlx/bin/python examples/engines/python/mlx_engine.py

Its LoRA folders are not those of PEFT, so an adapter is converted first: transposed, one rank and scale for all layers.
Requests without a drafter run as one batch per adapter; drafts take one text at a time.
"""

import json
import tempfile
from functools import lru_cache
from pathlib import Path

import mlx.core as mx
import mlx_lm
import numpy as np
from mlx_lm.generate import BatchGenerator, StopSequences, speculative_generate_step
from mlx_lm.sample_utils import make_logits_processors, make_sampler
from mlx_lm.utils import load_adapters, load_model

from engine_lines import Unsupported, drafter, sampling, serve, tensor

ROWS = 512  # of a batch, at most
PREFIX = "base_model.model."


@lru_cache(maxsize=16)
def load(folder, adapter=None):
    try:
        model, _ = load_model(Path(folder))
    except Exception as reason:  # of many types
        raise Unsupported(f"this folder, which mlx-lm does not load: {reason}") from reason
    if adapter is not None:
        with tempfile.TemporaryDirectory() as converted:
            convert(Path(adapter), Path(converted), dict(model.named_modules()))
            load_adapters(model, converted)
    model.set_dtype(mx.float32)
    return model.eval()


def convert(adapter, folder, modules):
    """Writes a PEFT adapter as mlx-lm reads it."""
    config = json.loads((adapter / "adapter_config.json").read_text())
    for setting in ("rank_pattern", "alpha_pattern", "use_dora"):
        if config.get(setting):
            raise Unsupported(f"the LoRA setting {setting}")
    weights = {}
    for key, value in mx.load(str(adapter / "adapter_model.safetensors")).items():
        module, _, kind = key.removeprefix(PREFIX).partition(".lora_")
        if module not in modules or kind not in ("A.weight", "B.weight"):
            raise Unsupported(f"the LoRA tensor {key}")
        weights[f"{module}.lora_{kind[0].lower()}"] = value.astype(mx.float32).T
    rank = config["r"]
    scale = config["lora_alpha"] / (rank**0.5 if config.get("use_rslora") else rank)
    keys = sorted({name.rpartition(".")[0] for name in weights})
    lora = {"rank": rank, "scale": scale, "dropout": 0.0, "keys": keys}
    (folder / "adapter_config.json").write_text(json.dumps({"num_layers": 0, "lora_parameters": lora}))
    mx.save_safetensors(str(folder / "adapters.safetensors"), weights)


def logits(request):
    rows = load(request["model"], request["adapter"])(mx.array([request["tokens"]]))[0]
    return {"logits": tensor(np.array(rows.astype(mx.float32)))}


@lru_cache(maxsize=64)
def sampler(temperature, top_k, top_p, min_p):
    """The sampler of these settings. A batch that shares one samples all its rows in one call."""
    if temperature not in (0, 1) and (top_p or min_p):
        raise Unsupported("a temperature before top-p or min-p: here it comes after them")
    if temperature != 0 and top_k and top_p:
        raise Unsupported("top-k before top-p: here it comes after it")
    return make_sampler(temperature, top_k=top_k, top_p=top_p, min_p=min_p)


def settings(request):
    """The sampler and the logits processors of a request."""
    used = sampling(request, "topK", "topP", "minP", "repetitionPenalty")
    chain = make_logits_processors(
        repetition_penalty=used.get("repetitionPenalty"), repetition_context_size=len(request["prompt"]) + request["maxTokens"]
    )
    return sampler(used["temperature"], used.get("topK", 0), used.get("topP", 0.0), used.get("minP", 0.0)), chain


def speculative(request, model, repetitions):
    """The texts of one request with a draft model, and how many of their tokens were drafted."""
    chosen, (sample, processors) = request["drafter"], settings(request)
    draft = load(chosen["model"])
    mx.random.seed(request["seed"])  # after loading, which draws weights before it reads them
    texts, accepted = [], 0
    for _ in range(repetitions):
        steps = speculative_generate_step(
            mx.array(request["prompt"]),
            model,
            draft,
            num_draft_tokens=chosen["tokens"],
            max_tokens=request["maxTokens"],
            sampler=sample,
            logits_processors=processors or None,
        )
        text = []
        for token, _, from_draft in steps:
            text.append(token)
            accepted += from_draft
            if token in request["endTokens"]:
                break
        steps.close()
        texts.append(text)
    return texts, accepted


def batch(requests, model, repetitions):
    """The texts of requests without a drafter, all in one batch. Its random numbers follow from all of their seeds."""
    mx.random.seed(sum(request["seed"] for request in requests))
    rows = [request for request in requests for _ in range(repetitions)]
    chains = {id(request): settings(request) for request in requests}
    generator = BatchGenerator(model, completion_batch_size=ROWS, prefill_batch_size=ROWS)
    uids = generator.insert(
        [request["prompt"] for request in rows],
        max_tokens=[request["maxTokens"] for request in rows],
        samplers=[chains[id(request)][0] for request in rows],
        logits_processors=[chains[id(request)][1] for request in rows],
        stop_sequences=[StopSequences([[token] for token in request["endTokens"]] or None) for request in rows],
    )
    texts = {uid: [] for uid in uids}
    while responses := generator.next_generated():
        for response in responses:
            texts[response.uid].append(response.token)
    generator.close()
    ordered = [texts[uid] for uid in uids]
    return [ordered[i : i + repetitions] for i in range(0, len(ordered), repetitions)]


def generate(request):
    requests, repetitions = request["requests"], request["repetitions"]
    for one in requests:
        settings(one), drafter(one, "draft-model")  # refused before anything runs
    texts, groups, accepted = {}, {}, 0
    for i, one in enumerate(requests):
        if one["drafter"] is None:
            groups.setdefault(one["adapter"], []).append(i)
        else:
            texts[i], count = speculative(one, load(request["model"], one["adapter"]), repetitions)
            accepted += count
    for adapter, group in groups.items():
        model = load(request["model"], adapter)
        texts.update(zip(group, batch([requests[i] for i in group], model, repetitions)))
    counts = {"accepted": accepted} if any(one["drafter"] for one in requests) else {}
    return {"texts": [texts[i] for i in range(len(requests))], **counts}


if __name__ == "__main__":
    serve(name="mlx-lm", version=f"{mlx_lm.__version__}, mlx {mx.__version__}", dtype="float32", logits=logits, generate=generate)
