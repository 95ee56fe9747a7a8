"""Payloads spoiled in one place each, for handlers that must bear anything."""

from __future__ import annotations

import json
import random
from typing import Any

RANDOM_SEED = 20261116
ODD: tuple[Any, ...] = (None, 7, -1, 1.5, True, "", "x", "\0", "\ud83d", "é" * 400, [], {}, [None], {"a": 1})
ODD += ([[]], "1:2:3", "|", "9" * 400, "<@U1>", "=HYPERLINK()", "'; DROP TABLE people; --", 10**30)


def mutated(payload: Any, chance: random.Random) -> Any:
    """One field somewhere becomes something else, or goes."""
    copy = json.loads(json.dumps(payload))
    at: Any = copy
    while True:
        key = chance.choice(list(at) if isinstance(at, dict) else list(range(len(at))))
        if isinstance(at[key], (dict, list)) and at[key] and chance.random() < 0.8:
            at = at[key]
            continue
        if chance.random() < 0.2 and isinstance(at, dict):
            del at[key]
        else:
            at[key] = chance.choice(ODD)
        return copy
