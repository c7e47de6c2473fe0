"""onnxruntime-genai as an engine for `turbo-lora conform`: its builder makes ONNX models, its generators run them.

    pip install -r examples/engines/python/requirements-onnxruntime-genai.txt
    turbo-lora conform --timeout 120 -- python examples/engines/python/onnxruntime_genai_engine.py

A generator has one adapter, one set of settings, and up to 32 rows. With a drafter it has one row.
"""

import json
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime_genai as og
from onnxruntime_genai.models.builder import create_model, parse_extra_options
from tokenizers import Tokenizer, models

from engine_lines import Unsupported, drafter, sampling, serve, tensor

FILES = Path(tempfile.mkdtemp(prefix="onnx-"))
ROWS = 32  # of a generator, at most


@lru_cache(maxsize=None)
def onnx_folder(folder, adapter=None):
    """The ONNX model of a Hugging Face folder, with this adapter in it."""
    source, target = (Path(tempfile.mkdtemp(dir=FILES)) for _ in range(2))
    for path in Path(folder).iterdir():
        (source / path.name).symlink_to(path.resolve())
    if not (source / "tokenizer.json").exists():  # the builder wants one
        Tokenizer(models.WordLevel({"<0>": 0})).save(str(source / "tokenizer.json"))
    config = json.loads((source / "config.json").read_text())
    size = config.get("head_dim") or config.get("hidden_size", 0) // config.get("num_attention_heads", 1)
    if size % 8:
        raise Unsupported(f"heads of {size} coordinates: its attention takes multiples of 8")
    arguments = (None, str(source), str(target), "fp32", "cpu", str(FILES / "cache"))
    try:
        create_model(*arguments, **parse_extra_options(*arguments, [f"adapter_path={adapter}"] if adapter else []))
    except NotImplementedError as error:
        reason = str(error).replace(f" {source}", "")
        raise Unsupported(f"{config['architectures'][0]}: {reason}") from error
    return target


@lru_cache(maxsize=16)
def load(folder, adapter=None, draft=None, ends=(), pad=0):
    """A model whose texts end with these tokens. A draft model is a second decoder in its configuration."""
    assembled = Path(tempfile.mkdtemp(dir=FILES))
    settings = {}
    for name, source in {"decoder": onnx_folder(folder, adapter), "draft": draft and onnx_folder(draft)}.items():
        if source:
            shutil.copytree(source, assembled / name)
            own = json.loads((source / "genai_config.json").read_text())
            own["model"]["decoder"]["filename"] = f"{name}/{own['model']['decoder']['filename']}"
            settings = settings or own
            settings["model"][name] = own["model"]["decoder"]
    (assembled / "genai_config.json").write_text(json.dumps(settings))
    config = og.Config(str(assembled))
    config.overlay(json.dumps({"model": {"eos_token_id": list(ends), "pad_token_id": pad}}))
    return og.Model(config)


@lru_cache(maxsize=None)
def own_ends(folder, adapter):
    """The end tokens of a folder. The engine always has some: an empty list leaves those it has."""
    ends = json.loads((onnx_folder(folder, adapter) / "genai_config.json").read_text())["model"]["eos_token_id"]
    return tuple(ends) if isinstance(ends, list) else (ends,)


def logits(request):
    model = load(request["model"], request["adapter"])
    generator = og.Generator(model, og.GeneratorParams(model))
    generator.append_tokens(np.array(request["tokens"], np.int32))
    return {"logits": tensor(generator.get_output("logits")[0])}


def search_options(request):
    """The search options for the law of a request."""
    used = sampling(request, "topK", "topP", "repetitionPenalty")
    options = {"repetition_penalty": used.get("repetitionPenalty", 1.0)}
    if used["temperature"] == 0:
        return {**options, "do_sample": False}
    law = {"temperature": used["temperature"], "top_k": used.get("topK", 0), "top_p": used.get("topP", 1.0)}
    return {**options, "do_sample": True, **law}


