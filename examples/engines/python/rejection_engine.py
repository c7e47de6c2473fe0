"""An engine for `turbo-lora conform`: rejection sampling in NumPy. Copy it, and call your own sampler instead.

    turbo-lora conform --rule rejection -- python examples/engines/python/rejection_engine.py
"""

import json
import sys

import numpy as np


def matrix(tensor):
    return np.frombuffer(bytes.fromhex(tensor["hex"]), dtype="<f8").reshape(tensor["shape"])


def draw(weights, u):
    return int(np.argmax(u * weights.sum() < np.cumsum(weights)))


def accept(request):
    inputs = request["inputs"]
    tokens, p, q = inputs["tokens"], matrix(inputs["target"]), matrix(inputs["draft"])
    coins, corrections, bonus = (matrix(inputs["uniforms"][name])[:, 0] for name in ("accept", "residual", "target"))
    for i, x in enumerate(tokens):
        if not coins[i] * q[i][x] < p[i][x]:
            return tokens[:i] + [draw(np.maximum(p[i] - q[i], 0), corrections[i])]
    return tokens + [draw(p[len(tokens)], bonus[len(tokens)])]


def answer(request):
    if request["op"] == "hello":
        return {"outputs": {"name": "numpy", "version": np.__version__, "dtype": "float64", "operations": ["accept"]}}
    if request["op"] == "accept" and request["rule"] == "rejection":
        return {"outputs": {"emitted": accept(request)}}
    return {"unsupported": True, "reason": f"{request['op']} {request.get('rule', '')}"}


for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({"id": request["id"], **answer(request)}), flush=True)
