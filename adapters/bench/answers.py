"""How fast Kept answers, beside a baseline of the same run, and what becomes of it under a steady load."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.bench.figures import Figure, a_second, within

RATE_BAR, P99_BAR_S, STALL_BAR_S = 0.5, 0.3, 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    kept: float  # a second
    baseline: float
    p99_s: float  # of the HTTP answer
    stall_s: float

    def figures(self, what: str, baseline: str, *, per_second: int, stall: str) -> list[Figure]:
        """`stall`: while what was going on."""
        return [
            a_second(f"{what} / {baseline}", self.kept, self.baseline, bar=RATE_BAR),
            within(f"{what}: p99 at {per_second}/s", self.p99_s, P99_BAR_S),
            within(f"{what}: worst loop stall{stall}", self.stall_s, STALL_BAR_S),
        ]
