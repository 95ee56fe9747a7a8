"""A measured figure, its bar, and how they are printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    what: str
    measured: str  # with its unit
    baseline: str
    ratio: float
    bar: float
    more_is_better: bool = False

    @property
    def is_within(self) -> bool:
        return self.ratio >= self.bar if self.more_is_better else self.ratio <= self.bar


def table(figures: Sequence[Figure]) -> str:
    lines = [f"{'what':44} {'Kept':>12} {'baseline':>12} {'ratio':>8} {'bar':>8}"]
    for figure in figures:
        sign = ">=" if figure.more_is_better else "<="
        verdict = "" if figure.is_within else "  over the bar"
        lines.append(
            f"{figure.what:44} {figure.measured:>12} {figure.baseline:>12} "
            f"{figure.ratio:>8.2f} {sign}{figure.bar:>6g}{verdict}"
        )
    return "\n".join(lines)


def seconds(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


def interleaved(
    one: Callable[[], object], other: Callable[[], object], *, rounds: int
) -> tuple[float, float]:
    """Medians in seconds of two pieces of work done in turn, so that noise strikes both."""
    pairs = [(seconds(one), seconds(other)) for _ in range(rounds)]
    return median(a for a, _ in pairs), median(b for _, b in pairs)


def shown(duration: float) -> str:
    return f"{duration * 1000:.2f} ms" if duration < 1 else f"{duration:.2f} s"


def within(what: str, took_s: float, bar_s: float) -> Figure:
    """The bar is time, so that it stands where a baseline would."""
    return Figure(what=what, measured=shown(took_s), baseline=shown(bar_s), ratio=took_s / bar_s, bar=1)


def a_second(what: str, kept: float, other: float, *, bar: float) -> Figure:
    """Requests a second, beside those of another."""
    return Figure(
        what=what,
        measured=f"{kept:.0f}/s",
        baseline=f"{other:.0f}/s",
        ratio=kept / other,
        bar=bar,
        more_is_better=True,
    )


def none_of(what: str, found: int, of: int) -> Figure:
    return Figure(what=what, measured=f"{found:,}", baseline=f"{of:,}", ratio=found / of, bar=0)
