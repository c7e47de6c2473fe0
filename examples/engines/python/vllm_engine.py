"""vLLM on a CPU, as an engine for `turbo-lora conform`: models, LoRA, batches, draft models and prompt lookup.

    examples/engines/install.sh vllm
    turbo-lora conform --timeout 300 -- .cache/engines/vllm/bin/python examples/engines/python/vllm_engine.py

Every model, drafter and use of LoRA has its own `LLM`, which takes half a minute to start. With --greedy-draft,
which is how vLLM itself does it by default, the draft model proposes its most likely tokens; without it, it samples.
"""

import os

os.environ.update(
    TORCHDYNAMO_DISABLE="1",
    VLLM_CPU_KVCACHE_SPACE="1",
    VLLM_NO_USAGE_STATS="1",
    HF_HUB_OFFLINE="1",
)

import json
import sys
from functools import lru_cache

import numpy as np
import vllm
from vllm import LLM, SamplingParams
from vllm.lora.request import LoRARequest

from engine_lines import Unsupported, drafter, sampling, serve, tensor

RANK = 64  # of an adapter, at most
adapters = {}


@lru_cache(maxsize=6)
def load(folder, lora, drafting):
    """An engine for a model; `drafting` is what its configuration says about speculation, as JSON."""
    try:
        return LLM(
            folder,
            dtype="float32",
            skip_tokenizer_init=True,
            enforce_eager=True,
            enable_prefix_caching=False,
            disable_log_stats=False,
            max_logprobs=-1,
            logprobs_mode="raw_logits",
            speculative_config=json.loads(drafting),
            **({"enable_lora": True, "max_loras": 4, "max_lora_rank": RANK} if lora else {}),
        )
    except Exception as reason:  # of many types
        raise Unsupported(f"this folder, which vLLM does not load: {reason}") from reason


def speculation(request):
    """What the configuration of an engine says about the drafter of a request."""
    chosen = drafter(request, "draft-model", "lookup")
    if chosen is None:
        return "null"
    if chosen["kind"] == "lookup":
        windows = {"prompt_lookup_max": chosen["ngram"], "prompt_lookup_min": 1}
        return json.dumps({"method": "ngram", "num_speculative_tokens": chosen["tokens"], **windows})
    draws = "greedy" if "--greedy-draft" in sys.argv else "probabilistic"
    model = {"model": chosen["model"], "draft_sample_method": draws}
    return json.dumps({"method": "draft_model", "num_speculative_tokens": chosen["tokens"], **model})


def adapter(folder):
    """The adapter of a folder, under a number that stays its own."""
    if folder is None:
        return None
    number = adapters.setdefault(folder, len(adapters) + 1)
    return LoRARequest(str(number), number, folder)


def run(engine, requests, parameters):
    """What the engine makes of a batch."""
    prompts = [{"prompt_token_ids": request["prompt"]} for request in requests]
    loras = [adapter(request["adapter"]) for request in requests]
    loras = loras if any(loras) else None
    try:
        return engine.generate(prompts, parameters, lora_request=loras, use_tqdm=False)
    except ValueError as reason:  # how vLLM refuses settings
        raise Unsupported(str(reason)) from reason


def logits(request):
    engine = load(request["model"], request["adapter"] is not None, "null")
    parameters = SamplingParams(max_tokens=1, logprobs=-1, prompt_logprobs=-1, detokenize=False, ignore_eos=True)
    request = {"prompt": request["tokens"], "adapter": request["adapter"]}
    (out,) = run(engine, [request], parameters)
    rows = [*out.prompt_logprobs[1:], out.outputs[0].logprobs[0]]
    return {"logits": tensor(np.array([[row[token].logprob for token in range(len(row))] for row in rows], np.float32))}


def settings(request, repetitions):
    names = {"topK": "top_k", "topP": "top_p", "minP": "min_p", "repetitionPenalty": "repetition_penalty"}
    names |= {"frequencyPenalty": "frequency_penalty", "presencePenalty": "presence_penalty"}
    used = sampling(request, *names)
    if used["temperature"] == 0 and repetitions > 1:
        raise Unsupported("several greedy texts of one request")
    if "topP" in used and "minP" in used:
        raise Unsupported("top-p before min-p: here it comes after it")
    return SamplingParams(
        n=repetitions,
        seed=request["seed"],
        max_tokens=request["maxTokens"],
        stop_token_ids=request["endTokens"],
        ignore_eos=True,
        detokenize=False,
        temperature=used["temperature"],
        **{theirs: used[name] for name, theirs in names.items() if name in used},
    )


def counts(engine):
    """How many tokens an engine has drafted and accepted since it started."""
    found = {metric.name: metric.value for metric in engine.get_metrics() if hasattr(metric, "value")}
    return np.array([found.get(f"vllm:spec_decode_num_{name}_tokens", 0) for name in ("draft", "accepted")])


def generate(request):
    requests, repetitions = request["requests"], request["repetitions"]
    lora = any(one["adapter"] for one in requests)
    parameters = [settings(one, repetitions) for one in requests]
    texts, groups, total = {}, {}, np.zeros(2, int)
    for i, one in enumerate(requests):
        groups.setdefault(speculation(one), []).append(i)
    for drafting, group in groups.items():
        engine = load(request["model"], lora, drafting)
        before = counts(engine)
        outs = run(engine, [requests[i] for i in group], [parameters[i] for i in group])
        total += (counts(engine) - before).astype(int)
        for i, out in zip(group, outs):
            texts[i] = [list(text.token_ids) for text in sorted(out.outputs, key=lambda text: text.index)]
    told = dict(zip(("drafted", "accepted"), total.tolist())) if groups.keys() != {"null"} else {}
    return {"texts": [texts[i] for i in range(len(requests))], **told}


if __name__ == "__main__":
    serve(name="vllm", version=vllm.__version__, dtype="float32", logits=logits, generate=generate)
