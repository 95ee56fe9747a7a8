"""A real store in a temporary folder, with people and a customer in it, for measuring."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from adapters.days_off import is_holiday
from adapters.db.engine import open_engine
from adapters.db.migrations_run import migrate
from adapters.db.unit_of_work import open_uow
from adapters.moments import BabelMomentWords
from bot.addresses import Place, PlaceKind
from bot.policy import Policy
from bot.ports import Ports
from commitments.partnership import Partnership, Person, Role
from commitments.promise import Due, Promise, Side, State

TENANT, PLATFORM = "bench", "playground"
MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
OWNERS = 1000


@dataclass
class Stage:
    engine: Engine
    now: datetime = MONDAY

    def __post_init__(self) -> None:
        self.ports = Ports(
            now=lambda: self.now,
            open_uow=open_uow(self.engine),
            chats={},
            is_holiday=is_holiday,
            moment_words=BabelMomentWords(lambda: self.now),
            new_id=lambda: token_hex(16),
            policy=Policy(),
        )
        self.owners = [_person(number) for number in range(OWNERS)]
        self.partnership = Partnership(id=token_hex(16), tenant=TENANT, name="Acme", created_at=MONDAY)
        self._settle_in()

    def promises(self, count: int, *, next_at: datetime) -> Iterator[Promise]:
        """Open ones, due the Friday of the week after, whose moment comes at `next_at`."""
        due = Due(at=MONDAY + timedelta(days=11, hours=8), zone="Europe/Berlin")
        for number in range(count):
            owner = self.owners[number % OWNERS].id
            yield Promise(
                id=token_hex(16),
                tenant=TENANT,
                partnership_id=self.partnership.id,
                number=number + 1,
                title=f"Send report {number}",
                side=Side.OURS,
                state=State.OPEN,
                owner_id=owner,
                filed_by=owner,
                due=due,
                first_due=due,
                created_at=MONDAY,
                span_from=MONDAY,
                next_at=next_at,
            )

    def _settle_in(self) -> None:
        with self.ports.open_uow(TENANT) as uow:
            uow.partnerships.add(self.partnership)
            for owner in self.owners:
                uow.people.add(owner)
                uow.places.add(_private_place(owner))
                uow.partnerships.set_role(self.partnership.id, owner.id, Role.MEMBER)
            uow.commit()


@contextmanager
def stage() -> Iterator[Stage]:
    """Synchronous writes and all the settings of a real start; the folder goes when it is done."""
    with TemporaryDirectory(prefix="kept-bench-", dir=Path.cwd()) as folder:
        engine = open_engine(f"sqlite:///{folder}/bench.db")
        migrate(engine)
        yield Stage(engine)
        engine.dispose()


def _person(number: int) -> Person:
    return Person(
        id=token_hex(16),
        tenant=TENANT,
        platform=PLATFORM,
        account=f"owner{number}",
        name=f"Owner {number}",
        side=Side.OURS,
        organisation="us",
        zone="Europe/Berlin",
        introduced_at=MONDAY,
    )


def _private_place(person: Person) -> Place:
    return Place(
        id=token_hex(16),
        tenant=TENANT,
        platform=PLATFORM,
        route=f"dm-{person.account}",
        name=person.name,
        kind=PlaceKind.PRIVATE,
        person_id=person.id,
    )
