"""The cast and the places of the story, as a platform would introduce them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from adapters.playground.messages import PLATFORM, TENANT
from bot.addresses import Place, PlaceKind
from bot.storage import UnitOfWork
from commitments.partnership import Person
from commitments.promise import Side

HOME = "Europe/Berlin"
US, ACME, GLOBEX = "us", "Acme", "Globex"


def _person(name: str, organisation: str | None, zone: str = HOME, locale: str = "en-GB") -> Person:
    first = name.split()[0].casefold()
    return Person(
        id=first,
        tenant=TENANT,
        platform=PLATFORM,
        account=first,
        name=name,
        side=Side.OURS if organisation == US else Side.THEIRS,
        organisation=organisation,
        zone=zone,
        locale=locale,
    )


# Ana owns, Ben leads, Mia manages, Noor is a colleague who reads German.
CAST = (
    _person("Ana Sommer", US),
    _person("Ben Okafor", US),
    _person("Mia Weiss", US, "Europe/London"),
    _person("Noor Haddad", US, locale="de-DE"),
    _person("Carla Ortiz", ACME, "Europe/Madrid"),
    _person("Carlos Vega", ACME, "Europe/Madrid"),
    _person("Gus Miller", GLOBEX, "America/New_York", "en-US"),
    _person("Sam Park", None),
)


def _channel(name: str, kind: PlaceKind, *organisations: str) -> Place:
    return Place(
        id=name,
        tenant=TENANT,
        platform=PLATFORM,
        route=name,
        name=f"#{name}",
        kind=kind,
        organisations=frozenset(organisations),
        zone=HOME,
    )


CHANNELS: Mapping[Place, tuple[str, ...]] = {
    _channel("acme-shared", PlaceKind.CUSTOMER, ACME): ("ana", "ben", "mia", "carla", "carlos"),
    _channel("acme-team", PlaceKind.INTERNAL): ("ana", "ben", "mia", "noor"),
    _channel("globex-shared", PlaceKind.CUSTOMER, GLOBEX): ("ben", "noor", "gus"),
}
ORDER = {PlaceKind.CUSTOMER: 0, PlaceKind.INTERNAL: 1, PlaceKind.PRIVATE: 2}


def private_place_id(person_id: str) -> str:
    return f"dm-{person_id}"


def private_place(person: Person) -> Place:
    """Where Kept and one person talk."""
    place_id = private_place_id(person.id)
    return Place(
        id=place_id,
        tenant=TENANT,
        platform=PLATFORM,
        route=place_id,
        name="Kept",
        kind=PlaceKind.PRIVATE,
        person_id=person.id,
        zone=person.zone,
    )


def introduce(uow: UnitOfWork) -> None:
    """Adds everyone and every place; for a store without a story."""
    for person in CAST:
        uow.people.add(person)
        uow.places.add(private_place(person))
    for place, members in CHANNELS.items():
        uow.places.add(place)
        uow.places.join(place.id, members)


def people_of(uow: UnitOfWork) -> dict[str, Person]:
    """In the order of the cast, each as they are now."""
    found = uow.people.of_ids([person.id for person in CAST])
    return {person.id: found[person.id] for person in CAST if person.id in found}


def places_seen_by(uow: UnitOfWork, person_id: str) -> list[Place]:
    """Shared channels first, one's own conversation with Kept last."""
    return sorted(uow.places.of_person(person_id), key=lambda place: ORDER[place.kind])


def resolve(words: str, people: Mapping[str, Person], places: list[Place]) -> str:
    """`@name` and `#channel` become ids where they name one person or one place that is seen here.

    Ids typed by hand are broken up first: only a name that was looked up becomes one.
    """
    words = words.replace("<@", "< @").replace("<#", "< #")
    channels = {place.name.removeprefix("#").casefold(): f"<#{place.id}>" for place in places}
    return _replace(_replace(words, "@", _names(people)), "#", channels)


def _names(people: Mapping[str, Person]) -> dict[str, str]:
    """By id, full name and first name; a name that two people bear is left out."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for person in people.values():
        names = {person.id.casefold(), person.name.casefold(), person.name.split()[0].casefold()}
        shared |= names & found.keys()
        found |= dict.fromkeys(names, f"<@{person.id}>")
    return {name: ref for name, ref in found.items() if name not in shared}


def _replace(words: str, sign: str, by_name: Mapping[str, str]) -> str:
    longest_first = sorted(by_name, key=len, reverse=True)
    if not longest_first:
        return words
    names = "|".join(map(re.escape, longest_first))
    pattern = re.compile(rf"(?<![\w<{sign}]){sign}({names})(?![\w-])", re.IGNORECASE)
    return pattern.sub(lambda found: by_name[found[1].casefold()], words)
