"""10,000 nudges due at once: claimed, ruled, bundled and queued, against APScheduler running as many jobs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

from adapters.bench.figures import Figure, seconds, shown
from adapters.bench.stage import MONDAY, stage
from bot.nudging import queue_due_nudges

COUNT = 10_000
BAR = 5

_all_run = Event()
_run = 0


def figures() -> list[Figure]:
    kept, jobs = _kept(), _apscheduler()
    what = "10,000 jobs run / 10,000 nudges queued"
    return [
        Figure(
            what=what,
            measured=shown(kept),
            baseline=shown(jobs),
            ratio=jobs / kept,
            bar=BAR,
            more_is_better=True,
        )
    ]


def _kept() -> float:
    with stage() as made:
        with made.ports.open_uow(None) as uow:
            for promise in made.promises(COUNT, next_at=MONDAY + timedelta(days=2)):
                uow.promises.add(promise)
            uow.commit()
        made.now = MONDAY + timedelta(days=9)  # past the decision morning, on a working day
        return seconds(lambda: queue_due_nudges(made.ports, "bench"))


def _apscheduler() -> float:
    """One-off jobs in its SQLAlchemy store on SQLite; adding them is not counted."""
    from apscheduler.executors.pool import ThreadPoolExecutor
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
    from apscheduler.schedulers.background import BackgroundScheduler

    with TemporaryDirectory(prefix="kept-bench-", dir=Path.cwd()) as folder:
        scheduler = BackgroundScheduler(
            jobstores={"default": SQLAlchemyJobStore(url=f"sqlite:///{folder}/jobs.db")},
            executors={"default": ThreadPoolExecutor(4)},
            job_defaults={"misfire_grace_time": None},
            timezone=UTC,
        )
        scheduler.start(paused=True)
        due = datetime.now(UTC) - timedelta(seconds=1)
        for _ in range(COUNT):
            scheduler.add_job(_tick, "date", run_date=due)
        return seconds(lambda: _run_out(scheduler))


def _run_out(scheduler: object) -> None:
    scheduler.resume()  # type: ignore[attr-defined]
    if not _all_run.wait(timeout=600):
        raise RuntimeError("APScheduler did not finish in ten minutes")
    scheduler.shutdown()  # type: ignore[attr-defined]


def _tick() -> None:
    global _run
    _run += 1
    if _run >= COUNT:
        _all_run.set()
