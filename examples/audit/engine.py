"""Speculative decoding over tables, to start from: replace part after part by your engine.

    python engine.py problem.json 2000 > rounds.jsonl
    turbo-lora audit --rule rejection --problem problem.json --rounds rounds.jsonl
"""
import json
import random
import sys
from fractions import Fraction
from functools import cache

problem = json.load(open(sys.argv[1]))


@cache
def law(model, prefix):  # the distribution of the next token after these tokens of the round
    laws = problem[model]
    numbers = laws["after"].get(" ".join(map(str, prefix)), laws.get("default"))
    return [float(Fraction(number)) for number in numbers]


def draw(weights):
    return random.choices(range(len(weights)), weights)[0]


def play():  # one round: draft two tokens, verify them, emit the accepted ones and one more
    drafted = ()
    for _ in range(2):
        drafted += (draw(law("draft", drafted)),)
    for n, token in enumerate(drafted):
        target, draft = law("target", drafted[:n]), law("draft", drafted[:n])
        if random.random() * draft[token] >= target[token]:
            residual = [max(p - q, 0) for p, q in zip(target, draft)]
            return drafted, n, drafted[:n] + (draw(residual),)
    return drafted, 2, drafted + (draw(law("target", drafted)),)


for _ in range(int(sys.argv[2])):
    drafted, accepted, emitted = play()
    print(json.dumps({"drafted": drafted, "accepted": accepted, "emitted": emitted}))
