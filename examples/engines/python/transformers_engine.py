"""Hugging Face transformers with PEFT, as an engine for `turbo-lora conform`: models, LoRA and assisted generation.

    examples/engines/install.sh transformers
    turbo-lora conform --timeout 120 -- .cache/engines/transformers/bin/python examples/engines/python/transformers_engine.py

Requests without a drafter run as one batch where they share their settings, as `generate` has one set of them per
call. Assisted generation takes one text at a time, so it runs in a loop.
"""

from contextlib import nullcontext
from functools import lru_cache

import peft
import torch
import transformers
from transformers import AutoModelForCausalLM, GenerationConfig
from transformers.generation.streamers import BaseStreamer

from engine_lines import Unsupported, drafter, sampling, serve, tensor

BASE = "__base__"  # what PEFT calls a row without an adapter
ROWS = 2048  # of a batch, at most


class Rounds(BaseStreamer):
    """Counts what each round of assisted generation emits: the accepted tokens, and one more."""

    def __init__(self):
        self.accepted = 0
        self.prompt = True

    def put(self, tokens):
        if not self.prompt:
            self.accepted += tokens.numel() - 1
        self.prompt = False

    def end(self):
        self.prompt = True


@lru_cache(maxsize=16)
def load(folder, adapters=()):
    """A model that has these adapters loaded, called by their folders' positions in the tuple."""
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    model.generation_config = GenerationConfig()  # a request says all there is to say
    if not adapters:
        return model
    model = peft.PeftModel.from_pretrained(model, adapters[0], adapter_name="0")
    for i, adapter in enumerate(adapters[1:], 1):
        model.load_adapter(adapter, str(i))
    return model.eval()


def selection(model, adapters, names):
    """The context and the arguments under which a batch runs, whose rows use these of the loaded adapters."""
    if not adapters:
        return nullcontext(), {}
    rows = [BASE if name is None else str(adapters.index(name)) for name in names]
    if len(set(rows)) > 1:
        return nullcontext(), {"adapter_names": rows}
    if rows[0] == BASE:
        return model.disable_adapter(), {}
    model.set_adapter(rows[0])
    return nullcontext(), {}


def logits(request):
    adapters = () if request["adapter"] is None else (request["adapter"],)
    with torch.no_grad():
        rows = load(request["model"], adapters)(torch.tensor([request["tokens"]])).logits[0]
    return {"logits": tensor(rows.numpy())}


def settings(request):
    """The arguments of `generate` for a request."""
    used = sampling(request, "topK", "topP", "minP", "repetitionPenalty")
    ends = request["endTokens"] or None
    common = {
        "max_new_tokens": request["maxTokens"],
        "eos_token_id": ends,
        "pad_token_id": ends[0] if ends else 0,
        "repetition_penalty": used.get("repetitionPenalty", 1.0),
    }
    if used["temperature"] == 0:
        return {**common, "do_sample": False}
    law = {"temperature": used["temperature"], "top_k": used.get("topK", 0), "top_p": used.get("topP", 1.0)}
    return {**common, "do_sample": True, **law, "min_p": used.get("minP")}


def speculation(request):
    """The arguments of `generate` that turn on assisted generation."""
    chosen = drafter(request, "draft-model", "lookup")
    if chosen["kind"] == "lookup":
        return {"prompt_lookup_num_tokens": chosen["tokens"], "max_matching_ngram_size": chosen["ngram"]}
    draft = load(chosen["model"])
    draft.generation_config.num_assistant_tokens = chosen["tokens"]
    draft.generation_config.assistant_confidence_threshold = 0.0  # always that many tokens
    return {"assistant_model": draft}


def assisted(model, adapters, request, repetitions, rounds):
    """The texts of one request with a drafter, one after another."""
    torch.manual_seed(request["seed"])
    prompt = torch.tensor([request["prompt"]])
    context, _ = selection(model, adapters, [request["adapter"]])
    arguments = {**settings(request), **speculation(request), "streamer": rounds}
    with context:
        texts = [
            model.generate(inputs=prompt, attention_mask=torch.ones_like(prompt), **arguments) for _ in range(repetitions)
        ]
    return [text[0, prompt.shape[1] :].tolist() for text in texts]


def batch(model, adapters, requests, repetitions):
    """The texts of requests with the same settings, as batches padded on the left."""
    torch.manual_seed(requests[0]["seed"])
    rows = [request for request in requests for _ in range(repetitions)]
    width = max(len(request["prompt"]) for request in requests)
    texts = []
    for start in range(0, len(rows), ROWS):
        part = rows[start : start + ROWS]
        padding = [width - len(request["prompt"]) for request in part]
        prompts = torch.tensor([[0] * n + request["prompt"] for n, request in zip(padding, part)])
        mask = torch.tensor([[0] * n + [1] * (width - n) for n in padding])
        context, names = selection(model, adapters, [request["adapter"] for request in part])
        with context:
            out = model.generate(inputs=prompts, attention_mask=mask, **names, **settings(requests[0]))
        texts += [unpadded(text, requests[0]["endTokens"]) for text in out[:, width:].tolist()]
    return [texts[i : i + repetitions] for i in range(0, len(texts), repetitions)]


def unpadded(text, ends):
    """A text without what `generate` puts after its end, to fill the batch."""
    end = next((i + 1 for i, token in enumerate(text) if token in ends), len(text))
    return text[:end]


def generate(request):
    requests, repetitions = request["requests"], request["repetitions"]
    adapters = tuple(sorted({one["adapter"] for one in requests} - {None}))
    model = load(request["model"], adapters)
    for one in requests:
        settings(one), drafter(one, "draft-model", "lookup")  # refused before anything runs
    texts, groups, rounds = {}, {}, Rounds()
    for i, one in enumerate(requests):
        if one["drafter"] is not None:
            texts[i] = assisted(model, adapters, one, repetitions, rounds)
        else:
            seed = None if one["sampling"]["temperature"] == 0 else one["seed"]
            groups.setdefault(repr((settings(one), seed)), []).append(i)
    for group in groups.values():
        texts.update(zip(group, batch(model, adapters, [requests[i] for i in group], repetitions)))
    counts = {"accepted": rounds.accepted} if any(one["drafter"] for one in requests) else {}
    return {"texts": [texts[i] for i in range(len(requests))], **counts}


if __name__ == "__main__":
    transformers.logging.set_verbosity_error()
    torch.set_num_threads(1)
    version = f"{transformers.__version__}, PEFT {peft.__version__}, torch {torch.__version__}"
    serve(name="transformers", version=version, dtype="float32", logits=logits, generate=generate)
