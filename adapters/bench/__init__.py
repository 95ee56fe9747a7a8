"""`kept bench [name ...]`: measures Kept on this machine, each figure beside a baseline of the same run.

Machines differ and are noisy: only the ratios mean anything.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from adapters.bench.figures import Figure, table

# Imported one by one when asked for: the start-up figure would otherwise pay for all of them.
BENCHES = {
    "capture": "a capture through the router, against one row inserted",
    "sweep": "a nudge sweep with nothing due, 1,000,000 promises against 10,000",
    "nudges": "10,000 nudges due, against APScheduler running 10,000 jobs",
    "start": "`kept --help`, against `python -c pass`",
    "idle": "memory of the idle playground",
    "slack": "signed /promise over HTTP against a bare Bolt app; repeated events; 10,000 digests",
    "teams": "signed messages over HTTP against an echo bot on Microsoft's SDK; 10,000 digests",
}
TAKES_MINUTES = {"slack", "teams"}  # run only when named
TEXT = "text"
_TEXT_USAGE = "dates and promises read on public text; takes --corpora DIR, and runs only when named"


def main(argv: Sequence[str]) -> int:
    """0 when every figure is within its bar, 1 when one is not, 2 for a name that is no bench."""
    if argv[:1] == [TEXT]:
        run_text: Callable[[Sequence[str]], int] = import_module(f"adapters.bench.{TEXT}").main
        return run_text(argv[1:])
    if argv[:1] in (["--help"], ["-h"]):
        print(_usage([]))
        return 0
    names = list(argv) or [name for name in BENCHES if name not in TAKES_MINUTES]
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(_usage(unknown), file=sys.stderr)
        return 2
    figures = [figure for name in names for figure in _measured(name)]
    print(table(figures))
    return 0 if all(figure.is_within for figure in figures) else 1


def _measured(name: str) -> Sequence[Figure]:
    print(f"measuring {name}: {BENCHES[name]} ...", file=sys.stderr, flush=True)
    run: Callable[[], Sequence[Figure]] = import_module(f"adapters.bench.{name}").figures
    return run()


def _usage(unknown: Sequence[str]) -> str:
    wrong = [f"kept bench: {', '.join(unknown)}: no such bench. Choose from:"] if unknown else []
    choices = {**BENCHES, TEXT: _TEXT_USAGE}
    return "\n".join([*wrong, *(f"  {name:9} {what}" for name, what in choices.items())])
