"""A tenant goes from every table: read from the database itself, so that no list of ours can age."""

from __future__ import annotations

from sqlalchemy import Connection, MetaData, delete

from adapters.db.tables import lanes
from adapters.db.texts import take_time


def purge(connection: Connection, tenant: str, *, but: str) -> int:
    """Deletes every row of the tenant's except those of the table `but`; says how many there were."""
    take_time(connection)
    found = MetaData()
    found.reflect(connection)
    tables = [each for each in reversed(found.sorted_tables) if "tenant" in each.c and each.name != but]
    rows = sum(connection.execute(delete(each).where(each.c.tenant == tenant)).rowcount for each in tables)
    of_it = lanes.c.lane.endswith(f":{tenant}", autoescape=True)  # platform:tenant
    return rows + connection.execute(delete(lanes).where(of_it)).rowcount
