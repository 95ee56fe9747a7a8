"""How long `kept --help` takes, against an interpreter that does nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

from adapters.bench.figures import Figure, interleaved, shown

ROUNDS = 30
BAR = 5


def figures() -> list[Figure]:
    kept, bare = interleaved(_run("-m", "adapters", "--help"), _run("-c", "pass"), rounds=ROUNDS)
    what = "kept --help / python -c pass"
    return [Figure(what=what, measured=shown(kept), baseline=shown(bare), ratio=kept / bare, bar=BAR)]


def _run(*arguments: str) -> Callable[[], object]:
    command = [sys.executable, *arguments]
    return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  # ours
