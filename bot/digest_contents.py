"""One digest as it stands: its lines looked up, and the view that customers may have of them.

DigestView has only what the shared channel may read; whoever composes from it has nothing to leak.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.addresses import Place
from bot.cards import Mention
from bot.storage import Digest, UnitOfWork
from bot.views import CustomerView, for_customer, people_in
from commitments.digest import Contents, Held, LineKind, contents, why_held, why_silent
from commitments.events import Fact
from commitments.measures import Period
from commitments.partnership import Partnership, Person, Voice, Win
from commitments.promise import Promise, State


@dataclass(frozen=True, slots=True, kw_only=True)
class WinView:
    id: str
    text: str
    credits: tuple[Mention, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceView:
    id: str
    said: str
    did: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestView:
    """Everything a shared digest can be made of."""

    partnership_id: str
    partnership: str
    purpose: str | None
    opening: str | None  # the lead's own first sentence
    starts: datetime
    ends: datetime
    promises: Mapping[LineKind, tuple[CustomerView, ...]]
    wins: tuple[WinView, ...]
    voices: tuple[VoiceView, ...]
    unopposed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A digest with what it holds now, before and after the lead's pencil."""

    digest: Digest
    partnership: Partnership
    place: Place
    whole: Contents
    held: Held | None  # the day is wrong; the lead may send it all the same
    silent: Held | None  # nobody may
    whole_view: DigestView

    @property
    def edited(self) -> Contents:
        return self.whole.without(self.digest.left_out)

    @property
    def is_worth_sending(self) -> bool:
        return self.edited.is_worth_sending(self.partnership.rhythm)

    @property
    def view(self) -> DigestView:
        return _without(self.whole_view, self.digest.left_out)

    @property
    def is_rightly_addressed(self) -> bool:
        """Still the customer and the channel it was made for (L39)."""
        return self.digest.mapping_version == self.partnership.mapping_version


def look(uow: UnitOfWork, digest: Digest, now: datetime) -> Issue | None:
    """None when the partnership has gone, or has no channel any more."""
    partnership = uow.partnerships.get(digest.subject_id)
    place = shared_place(uow, partnership)
    if partnership is None or place is None:
        return None
    period = Period(starts=digest.starts, ends=digest.ends)
    promises = _promises(uow, partnership, period, now)
    wins = uow.partnerships.wins(partnership.id, period.starts, period.ends)
    voices = uow.partnerships.voices(partnership.id, answered=True)
    whole = contents(
        promises.values(), _history(uow, promises.values()), wins=wins, voices=voices, period=period, now=now
    )
    strangers = not place.organisations <= partnership.organisations
    return Issue(
        digest=digest,
        partnership=partnership,
        place=place,
        whole=whole,
        held=why_held(promises.values(), period=period, now=now),
        silent=why_silent(partnership, now, is_quiet=place.quiet, strangers=strangers),
        whole_view=_view(uow, digest, partnership, whole, promises, wins, voices, now),
    )


def shared_place(uow: UnitOfWork, partnership: Partnership | None) -> Place | None:
    if partnership is None or partnership.place_id is None:
        return None
    return uow.places.get(partnership.place_id)


def _promises(uow: UnitOfWork, partnership: Partnership, period: Period, now: datetime) -> dict[str, Promise]:
    """What happened in the period, and everything open: what is next, and what makes the day wrong."""
    touched = uow.promises.touched(partnership.id, period.starts, period.ends)
    live = uow.promises.of_partnership(partnership.id, (State.OPEN,))
    return {promise.id: promise for promise in (*touched, *live)}


def _history(uow: UnitOfWork, promises: Iterable[Promise]) -> dict[str, list[Fact]]:
    moved = (p for p in promises if p.is_shown and (p.moved_early or p.moved_late))
    return {promise.id: uow.promises.facts(promise.id) for promise in moved}


def _view(
    uow: UnitOfWork,
    digest: Digest,
    partnership: Partnership,
    whole: Contents,
    promises: Mapping[str, Promise],
    wins: Iterable[Win],
    voices: Iterable[Voice],
    now: datetime,
) -> DigestView:
    told = {line.id for line in whole.lines}
    wins, voices = [w for w in wins if w.id in told], [v for v in voices if v.id in told]
    ids = {i for key in told & promises.keys() for i in people_in(promises[key])}
    people = uow.people.of_ids(ids | {i for win in wins for i in win.credits})
    views = {key: for_customer(promises[key], partnership, people, now) for key in told & promises.keys()}
    return DigestView(
        partnership_id=partnership.id,
        partnership=partnership.name,
        purpose=partnership.purpose,
        opening=digest.opening,
        starts=digest.starts,
        ends=digest.ends,
        promises=_by_kind(whole, views),
        wins=tuple(WinView(id=w.id, text=w.text, credits=_credits(w, people)) for w in wins),
        voices=tuple(VoiceView(id=v.id, said=v.text, did=v.answer or "") for v in voices),
        unopposed=whole.unopposed,
    )


def _by_kind(whole: Contents, views: Mapping[str, CustomerView]) -> dict[LineKind, tuple[CustomerView, ...]]:
    kinds = dict.fromkeys(line.kind for line in whole.lines)
    return {
        kind: tuple(views[line.id] for line in whole.lines if line.kind is kind and line.id in views)
        for kind in kinds
        if kind not in (LineKind.WIN, LineKind.VOICE)
    }


def _credits(win: Win, people: Mapping[str, Person]) -> tuple[Mention, ...]:
    """Ours by name; theirs only where they agreed to be named."""
    found = (people[person_id] for person_id in win.credits if person_id in people)
    return tuple(Mention(p.id, p.name) for p in found if p.is_ours or p.agreed_to_be_named)


def _without(view: DigestView, left_out: frozenset[str]) -> DigestView:
    return DigestView(
        partnership_id=view.partnership_id,
        partnership=view.partnership,
        purpose=view.purpose,
        opening=view.opening,
        starts=view.starts,
        ends=view.ends,
        promises={
            kind: tuple(promise for promise in promises if promise.id not in left_out)
            for kind, promises in view.promises.items()
        },
        wins=tuple(win for win in view.wins if win.id not in left_out),
        voices=tuple(voice for voice in view.voices if voice.id not in left_out),
        unopposed=view.unopposed,
    )
