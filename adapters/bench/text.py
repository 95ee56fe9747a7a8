"""How well dates and promises are read, on public text that nobody here wrote, beside what others make of it.

The corpora do not ship with Kept: `kept bench text --corpora DIR` names their folder.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from adapters.bench.figures import seconds
from adapters.bench.text_baselines import LIBRARIES, NAIVE_PROMISE, Reader, readers
from adapters.bench.text_scoring import Row, judged, present, reading_of, rows, verdict
from adapters.problems import Trouble
from commitments.due import Status
from commitments.spotting import Said, Sort, Tier, spot

ENGLISH = ("en", "en-US", "en-GB")
OTHERS = ("de", "fr", "es")
CORES = ("recognizers_core", "chrono_core")
NEGATIVES = ("recognizers_negative", "chrono_negative")
# Confirmations that the conventions (5, 6, 8, 22, 27, 32) ask for are not needless.
CALLED_FOR = frozenset(
    ("weekday_today", "next_weekday", "weekend_now", "hour_seven", "order_swapped", "couple")
)
IMPORTS = 7
LONG = 4096  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    what: str
    unit: str  # "%", "ms", "‰", "" for a share of one
    value: float
    floor: float
    aim: float
    less_is_better: bool = False
    baselines: tuple[tuple[str, float], ...] = ()

    @property
    def is_within(self) -> bool:
        return self.value <= self.floor if self.less_is_better else self.value >= self.floor


def main(argv: Sequence[str]) -> int:
    """0 when every figure is above its floor, 1 when one is not."""
    parser = argparse.ArgumentParser(prog="kept bench text")
    parser.add_argument(
        "--corpora", type=Path, required=True, metavar="DIR", help="the folder of the corpora"
    )
    measures = figures(parser.parse_args(argv).corpora)
    print(table(measures))
    return 0 if all(measure.is_within for measure in measures) else 1


def figures(corpora: Path) -> list[Measure]:
    """Raises Trouble when the corpora are not there."""
    missing = [each for each in ("due_dates", "commitments") if not (corpora / each).is_dir()]
    if missing:
        raise Trouble(f"{corpora} holds no {' and no '.join(missing)}: name the corpora with --corpora DIR.")
    return [*_dates(corpora), *_promises(corpora), *_speed(corpora)]


def table(measures: Sequence[Measure]) -> str:
    absent = [name for name in LIBRARIES if name not in readers()]
    head = f"{'measure':46} {'Kept':>8} {'floor':>8} {'aim':>8}  baselines in the same run"
    note = f"not installed, so not measured: {', '.join(absent)} (pip install 'kept[bench]')"
    return "\n".join([head, *map(_line, measures), *([note] if absent else [])])


def _line(measure: Measure) -> str:
    sign = "<=" if measure.less_is_better else ">="
    shown = [f"{each:.4g}" for each in (measure.value, measure.floor, measure.aim)]
    others = ", ".join(f"{name} {value:.4g}" for name, value in measure.baselines)
    verdict_ = "" if measure.is_within else "  below the floor"
    what = f"{measure.what}{', ' + measure.unit if measure.unit else ''}"
    return f"{what:46} {shown[0]:>8} {sign + shown[1]:>8} {sign + shown[2]:>8}  {others}{verdict_}".rstrip()


def _dates(corpora: Path) -> Iterable[Measure]:
    english = {corpus: list(rows(corpora, corpus, ENGLISH)) for corpus in CORES}
    yield from _read("Recognizers core, English", english[CORES[0]], (85, 1), (90, 0.5))
    yield from _read("chrono core, English", english[CORES[1]], (88, 1), (92, 0.5))
    yield _refused([row for corpus in NEGATIVES for row in rows(corpora, corpus, ENGLISH)])
    foreign = [row for corpus in CORES for row in rows(corpora, corpus, OTHERS)]
    yield from _read("German, French, Spanish rows of both", foreign, (60, 2), (80, 1))
    yield _needless([row for each in english.values() for row in each if not row["tags"]])


def _read(
    what: str, chosen: Sequence[Row], floor: tuple[float, float], aim: tuple[float, float]
) -> list[Measure]:
    exact, wrong = _shares(chosen, judged)
    others = {name: _shares(chosen, _judge(reader)) for name, reader in readers().items()}
    best = tuple((name, shares[0]) for name, shares in others.items())
    worst = tuple((name, shares[1]) for name, shares in others.items())
    return [
        Measure(what=f"{what}: exact", unit="%", value=exact, floor=floor[0], aim=aim[0], baselines=best),
        Measure(
            what=f"{what}: wrong day",
            unit="%",
            value=wrong,
            floor=floor[1],
            aim=aim[1],
            less_is_better=True,
            baselines=worst,
        ),
    ]


def _shares(chosen: Sequence[Row], judge: Callable[[Row], str]) -> tuple[float, float]:
    """Per cent read exactly, and put on a wrong day."""
    verdicts = Counter(map(judge, chosen))
    total = max(1, verdicts.total())
    return 100 * verdicts["exact"] / total, 100 * verdicts["wrong day"] / total


def _judge(reader: Reader) -> Callable[[Row], str]:
    def judge(row: Row) -> str:
        found = _moment(reader, row)
        return "asked" if found is None else verdict(row, [found], time_said=True)

    return judge


def _moment(reader: Reader, row: Row) -> datetime | None:
    try:
        return reader(row["phrase"], present(row).replace(tzinfo=None), row["lang"][:2])
    except Exception:  # whatever a library stumbles over counts as refused
        return None


def _refused(chosen: Sequence[Row]) -> Measure:
    refused = sum(reading_of(row).status is Status.ASK for row in chosen)
    others = tuple(
        (name, 100 * sum(_moment(reader, row) is None for row in chosen) / max(1, len(chosen)))
        for name, reader in readers().items()
    )
    share = 100 * refused / max(1, len(chosen))
    return Measure(
        what="negatives refused, English", unit="%", value=share, floor=97, aim=100, baselines=others
    )


def _needless(plain: Sequence[Row]) -> Measure:
    """Phrases without a tag are plain: upstream sees one reading only. Our conventions may see two."""
    readings = [reading_of(row) for row in plain]
    confirmed = sum(each.status is Status.CONFIRM and each.reason not in CALLED_FOR for each in readings)
    share = 100 * confirmed / max(1, len(plain))
    return Measure(
        what="needless confirmations, plain English",
        unit="%",
        value=share,
        floor=3,
        aim=1,
        less_is_better=True,
    )


def _promises(corpora: Path) -> Iterable[Measure]:
    lines = (corpora / "commitments" / "enron_commitments.jsonl").read_text(encoding="utf-8").splitlines()
    mails = [json.loads(line) for line in lines]
    for split in ("train", "test"):
        chosen = [mail for mail in mails if mail["split"] == split]
        ours, naive = _counted(chosen, is_offered), _counted(chosen, _is_naive)
        yield from _measured(split, ours, naive)


def is_offered(text: str) -> bool:
    """Whether a message alone leads to an offer; the quiet list does not count."""
    found = spot(Said(text=text, author="ours", language="en"))
    return any(offer.tier is Tier.OFFER and offer.sort is not Sort.FULFILMENT for offer in found)


def _is_naive(text: str) -> bool:
    return NAIVE_PROMISE.search(text) is not None


@dataclass(frozen=True, slots=True)
class _Count:
    precision: float
    recall: float
    false_in_1000: float


def _counted(mails: Sequence[dict[str, Any]], offered: Callable[[str], bool]) -> _Count:
    """What was promised "if read kindly" is neither hit nor miss."""
    clear = [mail for mail in mails if mail["kind"] != "weak"]
    hits = [mail["label"] for mail in clear if offered(mail["text"])]
    false = hits.count(0)
    wanted = max(1, sum(mail["label"] for mail in clear))
    return _Count(sum(hits) / max(1, len(hits)), sum(hits) / wanted, 1000 * false / max(1, len(mails)))


def _measured(split: str, ours: _Count, naive: _Count) -> list[Measure]:
    def measure(what: str, name: str, floor: float, aim: float, **more: Any) -> Measure:
        other = (("naive regex", getattr(naive, name)),)
        return Measure(
            what=f"Enron {split}, {what}",
            unit="",
            value=getattr(ours, name),
            floor=floor,
            aim=aim,
            baselines=other,
            **more,
        )

    return [
        measure("offers: precision", "precision", 0.9, 0.95),
        measure("offers: recall", "recall", 0.8, 0.85),
        measure("false offers in 1,000", "false_in_1000", 1.5, 0.8, less_is_better=True),
    ]


def _speed(corpora: Path) -> Iterable[Measure]:
    phrases = list(rows(corpora, CORES[0], ENGLISH))
    reading_of(phrases[0])
    a_phrase = [1000 * seconds(partial(reading_of, row)) for row in phrases]
    lines = (corpora / "commitments" / "enron_commitments.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    is_offered(texts[0])
    a_message = [1000 * seconds(partial(is_offered, text)) for text in texts]
    whole = " ".join(texts)
    a_long = [
        1000 * seconds(partial(is_offered, whole[start : start + LONG]))
        for start in range(0, len(whole), LONG)
    ]
    yield _took("a phrase: median", median(a_phrase), 1, 0.15)
    yield _took("a phrase: p99", _p99(a_phrase), 20, 5)
    yield _took("a message: median", median(a_message), 0.3, 0.1)
    yield _took("a message of 4 kB", median(a_long), 1, 0.5)
    yield _took("import of commitments.due", median(_import_time() for _ in range(IMPORTS)), 60, 25)


def _took(what: str, value: float, floor: float, aim: float) -> Measure:
    return Measure(what=what, unit="ms", value=value, floor=floor, aim=aim, less_is_better=True)


def _p99(times: Sequence[float]) -> float:
    return quantiles(times, n=100)[98] if len(times) > 1 else times[0]


def _import_time() -> float:
    """Milliseconds in a fresh interpreter, without its own start."""
    program = "from time import perf_counter as c\ns = c()\nimport commitments.due\nprint(1000 * (c() - s))"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  # ours
    return float(done.stdout)
