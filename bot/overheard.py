"""What is kept of messages that were not said to Kept, as the bot sees it: of most of them, nothing.

Works inside a unit of work, as everything in `bot/storage.py` does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from commitments.sightings import Earshot, OpenRequest, Sighting, SightingState


class Sightings(Protocol):
    # Where Kept may read, and whom it leaves out there

    def earshot(self, place_id: str) -> Earshot | None: ...
    def add_earshot(self, earshot: Earshot) -> None: ...
    def save_earshot(self, earshot: Earshot) -> None: ...
    def leave_out(self, place_id: str, person_id: str, at: datetime) -> None: ...
    def let_in(self, place_id: str, person_id: str) -> None: ...
    def is_left_out(self, place_id: str, person_id: str) -> bool: ...

    # What was noticed

    def add(self, sightings: Iterable[Sighting]) -> None: ...
    def get(self, sighting_id: str) -> Sighting | None: ...
    def save(self, sighting: Sighting) -> None: ...
    def of_message(self, place_id: str, message: str) -> list[Sighting]:
        """By moment and id."""

    def of_thread(self, place_id: str, thread: str, since: datetime) -> list[Sighting]:
        """Said in the thread, or the message it hangs on; newest first."""

    def open_in(self, place_id: str) -> list[Sighting]:
        """Not answered, whoever said them; oldest first."""

    def open_on(self, person_id: str, day: str | None = None) -> list[Sighting]:
        """Listed for that local day, or for any, and not answered; oldest first."""

    def last_of(self, person_id: str, place_id: str | None = None) -> Sighting | None:
        """The newest that still has its words."""

    def offered_lately(self, place_id: str, limit: int) -> list[SightingState]:
        """What became of the newest that were offered at once; newest first."""

    # What a dismissal teaches

    def dismiss_cue(self, person_id: str, cue: str) -> int:
        """Counts one more; returns how many there are."""

    def dismissals(self, person_id: str, cue: str) -> int: ...
    def forgive_cue(self, person_id: str, cue: str) -> None: ...

    # What a customer asked for, where their lead agreed

    def add_request(self, request: OpenRequest, *, keep: int) -> None:
        """The newest `keep` of its thread stay."""

    def requests(self, place_id: str, thread: str, since: datetime) -> list[OpenRequest]:
        """Asked in the thread, or by the message it hangs on; oldest first."""

    def pass_requests(self, place_id: str, thread: str) -> int:
        """The talk in that thread has moved on; returns for how many of them that is news."""

    def drop_requests(self, place_id: str, thread: str | None = None) -> int:
        """Those of the thread; without one, all of the place. Returns how many there were."""

    def take_requests(self, place_id: str, message: str) -> list[OpenRequest]:
        """Those of that message; they are gone."""

    # What has served its time

    def forget_requests(self, moment: datetime, *, limit: int) -> int:
        """Removes those older than that."""

    def forget_words(self, moment: datetime, *, limit: int) -> int:
        """Those older than that and still open lapse, and lose their words."""

    def forget_sightings(self, moment: datetime, *, limit: int) -> int:
        """Removes those older than that."""
