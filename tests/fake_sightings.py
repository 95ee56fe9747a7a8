"""The in-memory twin of what is kept of overheard messages; the contract tests hold it to the real one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from commitments.errors import StaleWrite
from commitments.notes import Jottings
from commitments.sightings import Earshot, OpenRequest, Sighting, SightingState
from fake_tables import Session


def in_order(values: Iterable[Any]) -> list[Any]:
    return sorted(values, key=lambda each: (each.at, each.id))


class FakeSightings:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._tables = session.tables

    def earshot(self, place_id: str) -> Earshot | None:
        return self._session.get(self._tables.earshots, place_id)

    def add_earshot(self, earshot: Earshot) -> None:
        self._session.add(self._tables.earshots, earshot, lambda each: each.id)

    def save_earshot(self, earshot: Earshot) -> None:
        self._session.save(self._tables.earshots, earshot)

    def leave_out(self, place_id: str, person_id: str, at: datetime) -> None:
        if not self.is_left_out(place_id, person_id):
            self._session.put(self._tables.left_out, self._left(place_id, person_id), at)

    def let_in(self, place_id: str, person_id: str) -> None:
        self._session.remove(self._tables.left_out, self._left(place_id, person_id))

    def is_left_out(self, place_id: str, person_id: str) -> bool:
        return self._left(place_id, person_id) in self._tables.left_out

    def add(self, sightings: Iterable[Sighting]) -> None:
        for each in sightings:
            self._session.add(self._tables.sightings, each, lambda one: one.id)

    def get(self, sighting_id: str) -> Sighting | None:
        return self._session.get(self._tables.sightings, sighting_id)

    def save(self, sighting: Sighting) -> None:
        self._session.save(self._tables.sightings, sighting)

    def of_message(self, place_id: str, message: str) -> list[Sighting]:
        return in_order(e for e in self._all() if (e.place_id, e.message) == (place_id, message))

    def of_thread(self, place_id: str, thread: str, since: datetime) -> list[Sighting]:
        return in_order(_hanging(self._all(), place_id, thread, since))[::-1]

    def open_in(self, place_id: str) -> list[Sighting]:
        return in_order(e for e in self._all() if e.place_id == place_id and e.state.is_open)

    def open_on(self, person_id: str, day: str | None = None) -> list[Sighting]:
        mine = (e for e in self._all() if e.person_id == person_id and e.state.is_open and e.listed_for)
        return in_order(each for each in mine if day in (None, each.listed_for))

    def last_of(self, person_id: str, place_id: str | None = None) -> Sighting | None:
        mine = (e for e in self._all() if e.person_id == person_id and e.passage is not None)
        return next(iter(in_order(e for e in mine if place_id in (None, e.place_id))[::-1]), None)

    def offered_lately(self, place_id: str, limit: int) -> list[SightingState]:
        offered = in_order(e for e in self._all() if e.place_id == place_id and e.was_offered)
        return [each.state for each in offered[::-1][:limit]]

    def dismiss_cue(self, person_id: str, cue: str) -> int:
        times = self.dismissals(person_id, cue) + 1
        self._session.put(self._tables.cue_dismissals, (self._session.home, person_id, cue), times)
        return times

    def dismissals(self, person_id: str, cue: str) -> int:
        return self._tables.cue_dismissals.get((self._session.home, person_id, cue), 0)

    def forgive_cue(self, person_id: str, cue: str) -> None:
        self._session.remove(self._tables.cue_dismissals, (self._session.home, person_id, cue))

    def add_request(self, request: OpenRequest, *, keep: int) -> None:
        self._session.add(self._tables.open_requests, request, lambda each: each.id)
        for each in self._there(request.place_id, request.thread)[::-1][keep:]:
            self._session.remove(self._tables.open_requests, each.id)

    def requests(self, place_id: str, thread: str, since: datetime) -> list[OpenRequest]:
        return in_order(_hanging(self._requests(), place_id, thread, since))

    def pass_requests(self, place_id: str, thread: str) -> int:
        waiting = [each for each in self._there(place_id, thread) if not each.is_passed]
        for each in waiting:
            self._session.put(self._tables.open_requests, each.id, replace(each, is_passed=True))
        return len(waiting)

    def drop_requests(self, place_id: str, thread: str | None = None) -> int:
        gone = self._there(place_id, thread)
        for each in gone:
            self._session.remove(self._tables.open_requests, each.id)
        return len(gone)

    def take_requests(self, place_id: str, message: str) -> list[OpenRequest]:
        taken = [each for each in self._there(place_id, None) if each.message == message]
        for each in taken:
            self._session.remove(self._tables.open_requests, each.id)
        return taken

    def forget_requests(self, moment: datetime, *, limit: int) -> int:
        return self._remove(self._tables.open_requests, self._requests(), moment, limit)

    def forget_words(self, moment: datetime, *, limit: int) -> int:
        old = [each for each in self._all() if each.at < moment and each.state.is_open][:limit]
        for each in old:
            self._session.save(self._tables.sightings, each.answered(SightingState.LAPSED))
        return len(old)

    def forget_sightings(self, moment: datetime, *, limit: int) -> int:
        return self._remove(self._tables.sightings, self._all(), moment, limit)

    def _remove(self, table: dict[str, Any], rows: list[Any], moment: datetime, limit: int) -> int:
        old = [each for each in rows if each.at < moment][:limit]
        for each in old:
            self._session.remove(table, each.id)
        return len(old)

    def _left(self, place_id: str, person_id: str) -> tuple[str, str, str]:
        return self._session.home, place_id, person_id

    def _there(self, place_id: str, thread: str | None) -> list[OpenRequest]:
        here = (each for each in self._requests() if each.place_id == place_id)
        return in_order(each for each in here if thread in (None, each.thread))

    def _all(self) -> list[Sighting]:
        return list(self._session.seen(self._tables.sightings.values()))

    def _requests(self) -> list[OpenRequest]:
        return list(self._session.seen(self._tables.open_requests.values()))


class FakeJottings:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._table = session.tables.jottings

    def get(self, jottings_id: str) -> Jottings | None:
        return self._session.get(self._table, jottings_id)

    def add(self, found: Jottings) -> None:
        self._session.add(self._table, found, lambda each: each.id)

    def save(self, found: Jottings) -> None:
        self._session.save(self._table, found)

    def drop(self, jottings_id: str) -> None:
        if self.get(jottings_id) is None:
            raise StaleWrite(jottings_id)
        self._session.remove(self._table, jottings_id)

    def forget_linked(self, mark: str) -> int:
        gone = [each for each in self._session.seen(self._table.values()) if mark in (each.link or "")]
        for each in gone:
            self._session.remove(self._table, each.id)
        return len(gone)

    def forget(self, moment: datetime, *, limit: int) -> int:
        old = [each for each in self._session.seen(self._table.values()) if each.at < moment][:limit]
        for each in old:
            self._session.remove(self._table, each.id)
        return len(old)


def _hanging(rows: Iterable[Any], place_id: str, thread: str, since: datetime) -> Iterable[Any]:
    there = (each for each in rows if each.place_id == place_id and each.at >= since)
    return (each for each in there if thread in (each.thread, each.message))
