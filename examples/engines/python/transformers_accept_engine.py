"""The speculative sampling of Hugging Face transformers, as an engine for `turbo-lora conform`.

    pip install torch transformers
    turbo-lora conform --suite rounds/rejection -- python examples/engines/python/transformers_accept_engine.py

What runs is the private function that `generate` calls (transformers/generation/utils.py). It gets the distributions of
the case as they are, so its softmax is replaced; its random numbers are those of the case.
"""

import sys

import torch
import transformers
from transformers.generation.utils import _speculative_sampling

from engine_lines import Unsupported, array, serve

case = {}


def matrix(tensor):
    return torch.tensor(array(tensor))


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


def accept(request):
    if request["rule"] != "rejection":
        raise Unsupported(f"the rule {request['rule']}")
    inputs = request["inputs"]
    tokens = torch.tensor([inputs["tokens"]])
    case.update({name: matrix(values) for name, values in inputs["uniforms"].items()}, length=tokens.shape[1])
    p, q = matrix(inputs["target"])[None], matrix(inputs["draft"])[None]
    emitted, _ = _speculative_sampling(tokens, q, tokens.shape[1], p)
    return {"emitted": emitted[0].tolist()}


serve(name="transformers", version=transformers.__version__, dtype="float64", accept=accept)
