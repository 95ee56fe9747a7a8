"""`kept pause` and `kept resume`: the switch for everything Kept sends, of one workspace or of all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Engine, select

from adapters.db.tables import settings
from adapters.db.unit_of_work import open_uow
from adapters.environment import database_url
from adapters.stores import opened
from bot import pausing


def pause(environ: Mapping[str, str], now: datetime, tenant: str | None) -> None:
    with opened(database_url(environ)) as engine, open_uow(engine)(tenant) as uow:
        pausing.pause(uow, now)
        uow.commit()


def resume(environ: Mapping[str, str], tenant: str | None) -> bool:
    """False when it was not paused."""
    with opened(database_url(environ)) as engine, open_uow(engine)(tenant) as uow:
        was_paused = pausing.resume(uow)
        uow.commit()
    return was_paused


def paused(engine: Engine) -> dict[str, str]:
    """Since when, by tenant; the installation itself is the tenant without a name."""
    resting = select(settings.c.tenant, settings.c.value).where(
        settings.c.key == pausing.PAUSED, settings.c.value != ""
    )
    with engine.begin() as connection:
        return {row.tenant: row.value for row in connection.execute(resting)}
