"""Whose record Teams writes to: one of its own, or that of a Slack workspace (`teams.record` in app.yaml)."""

from __future__ import annotations

from sqlalchemy import Engine, func, select

from adapters.db.tables import partnerships
from adapters.problems import Trouble


def ensure_not_parted(engine: Engine, record: str | None, tenants: frozenset[str]) -> None:
    """No partnership moves from one record to another: it would be out of sight. Raises Trouble."""
    if record is None:
        return
    own = select(func.count()).select_from(partnerships).where(partnerships.c.tenant.in_(tenants))
    with engine.begin() as connection:
        count = connection.execute(own).scalar_one()
    if count:
        raise Trouble(
            f"teams.record in app.yaml is {record}, but Teams already keeps a record of its own ({count}),"
            " and its partnerships would be out of everybody's sight. Take `record` out again."
        )