def batch(model, requests, ends, seed):
    """The texts of requests that share a model and its settings, padded like `Tokenizer.encode_batch` does."""
    width = max(len(request["prompt"]) for request in requests)
    pad = unused(requests)
    params = og.GeneratorParams(model)
    options = search_options(requests[0])
    params.set_search_options(
        max_length=width + requests[0]["maxTokens"], batch_size=len(requests), random_seed=seed, **options
    )
    generator = og.Generator(model, params)
    generator.append_tokens(
        np.array([request["prompt"] + [pad] * (width - len(request["prompt"])) for request in requests], np.int32)
    )
    return [cut(text, request, ends) for text, request in zip(new_tokens(generator), requests)]


def new_tokens(generator):
    """What is generated, row by row. (The sequences of the generator lack the token that ended the last of them.)"""
    steps = []
    while not generator.is_done():
        generator.generate_next_token()
        steps.append(generator.get_next_tokens().copy())
    return np.stack(steps, 1).tolist()


def unused(requests):
    """A token that no prompt has: the engine reads its padding token as padding, in a prompt too."""
    used = {token for request in requests for token in request["prompt"]}
    return next(token for token in range(len(used) + 1) if token not in used)


def cut(text, request, ends):
    """A text without what the engine puts after its end, to fill the batch."""
    kept = text[: next((i + 1 for i, token in enumerate(text) if token in ends), len(text))]
    if not request["endTokens"] and len(kept) < request["maxTokens"]:
        raise Unsupported(f"texts without an end token: this one ends at {kept[-1]}, that of the folder")
    return kept


def speculate(model, request, ends, seed, counts):
    """One text of a request with a drafter."""
    params = og.GeneratorParams(model)
    length = len(request["prompt"]) + request["maxTokens"]
    params.set_search_options(max_length=length, random_seed=seed, **search_options(request))
    chosen = request["drafter"]
    lookup = {"ngram_size": chosen["ngram"] + 1} if chosen["kind"] == "lookup" else {}
    params.set_speculative_options(max_draft_tokens=chosen["tokens"], **lookup)
    generator = og.Generator(model, params)
    generator.append_tokens(np.array(request["prompt"], np.int32))
    [text] = new_tokens(generator)
    stats = generator.get_speculative_stats()
    counts["drafted"] += stats["draft_tokens_proposed"]
    counts["accepted"] += stats["draft_tokens_accepted"]
    return cut(text, request, ends)


def seeds(request, count):
    return [int(seed) for seed in np.random.SeedSequence(request["seed"]).generate_state(count) >> 1]


def generate(request):
    requests, repetitions = request["requests"], request["repetitions"]
    for one in requests:
        search_options(one), drafter(one, "draft-model", "lookup")  # refused before anything runs
    texts, counts, groups = {}, {"drafted": 0, "accepted": 0}, {}
    for i, one in enumerate(requests):
        ends = tuple(one["endTokens"]) or own_ends(request["model"], one["adapter"])
        if one["drafter"]:
            model = load(request["model"], one["adapter"], one["drafter"].get("model"), ends)
            texts[i] = [speculate(model, one, ends, seed, counts) for seed in seeds(one, repetitions)]
        else:
            alike = (one["adapter"], one["maxTokens"], ends, json.dumps(search_options(one)), one["seed"])
            groups.setdefault(alike, []).append(i)
    for (adapter, _, ends, _, _), members in groups.items():
        rows = [requests[i] for i in members for _ in range(repetitions)]
        model = load(request["model"], adapter, None, ends, unused(rows))
        parts = [rows[i : i + ROWS] for i in range(0, len(rows), ROWS)]
        drawn = [text for part, seed in zip(parts, seeds(rows[0], len(parts))) for text in batch(model, part, ends, seed)]
        texts |= {i: drawn[n * repetitions : (n + 1) * repetitions] for n, i in enumerate(members)}
    told = counts if any(one["drafter"] for one in requests) else {}
    return {"texts": [texts[i] for i in range(len(requests))], **told}


if __name__ == "__main__":
    from importlib.metadata import version

    serve(name="onnxruntime-genai", version=version("onnxruntime-genai"), dtype="float32", logits=logits, generate=generate)
