"""What the engines here share: they read a request of `turbo-lora conform` per line and write an answer per line.

    from engine_lines import Unsupported, serve, tensor

    def logits(request):
        if request["adapter"] is not None:
            raise Unsupported("no adapters")
        return {"logits": tensor(my_engine(request["model"], request["tokens"]))}

    serve(name="mine", version="1.0", dtype="float32", logits=logits)
"""

import json
import os
import sys
import traceback

import numpy as np

DTYPES = {"F32": "<f4", "F64": "<f8"}


class Unsupported(Exception):
    """The engine cannot do what is asked; the message says why. That is not a failure."""


def serve(name, version, dtype, **operations):
    """Answers requests until the input ends. An operation is a function from its request to its outputs."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the engine prints, in Python or below it, goes to standard error
    hello = {"name": name, "version": version, "dtype": dtype, "operations": list(operations)}
    operations["hello"] = lambda request: hello
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps({"id": request["id"], **_answer(request, operations)}), file=answers, flush=True)


def _answer(request, operations):
    try:
        if request["op"] not in operations:
            raise Unsupported(f"the operation {request['op']}")
        return {"outputs": operations[request["op"]](request)}
    except Unsupported as reason:
        return {"unsupported": True, "reason": str(reason)[:2000]}
    except Exception as error:
        traceback.print_exc()
        return {"error": f"{type(error).__name__}: {error}"[:2000]}


def tensor(values):
    """A tensor of the protocol from a NumPy array: F64 if that is its type, F32 if not."""
    name = "F64" if values.dtype == np.float64 else "F32"
    data = np.ascontiguousarray(values, dtype=DTYPES[name])
    return {"dtype": name, "shape": list(data.shape), "hex": data.tobytes().hex()}


def array(tensor):
    """The NumPy array that a tensor of the protocol holds."""
    return np.frombuffer(bytes.fromhex(tensor["hex"]), DTYPES[tensor["dtype"]]).reshape(tensor["shape"])


def sampling(request, *names):
    """The sampling settings that a generate request uses. Those not named here are unsupported."""
    used = {name: value for name, value in request["sampling"].items() if value is not None}
    for name in used.keys() - set(names) - {"temperature"}:
        raise Unsupported(f"the setting {name}")
    return used


def drafter(request, *kinds):
    """The drafter of a generate request, or None. Kinds not named here are unsupported."""
    chosen = request["drafter"]
    if chosen is not None and chosen["kind"] not in kinds:
        raise Unsupported(f"the drafter {chosen['kind']}")
    return chosen


def shared(requests, field):
    """The value of a field that all requests of a batch have to share in this engine."""
    first, *others = (request[field] for request in requests)
    if any(other != first for other in others):
        raise Unsupported(f"one batch with different values of {field}")
    return first
