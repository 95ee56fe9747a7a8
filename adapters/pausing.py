"""`kept pause` and `kept resume`: the switch for everything Kept sends, of one workspace or of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Engine, select

from adapters.db.tables import people, places, settings
from adapters.db.unit_of_work import open_uow
from adapters.environment import database_url
from adapters.problems import Trouble
from adapters.stores import opened
from bot import pausing


def pause(environ: Mapping[str, str], now: datetime, tenant: str | None) -> None:
    """Raises Trouble for a tenant nobody is known in: in a hurry, a slip must not look like success."""
    with opened(database_url(environ)) as engine:
        if tenant is not None and not _is_known(engine, tenant):
            raise Trouble(
                f"Kept knows nobody in {tenant}, and paused nothing. Without --tenant it pauses all."
            )
        with open_uow(engine)(tenant) as uow:
            pausing.pause(uow, now)
            uow.commit()


def resume(environ: Mapping[str, str], tenant: str | None) -> Iterator[str]:
    """Says what came of it, and what rests on."""
    with opened(database_url(environ)) as engine:
        with open_uow(engine)(tenant) as uow:
            was_paused = pausing.resume(uow)
            uow.commit()
        yield "Sending goes on." if was_paused else "It was not paused."
        for other in paused(engine):
            yield f"{other or 'Everything'} is still paused. To send again: {how_to_resume(other)}"


def how_to_resume(tenant: str | None) -> str:
    return f"kept resume --tenant {tenant}" if tenant else "kept resume"


def paused(engine: Engine) -> dict[str, datetime]:
    """Since when, by tenant; the installation itself is the tenant without a name."""
    resting = select(settings.c.tenant, settings.c.value).where(
        settings.c.key == pausing.PAUSED, settings.c.value != ""
    )
    with engine.begin() as connection:
        return {row.tenant: datetime.fromisoformat(row.value) for row in connection.execute(resting)}


def _is_known(engine: Engine, tenant: str) -> bool:
    """Whoever could be sent something is among the people or the places."""
    theirs = (select(each.c.tenant).where(each.c.tenant == tenant).limit(1) for each in (people, places))
    with engine.begin() as connection:
        return any(connection.execute(each).first() for each in theirs)
