"""An engine for `turbo-lora conform`: rejection sampling in NumPy. Copy it with engine_lines.py, and call your own sampler instead.

    turbo-lora conform --suite rounds/rejection -- python examples/engines/python/rejection_engine.py
"""

import numpy as np

from engine_lines import Unsupported, array, serve


def draw(weights, u):
    return int(np.argmax(u * weights.sum() < np.cumsum(weights)))


def emitted(inputs):
    tokens, p, q = inputs["tokens"], array(inputs["target"]), array(inputs["draft"])
    coins, corrections, bonus = (array(inputs["uniforms"][name])[:, 0] for name in ("accept", "residual", "target"))
    for i, x in enumerate(tokens):
        if not coins[i] * q[i][x] < p[i][x]:
            return tokens[:i] + [draw(np.maximum(p[i] - q[i], 0), corrections[i])]
    return tokens + [draw(p[len(tokens)], bonus[len(tokens)])]


def accept(request):
    if request["rule"] != "rejection":
        raise Unsupported(f"the rule {request['rule']}")
    return {"emitted": emitted(request["inputs"])}


serve(name="numpy", version=np.__version__, dtype="float64", accept=accept)
