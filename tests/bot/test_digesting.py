"""Shared digests as leads and customers meet them: previewed, approved, held, edited, sent once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.approving import FORMS, PRESSES
from bot.cards import Card, encode
from bot.digesting import ALARMS, KIND, plan, preview_text, was_sent
from bot.messages.digests import COMPOSERS
from bot.plain import plain_text
from bot.policy import Policy
from bot.storage import Digest, DigestState, Intent
from bot.turns import Invalid, OpenForm, Reply
from builders import (
    ACME,
    ACME_SHARED,
    ANA,
    BEN,
    CARLA,
    FRIDAY,
    GLOBEX,
    GLOBEX_SHARED,
    MONDAY,
    NEXT_MONDAY,
    TENANT,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    a_fact,
    a_promise,
    a_voice,
    a_win,
    due,
)
from commitments.errors import NotYours, Settled, Unfit
from commitments.events import Kind
from commitments.partnership import Closeness, Partnership
from commitments.promise import Promise, Side, Source, State
from commitments.slots import Rhythm
from stage import Stage

HOUR = timedelta(hours=1)
SLOT = NEXT_MONDAY + HOUR  # Monday 10:00, for the week of MONDAY
WEEK = "2026-W47"


def kept(**changes: object) -> Promise:
    usual = {"state": State.KEPT, "delivered_at": WEDNESDAY, "settled_at": THURSDAY, "shown_at": MONDAY}
    return a_promise(**{**usual, "due_at": FRIDAY, **changes})


class Weeks(Stage):
    """A stage whose Acme has had its first digest approved, unless a test says otherwise."""

    def begin(self, *promises: Promise, approved: bool = True, **changes: object) -> None:
        self.clock.now = MONDAY + 2 * HOUR  # after this week's own slot
        with self.work() as uow:
            for promise in promises:
                uow.promises.add(promise)
            acme = replace(ACME, first_digest_approved_at=MONDAY if approved else None, **changes)
            uow.partnerships.save(acme)
            plan(self.ports, uow, replace(acme, version=acme.version + 1), self.now)

    def change(self, **changes: object) -> None:
        with self.work() as uow:
            uow.partnerships.save(replace(self.acme, **changes))

    @property
    def acme(self) -> Partnership:
        return self.store.tables.partnerships[ACME.id]

    def at(self, moment: datetime) -> None:
        self.clock.now = moment
        self.sweep()

    def sweep(self) -> None:
        with self.work() as uow:
            for alarm in uow.alarms.claim_due(self.now, 50):
                ALARMS[alarm.kind](self.ports, uow, alarm, self.now)

    @property
    def digest(self) -> Digest:
        with self.store.open_uow(TENANT) as uow:
            found = uow.digests.of_period(ACME.id, KIND, WEEK)
            assert found is not None
            return found

    def one(self, kind: str) -> Intent:
        (found,) = self.queued(kind)
        return found

    def read(self, kind: str) -> str:
        card = self.compose(COMPOSERS, self.one(kind))
        assert card is not None
        return plain_text(card)

    def decide(self, verb: str, who: object = BEN) -> Card:
        value = encode(self.digest.id, WEEK)
        outcome = self.press(PRESSES, who, f"digest.{verb}", value)  # type: ignore[arg-type]
        assert isinstance(outcome, Reply)
        return outcome.card


@pytest.fixture
def weeks() -> Weeks:
    return Weeks()


# From plan to channel


def test_a_week_is_previewed_on_friday_and_told_on_monday(weeks: Weeks) -> None:
    weeks.begin(kept(title="Send the report"))
    weeks.at(FRIDAY - HOUR)
    assert weeks.queued() == []
    weeks.at(FRIDAY)
    preview = weeks.read("digest_preview")
    weeks.at(SLOT)
    shared = weeks.read("digest")
    assert "Send the report" in shared
    assert set(shared.splitlines()[:-1]) <= set(preview.splitlines())
    assert weeks.digest.state is DigestState.QUEUED


def test_the_preview_says_what_happens_and_offers_all_three_answers(weeks: Weeks) -> None:
    weeks.begin(kept())
    weeks.at(FRIDAY)
    card = weeks.compose(COMPOSERS, weeks.one("digest_preview"))
    assert card is not None
    assert [(b.verb, b.about) for b in card.buttons] == [
        ("digest.approve", "Acme"),
        ("digest.hold", "Acme"),
        ("digest.edit", "Acme"),
    ]
    assert "Goes out Mon 23 Nov, 10:00 unless you hold it." in plain_text(card)


def test_one_card_previews_all_channels_of_a_lead(weeks: Weeks) -> None:
    weeks.begin(kept())
    with weeks.work() as uow:
        uow.promises.add(kept(partnership_id=GLOBEX.id, title="Train their team"))
        plan(weeks.ports, uow, GLOBEX, weeks.now)
    weeks.at(FRIDAY)
    preview = weeks.read("digest_preview")
    assert "Acme · #acme-shared" in preview
    assert "Globex · #globex-shared" in preview
    assert weeks.one("digest_preview").person_id == BEN.id


def test_an_empty_week_is_neither_previewed_nor_sent(weeks: Weeks) -> None:
    weeks.begin(kept(shown_at=None), a_promise(shown_at=MONDAY, due_at=SLOT + HOUR))
    weeks.at(FRIDAY)
    assert weeks.compose(COMPOSERS, weeks.one("digest_preview")) is None
    weeks.at(SLOT)
    assert (weeks.queued("digest"), weeks.digest.state) == ([], DigestState.EMPTY)


def test_only_when_something_was_kept(weeks: Weeks) -> None:
    weeks.begin(rhythm=Rhythm.WHEN_KEPT)
    with weeks.work() as uow:
        uow.partnerships.add_win(a_win())
    weeks.at(SLOT)
    assert weeks.digest.state is DigestState.EMPTY


def test_every_kind_of_news_has_its_words(weeks: Weeks) -> None:
    later = NEXT_MONDAY + timedelta(days=2)
    moved = a_promise(title="Moved", shown_at=MONDAY, moved_late=1, due_at=later)
    weeks.begin(
        kept(title="Ours"),
        kept(title="Theirs", side=Side.THEIRS, owner_id=CARLA.id),
        kept(title="Early", moved_early=1),
        kept(title="Late", due_at=TUESDAY),
        kept(title="Quietly", state=State.UNOPPOSED),
        a_promise(title="Soon", shown_at=MONDAY, due_at=later),
        moved,
        purpose="Ship together",
    )
    with weeks.work() as uow:
        uow.promises.add_fact(moved.id, a_fact(Kind.OFFER_ACCEPTED, TUESDAY), None)
        uow.partnerships.add_win(a_win(text="First release", credits=(ANA.id, CARLA.id)))
        uow.partnerships.add_voice(a_voice(text="Too slow", answer="Twice as fast", answered_at=FRIDAY))
    weeks.at(SLOT)
    assert weeks.read("digest").splitlines() == [
        "Kept together: Mon 16 Nov to Sun 22 Nov",
        "What we are here for: Ship together",
        "We kept",
        "• Ours",
        "Acme kept",
        "• Theirs",
        "A new date agreed early, and kept",
        "• Early",
        "Done, later than first said",
        "• Late",
        "A new date we agreed on",
        "• Moved: now Wed 25 Nov, 09:00",
        "Worth celebrating",
        "• First release (thanks to Ana)",
        "You said, we did",
        "• “Too slow” → Twice as fast",
        "What is next",
        "• Soon: from us by Wed 25 Nov, 09:00",
        "Also delivered, and still open to your word: one promise.",
        "[See our list] [Quieter, please]",
    ]


def test_a_team_that_speaks_german_tells_it_in_german() -> None:
    weeks = Weeks(policy=Policy(locale="de-DE", languages=("de", "en")))
    weeks.begin(
        kept(title="Bericht"), kept(title="Leise", state=State.UNOPPOSED), purpose="Gemeinsam liefern"
    )
    weeks.at(SLOT)
    assert weeks.read("digest").splitlines() == [
        "Gemeinsam gehalten: Mon 16 Nov bis Sun 22 Nov",
        "Wofür wir das tun: Gemeinsam liefern",
        "Wir haben gehalten",
        "• Bericht",
        "Außerdem geliefert, eine Rückmeldung ist noch möglich: ein Versprechen.",
        "[Unsere Liste ansehen] [Bitte etwas leiser]",
    ]


def test_a_long_list_is_shortened_and_says_so(weeks: Weeks) -> None:
    weeks.begin(*(kept(title=f"Thing {n}") for n in range(9)))
    weeks.at(SLOT)
    shared = weeks.read("digest")
    assert shared.count("• Thing") == 6
    assert "• and 3 more" in shared


# The first one, and the lead's say


def test_the_first_digest_in_a_channel_waits_for_approval(weeks: Weeks) -> None:
    weeks.begin(kept(), approved=False)
    weeks.at(SLOT)
    assert weeks.queued("digest") == []
    assert "waits for you" in weeks.read("digest_word")
    weeks.decide("approve")
    assert weeks.one("digest").place_id == ACME_SHARED.id
    assert weeks.acme.first_digest_approved_at == SLOT


def test_approved_on_friday_it_goes_out_on_monday(weeks: Weeks) -> None:
    weeks.begin(kept(), approved=False)
    weeks.at(FRIDAY)
    assert "Approved. Goes out Mon 23 Nov, 10:00." in plain_text(weeks.decide("approve"))
    assert weeks.queued("digest") == []
    weeks.at(SLOT)
    assert weeks.one("digest").not_before == SLOT


def test_later_ones_go_out_unless_held(weeks: Weeks) -> None:
    weeks.begin(kept())
    weeks.at(FRIDAY)
    weeks.decide("hold")
    weeks.at(SLOT)
    assert (weeks.queued("digest"), weeks.digest.held_reason) == ([], "lead")


def test_a_held_digest_goes_out_at_once_when_approved_within_two_days(weeks: Weeks) -> None:
    weeks.begin(kept())
    weeks.at(FRIDAY)
    weeks.decide("hold")
    weeks.at(SLOT + 47 * HOUR)
    assert weeks.decide("approve").title == "On its way to #acme-shared."
    assert weeks.one("digest").expires_at == SLOT + 48 * HOUR


def test_approval_after_two_days_is_too_late(weeks: Weeks) -> None:
    weeks.begin(kept(), approved=False)
    weeks.at(SLOT)
    weeks.clock.now = SLOT + 48 * HOUR
    with pytest.raises(Settled, match=r"digest\.lapsed"):
        weeks.decide("approve")


def test_what_is_on_its_way_cannot_be_held(weeks: Weeks) -> None:
    weeks.begin(kept())
    weeks.at(SLOT)
    with pytest.raises(Settled, match=r"digest\.sent_already"):
        weeks.decide("hold")


@pytest.mark.parametrize("verb", ["approve", "hold", "edit"])
@pytest.mark.parametrize("who", [ANA, CARLA])
def test_only_the_lead_decides(weeks: Weeks, verb: str, who: object) -> None:
    weeks.begin(kept())
    weeks.at(FRIDAY)
    with pytest.raises(NotYours):
        weeks.decide(verb, who)


@pytest.mark.parametrize("value", ["", "1:nothing:", "9:x:y", encode("0" * 32)])
def test_an_unknown_digest_is_not_yours(weeks: Weeks, value: str) -> None:
    with pytest.raises(NotYours):
        weeks.press(PRESSES, BEN, "digest.approve", value)


def test_the_lead_edits_the_first_sentence_and_leaves_a_line_out(weeks: Weeks) -> None:
    told, untold = kept(title="Told"), kept(title="Untold")
    weeks.begin(told, untold)
    weeks.at(FRIDAY)
    opened = weeks.press(PRESSES, BEN, "digest.edit", encode(weeks.digest.id, WEEK))
    assert isinstance(opened, OpenForm)
    form = opened.form
    assert [(f.label, f.value) for f in form.fields[1:]] == [("Told", "keep"), ("Untold", "keep")]
    values = {f.name: f.value for f in form.fields}
    values |= {"opening": "What a week!", f"line_{untold.id}": "leave_out"}
    answer = weeks.submit(FORMS, BEN, form.id, form.subject, values)
    assert isinstance(answer, Reply)
    assert "What a week!" in plain_text(answer.card)
    weeks.at(SLOT)
    shared = weeks.read("digest")
    assert "What a week!" in shared
    assert "• Told" in shared
    assert "Untold" not in shared


def test_an_endless_first_sentence_comes_back(weeks: Weeks) -> None:
    weeks.begin(kept())
    weeks.at(FRIDAY)
    answer = weeks.submit(FORMS, BEN, "digest.edit", encode(weeks.digest.id), {"opening": "a" * 40_000})
    assert isinstance(answer, Invalid)
    assert answer.form.fields[0].error
    assert weeks.digest.opening is None


def test_with_every_line_left_out_nothing_is_sent(weeks: Weeks) -> None:
    promise = kept()
    weeks.begin(promise)
    weeks.at(FRIDAY)
    weeks.submit(FORMS, BEN, "digest.edit", encode(weeks.digest.id), {f"line_{promise.id}": "leave_out"})
    weeks.at(SLOT)
    assert weeks.digest.state is DigestState.EMPTY


# The wrong day


def test_no_cheer_while_a_not_quite_there_yet_is_open(weeks: Weeks) -> None:
    weeks.begin(kept(), a_promise(shown_at=MONDAY, reopened_at=THURSDAY))
    weeks.at(SLOT)
    assert (weeks.queued("digest"), weeks.digest.held_reason) == ([], "not_yet")
    assert "no cheer on the wrong day" in weeks.read("digest_word")


def test_a_lead_who_knows_the_reason_may_send_it(weeks: Weeks) -> None:
    weeks.begin(kept(), a_promise(shown_at=MONDAY, due_at=FRIDAY))
    weeks.at(SLOT)
    assert weeks.digest.held_reason == "repair"
    weeks.decide("approve")
    assert weeks.one("digest")


def test_a_reason_that_comes_up_after_approval_holds_it_all_the_same(weeks: Weeks) -> None:
    weeks.begin(kept())
    weeks.at(FRIDAY)
    weeks.decide("approve")
    with weeks.work() as uow:
        uow.promises.add(a_promise(shown_at=MONDAY, reopened_at=FRIDAY))
    weeks.at(SLOT)
    assert weeks.digest.state is DigestState.HELD


@pytest.mark.parametrize("wish", [{"closeness": Closeness.PLAIN}, {"paused_until": SLOT + timedelta(days=9)}])
def test_nobody_overrides_the_customers_wish(weeks: Weeks, wish: dict[str, object]) -> None:
    weeks.begin(kept())
    weeks.change(**wish)
    weeks.at(SLOT)
    assert (weeks.queued("digest"), weeks.queued("digest_word")) == ([], [])
    with pytest.raises(Unfit, match=r"digest\.(plain|paused)"):
        weeks.decide("approve")


def test_with_another_organisation_reading_along_nothing_is_told(weeks: Weeks) -> None:
    weeks.begin(kept())
    with weeks.work() as uow:
        uow.places.save(replace(ACME_SHARED, organisations=frozenset({"acme", "globex"})))
    weeks.at(SLOT)
    assert (weeks.queued("digest"), weeks.digest.held_reason) == ([], "strangers")


def test_quieter_after_it_was_queued_still_counts(weeks: Weeks) -> None:
    weeks.begin(kept())
    weeks.at(SLOT)
    weeks.change(closeness=Closeness.PLAIN)
    assert weeks.compose(COMPOSERS, weeks.one("digest")) is None


# Another customer, another channel (L39)


def test_a_digest_made_for_another_channel_is_asked_anew(weeks: Weeks) -> None:
    weeks.begin(kept())
    weeks.at(FRIDAY)
    weeks.decide("approve")
    weeks.change(mapping_version=2, place_id=GLOBEX_SHARED.id, organisations=frozenset({"globex"}))
    weeks.at(SLOT)
    assert weeks.queued("digest") == []
    assert (weeks.digest.state, weeks.digest.mapping_version) == (DigestState.AWAITING, 2)
    weeks.decide("approve")
    assert weeks.one("digest").place_id == GLOBEX_SHARED.id


def test_a_queued_digest_is_not_sent_after_the_channel_changed(weeks: Weeks) -> None:
    weeks.begin(kept())
    weeks.at(SLOT)
    weeks.change(mapping_version=2)
    assert weeks.compose(COMPOSERS, weeks.one("digest")) is None


# Time and again


def test_digests_older_than_two_days_are_skipped(weeks: Weeks) -> None:
    weeks.begin(kept())
    weeks.at(SLOT + 48 * HOUR)
    assert (weeks.queued("digest"), weeks.digest.state) == ([], DigestState.LAPSED)
    weeks.at(SLOT + timedelta(days=7))
    assert weeks.store.tables.alarms  # the next week is planned all the same


def test_a_change_of_rhythm_leaves_no_stray_digest(weeks: Weeks) -> None:
    weeks.begin(kept())
    weeks.change(rhythm=Rhythm.MONTHLY)
    weeks.at(SLOT)
    assert weeks.queued("digest") == []
    weeks.at(datetime.fromisoformat("2026-12-07T10:00Z"))
    assert "Kept together: Sun 1 Nov to Mon 30 Nov" in weeks.read("digest")


def test_a_drafted_digest_follows_a_change_of_rhythm(weeks: Weeks) -> None:
    weeks.begin(kept(title="The week before", settled_at=MONDAY - 5 * 24 * HOUR), kept())
    weeks.at(FRIDAY)
    weeks.change(rhythm=Rhythm.FORTNIGHTLY)
    weeks.at(SLOT)
    shared = weeks.read("digest")
    assert shared.startswith("Kept together: Mon 9 Nov to Sun 22 Nov")
    assert "• The week before" in shared


def test_what_was_told_is_not_told_again_in_a_longer_period(weeks: Weeks) -> None:
    weeks.begin(kept())
    weeks.at(SLOT)
    with weeks.work() as uow:
        was_sent(uow, weeks.digest.id)
    weeks.change(rhythm=Rhythm.MONTHLY)
    with weeks.work() as uow:
        plan(weeks.ports, uow, weeks.acme, weeks.now)
    weeks.at(datetime.fromisoformat("2026-12-07T10:00Z"))
    assert len(weeks.queued("digest")) == 1


def test_a_full_day_leaves_the_preview_for_the_next_morning(weeks: Weeks) -> None:
    weeks.begin(kept())
    weeks.clock.now = FRIDAY
    with weeks.work() as uow:
        for n in range(3):
            uow.outbox.queue([_unasked(n)])
    weeks.sweep()
    assert weeks.one("digest_preview").not_before == NEXT_MONDAY


def _unasked(n: int) -> Intent:
    return Intent(
        key=f"n{n}",
        tenant=TENANT,
        lane="x",
        kind="bundle",
        subject_id="s",
        person_id=BEN.id,
        not_before=FRIDAY,
        unasked=True,
        quota_day="2026-11-20",
    )


steps = st.lists(
    st.tuples(
        st.integers(0, 200),
        st.sampled_from(["sweep", "replay", "plan", "approve", "hold", "relink", "rhythm"]),
    ),
    min_size=3,
    max_size=25,
)


@given(steps)
def test_each_place_hears_at_most_once_a_period_whatever_restarts(steps: list[tuple[int, str]]) -> None:
    weeks = Weeks()
    weeks.begin(*(kept(settled_at=MONDAY + timedelta(days=n)) for n in range(0, 40, 3)))
    for hours, act in steps:
        weeks.clock.now += hours * HOUR
        _live(weeks, act)
    heard = [(i.place_id, weeks.store.tables.digests[i.subject_id].period) for i in weeks.queued("digest")]
    assert len(heard) == len(set(heard))


def _live(weeks: Weeks, act: str) -> None:
    """One thing that may happen; replay is a sweep after a crash that forgot what had fired."""
    if act == "replay":
        weeks.store.tables.fired.clear()
    if act in ("approve", "hold"):
        for digest in list(weeks.store.tables.digests.values()):
            try:
                weeks.press(PRESSES, BEN, f"digest.{act}", encode(digest.id))
            except (Settled, Unfit):
                continue
    if act == "relink":
        there = GLOBEX_SHARED if weeks.acme.place_id == ACME_SHARED.id else ACME_SHARED
        mapping = weeks.acme.mapping_version + 1
        weeks.change(place_id=there.id, organisations=there.organisations, mapping_version=mapping)
    if act == "rhythm":
        weekly = weeks.acme.rhythm is Rhythm.WEEKLY
        weeks.change(rhythm=Rhythm.FORTNIGHTLY if weekly else Rhythm.WEEKLY)
    with weeks.work() as uow:
        plan(weeks.ports, uow, weeks.acme, weeks.now)
    weeks.sweep()


# What outsiders can read


def test_no_internal_word_ever_reaches_the_channel(weeks: Weeks) -> None:
    canary = "CANARY"
    inside = {
        "note": canary,
        "source": Source(quote=canary, link=canary),
        "evidence": canary,
    }
    moved = a_promise(shown_at=MONDAY, moved_late=1, due=due(SLOT + HOUR), **inside)
    weeks.begin(
        kept(**inside),
        kept(**inside, side=Side.THEIRS, owner_id=CARLA.id),
        kept(title=canary, shown_at=None),
        a_promise(title=canary, due_at=SLOT + HOUR),
        a_promise(title=canary, state=State.UNOPPOSED, settled_at=FRIDAY, shown_at=MONDAY),
        a_promise(title=canary, state=State.MISSED, settled_at=FRIDAY, shown_at=MONDAY),
        moved,
        boundaries=canary,
    )
    with weeks.work() as uow:
        uow.promises.add_fact(moved.id, a_fact(Kind.OFFER_ACCEPTED, TUESDAY, reason=canary), None)
        uow.partnerships.add_win(a_win(withdrawn_at=FRIDAY, text=canary))
        uow.partnerships.add_voice(a_voice(text=canary))
        uow.partnerships.add_voice(a_voice(answer="Done", answered_at=FRIDAY, said_where=canary, by=BEN.id))
        uow.people.save(replace(CARLA, name=canary))
        uow.partnerships.add_win(a_win(credits=(CARLA.id,)))
    weeks.at(SLOT)
    shared = weeks.read("digest")
    assert "You said, we did" in shared
    assert canary not in shared


def test_the_operator_sees_the_exact_words_and_changes_nothing(weeks: Weeks) -> None:
    weeks.begin(kept(title="Send the report"))
    weeks.clock.now = SLOT - HOUR
    before = dict(weeks.store.tables.digests)
    with weeks.store.open_uow(TENANT) as uow:
        text = preview_text(weeks.ports, uow, weeks.acme, weeks.now)
    assert weeks.store.tables.digests == before
    weeks.at(SLOT)
    assert text == weeks.read("digest")
