"""The cast, the calendar and short ways to make values. What a test cares about, it says itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bot.addresses import Place, PlaceKind
from bot.storage import Intent
from commitments.events import Fact, Kind
from commitments.partnership import Partnership, Person, Role, Voice, Win
from commitments.promise import Due, Promise, Side, State
from commitments.sightings import Passage, Sighting, SightingState
from commitments.spotting import Owner, Sort

# All at nine in the morning, UTC, in ISO weeks 47 and 48 of 2026.
MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
WEDNESDAY = MONDAY + timedelta(days=2)
THURSDAY = MONDAY + timedelta(days=3)
FRIDAY = MONDAY + timedelta(days=4)
SATURDAY = MONDAY + timedelta(days=5)
SUNDAY = MONDAY + timedelta(days=6)
NEXT_MONDAY = MONDAY + timedelta(weeks=1)
NEXT_FRIDAY = FRIDAY + timedelta(weeks=1)

TENANT = "T1"
PLATFORM = "playground"

_numbers = count(1)


def an_id(hint: str = "") -> str:
    """32 hex digits; the same for the same hint, new without one."""
    return (hint.encode().hex() if hint else f"{next(_numbers):x}").rjust(32, "0")[-32:]


def a_person(name: str = "Ana", **changes: Any) -> Person:
    return Person(**{"id": an_id(name), "account": name.lower(), "name": name, **_OURS, **changes})


_OURS: dict[str, Any] = {
    "tenant": TENANT,
    "platform": PLATFORM,
    "side": Side.OURS,
    "organisation": "us",
}


def a_contact(name: str, organisation: str | None, **changes: Any) -> Person:
    return a_person(name, **{"side": Side.THEIRS, "organisation": organisation, **changes})


ANA = a_person("Ana")  # owns
BEN = a_person("Ben")  # leads
MIA = a_person("Mia")  # manages
CARLA = a_contact("Carla", "acme")
CARLOS = a_contact("Carlos", "acme")
GUS = a_contact("Gus", "globex")
STRANGER = a_contact("Stranger", None)
CAST = (ANA, BEN, MIA, CARLA, CARLOS, GUS, STRANGER)


def a_place(name: str = "#acme-shared", **changes: Any) -> Place:
    standing: dict[str, Any] = {
        "id": an_id(name),
        "tenant": TENANT,
        "platform": PLATFORM,
        "route": name,
        "name": name,
    }
    return Place(**{**standing, **changes})


def a_private_place(person: Person, **changes: Any) -> Place:
    standing = {"kind": PlaceKind.PRIVATE, "person_id": person.id, "tenant": person.tenant}
    return a_place(f"@{person.name}", **{**standing, **changes})


def a_partnership(name: str = "Acme", **changes: Any) -> Partnership:
    standing: dict[str, Any] = {
        "id": an_id(name),
        "tenant": TENANT,
        "name": name,
        "organisations": frozenset({name.lower()}),
        "created_at": MONDAY,
    }
    return Partnership(**{**standing, **changes})


ACME_SHARED = a_place("#acme-shared", partnership_id=an_id("Acme"), organisations=frozenset({"acme"}))
GLOBEX_SHARED = a_place("#globex-shared", partnership_id=an_id("Globex"), organisations=frozenset({"globex"}))
ACCOUNT_TEAM = a_place("#account-team", kind=PlaceKind.INTERNAL)
ACME = a_partnership("Acme", place_id=ACME_SHARED.id)
GLOBEX = a_partnership("Globex", place_id=GLOBEX_SHARED.id)

MEMBERS = {
    ACME_SHARED: (ANA, BEN, CARLA, CARLOS),
    GLOBEX_SHARED: (BEN, GUS),
    ACCOUNT_TEAM: (ANA, BEN, MIA),
}
ROLES = (
    (ACME, ANA, Role.MEMBER),
    (ACME, BEN, Role.LEAD),
    (ACME, MIA, Role.MANAGER),
    (GLOBEX, BEN, Role.LEAD),
    (GLOBEX, MIA, Role.MANAGER),
)


def settle_in(uow: Any) -> None:
    """The whole cast at home: people, their private places, both customers, channels, members and roles."""
    for person in CAST:
        uow.people.add(person)
        uow.places.add(a_private_place(person))
    for partnership in (ACME, GLOBEX):
        uow.partnerships.add(partnership)
    for place, people in MEMBERS.items():
        uow.places.add(place)
        uow.places.join(place.id, [person.id for person in people])
    for partnership, person, role in ROLES:
        uow.partnerships.set_role(partnership.id, person.id, role)
    uow.people.set_reports(MIA.id, [ANA.id, BEN.id])


def due(at: datetime = NEXT_FRIDAY, zone: str = "UTC", *, time_said: bool = False) -> Due:
    return Due(at=at, zone=zone, time_said=time_said)


def a_promise(**changes: Any) -> Promise:
    """Ana's, to Acme, open, made on Monday for Friday of the week after; `due_at` moves both due dates."""
    number = next(_numbers)
    standing = due(changes.pop("due_at", NEXT_FRIDAY))
    usual: dict[str, Any] = {
        "id": an_id(f"promise {number}"),
        "tenant": TENANT,
        "partnership_id": ACME.id,
        "number": number,
        "title": "Send the SOC 2 report",
        "side": Side.OURS,
        "state": State.OPEN,
        "owner_id": ANA.id,
        "filed_by": ANA.id,
        "due": standing,
        "first_due": standing,
        "created_at": MONDAY,
        "span_from": MONDAY,
    }
    return Promise(**{**usual, **changes})


def a_fact(kind: Kind = Kind.RECORDED, at: datetime = MONDAY, by: str | None = ANA.id, **detail: str) -> Fact:
    return Fact(kind=kind, at=at, by=by, detail=detail)


def an_intent(key: str = "hello", **changes: Any) -> Intent:
    usual: dict[str, Any] = {
        "key": key,
        "tenant": TENANT,
        "lane": f"{PLATFORM}:{TENANT}",
        "kind": "note",
        "subject_id": an_id("subject"),
        "person_id": ANA.id,
        "not_before": MONDAY,
    }
    return Intent(**{**usual, **changes})


def a_win(**changes: Any) -> Win:
    usual: dict[str, Any] = {
        "id": an_id(),
        "tenant": TENANT,
        "partnership_id": ACME.id,
        "text": "First joint release",
        "by": ANA.id,
        "at": TUESDAY,
    }
    return Win(**{**usual, **changes})


def a_voice(**changes: Any) -> Voice:
    usual: dict[str, Any] = {
        "id": an_id(),
        "tenant": TENANT,
        "partnership_id": ACME.id,
        "text": "The export is too slow",
        "by": ANA.id,
        "at": TUESDAY,
    }
    return Voice(**{**usual, **changes})


def a_sighting(hint: str = "", **changes: Any) -> Sighting:
    """Ana's, in Acme's channel on Monday, offered at once and not answered."""
    usual: dict[str, Any] = {
        "id": an_id(hint),
        "tenant": TENANT,
        "place_id": ACME_SHARED.id,
        "partnership_id": ACME.id,
        "person_id": ANA.id,
        "message": "m1",
        "thread": "",
        "sort": Sort.PROMISE,
        "cue": "en.will",
        "owner": Owner.SPEAKER,
        "likeness": "0" * 16,
        "at": MONDAY,
        "state": SightingState.OFFERED,
        "was_offered": True,
        "passage": Passage(action="send it", quote="I'll send it", trigger="I'll"),
    }
    return Sighting(**{**usual, **changes})
