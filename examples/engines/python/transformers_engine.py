"""The speculative sampling of Hugging Face transformers, as an engine for `turbo-lora conform`.

    pip install torch transformers
    turbo-lora conform --rule rejection -- python examples/engines/python/transformers_engine.py

What runs is the private function that `generate` calls (transformers/generation/utils.py). It gets the distributions of
the case as they are, so its softmax is replaced; its random numbers are those of the case.
"""

import json
import sys

import torch
import transformers
from transformers.generation.utils import _speculative_sampling

case = {}


def matrix(tensor):
    values = torch.frombuffer(bytearray.fromhex(tensor["hex"]), dtype=torch.float64)
    return values.reshape(tensor["shape"])


def coins(ratio):
    return case["accept"][: ratio.shape[-1], 0].reshape(ratio.shape)


def draw(weights, num_samples):
    matches = int(sys._getframe(1).f_locals["n_matches"])  # the position that is drawn
    is_bonus = matches == case["length"]
    u = case["target" if is_bonus else "residual"][matches, 0]
    return (u * weights.sum() < weights.cumsum(-1)).int().argmax(-1, keepdim=True)


torch.Tensor.softmax = lambda law, dim: law
torch.rand_like = coins
torch.multinomial = draw


def accept(inputs):
    tokens = torch.tensor([inputs["tokens"]])
    case.update({name: matrix(tensor) for name, tensor in inputs["uniforms"].items()}, length=tokens.shape[1])
    p, q = matrix(inputs["target"])[None], matrix(inputs["draft"])[None]
    emitted, _ = _speculative_sampling(tokens, q, tokens.shape[1], p)
    return emitted[0].tolist()


def answer(request):
    if request["op"] == "hello":
        version = transformers.__version__
        return {"outputs": {"name": "transformers", "version": version, "dtype": "float64", "operations": ["accept"]}}
    if request["op"] == "accept" and request["rule"] == "rejection":
        return {"outputs": {"emitted": accept(request["inputs"])}}
    return {"unsupported": True, "reason": f"{request['op']} {request.get('rule', '')}"}


for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({"id": request["id"], **answer(request)}), flush=True)
