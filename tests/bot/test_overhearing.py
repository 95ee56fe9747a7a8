"""Messages that were not said to Kept: whose are read, what is kept of them, and who hears of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import sweeps
from bot.addresses import Place
from bot.cards import Card, encode
from bot.plain import body, plain_text
from bot.policy import Policy
from bot.storage import SendState
from bot.turns import Outcome, Overheard, Refused, Reply, Silence
from bot.wording import Words, languages
from builders import (
    ACCOUNT_TEAM,
    ACME,
    ACME_SHARED,
    ANA,
    BEN,
    CARLA,
    CARLOS,
    CAST,
    GLOBEX_SHARED,
    GUS,
    MIA,
    MONDAY,
    SATURDAY,
    STRANGER,
    TUESDAY,
    WEDNESDAY,
    a_private_place,
    a_promise,
    an_id,
)
from commitments.partnership import Person
from commitments.promise import State
from commitments.sightings import JUDGED_BY, MUTED_BY, OpenRequest, Sighting, SightingState
from commitments.spotting_language import pack_for
from driving import WORKER, Bot, came_back, opened, refused, replied, value_of, verbs
from stage import Stage

PROMISE = "I'll send you the SOC 2 report by Friday."
UNSURE = "I'll try to send you the pen test by Friday."
QUESTION = "Could you send us the SOC 2 report by Friday?"
DAYS = [f"2026-12-{day:02}" for day in (1, 2, 3, 4, 7, 8, 9, 10)]


class Channel(Bot):
    """Acme's channel, in which people write to each other."""

    def __init__(self, **policy: Any) -> None:
        super().__init__(Stage(policy=Policy(**{"reading": True, **policy})))

    def writes(self, person: Person, text: str, place: Place = ACME_SHARED, **more: Any) -> Outcome:
        turn = self._by(person, place, more)
        outcome = self._handle(Overheard(**{"text": text, "message": turn["key"], **turn}))
        self.settle()
        return outcome

    def reads_along(self, *, theirs: bool = False) -> None:
        """Ben has switched it on; where `theirs`, Carla leads at Acme and has said yes."""
        replied(self.says(BEN, "reading Acme on", command="partner"))
        self.settle()
        if theirs:
            self.led_by(CARLA)
            replied(self.presses(CARLA, "reading.agree", encode(ACME_SHARED.id), ACME_SHARED))
            self.settle()

    def led_by(self, person: Person | None) -> None:
        with self.stage.work() as uow:
            acme = uow.partnerships.get(ACME.id)
            uow.partnerships.save(replace(acme, their_lead_id=person.id if person else None))

    def offers(self, person: Person = ANA) -> list[Card]:
        return [self.stands(said) for said in self.heard_by(person, "noticed:")]

    def offered(self, person: Person = ANA) -> Any:
        [said] = self.heard_by(person, "noticed:")
        return said

    @property
    def sightings(self) -> list[Sighting]:
        return list(self.stage.store.tables.sightings.values())

    @property
    def requests(self) -> list[OpenRequest]:
        return list(self.stage.store.tables.open_requests.values())


@pytest.fixture
def bot() -> Channel:
    return Channel()


@pytest.fixture
def reading(bot: Channel) -> Channel:
    bot.reads_along()
    return bot


@pytest.fixture
def hearing_both(bot: Channel) -> Channel:
    bot.reads_along(theirs=True)
    return bot


def stored(bot: Channel) -> str:
    """Everything there is in the store."""
    tables = bot.stage.store.tables
    return repr([getattr(tables, name) for name in tables.__slots__])


# The switch


def test_nothing_is_read_until_a_lead_switched_it_on(bot):
    before = stored(bot)
    assert bot.writes(ANA, PROMISE) == Silence(stored=False)
    assert stored(bot) == before


def test_the_channel_is_told_before_anything_is_read(bot):
    replied(bot.says(BEN, "reading Acme on", command="partner"))
    assert bot._handle(heard(bot, ANA, PROMISE)) == Silence(stored=False)
    bot.settle()
    [card] = [said.card for said in bot.heard_in(ACME_SHARED, "reading:")]
    assert "reads along" in card.title
    assert verbs(card) == ["reading.leave"]
    bot.writes(ANA, PROMISE)
    assert len(bot.offers()) == 1


def heard(bot: Channel, person: Person, text: str, **more: Any) -> Overheard:
    turn = bot._by(person, ACME_SHARED, more)
    return Overheard(**{"text": text, "message": turn["key"], **turn})


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("theirs", [False, True])
def test_the_card_has_at_most_forty_words_and_three_buttons(language, theirs):
    bot = Channel(languages=(language,), locale=language)
    bot.reads_along(theirs=theirs)
    [said] = bot.heard_in(ACME_SHARED, "reading:")
    card = bot.stands(said)
    assert len(body(card).split()) <= 40
    assert len(card.buttons) <= 3


@pytest.mark.parametrize("person", [ANA, MIA, CARLA])
def test_only_our_lead_switches_it(bot, person):
    refused(bot.says(person, "reading Acme on", command="partner"))
    refused(bot.presses(person, "reading.on", encode(ACME.id)))
    assert bot.stage.store.tables.earshots == {}


def test_where_the_operator_does_not_offer_it_nobody_switches_it_on():
    bot = Channel(reading=False)
    assert "app.yaml" in refused(bot.says(BEN, "reading Acme on", command="partner")).text
    assert verbs(replied(bot.says(BEN, "reading Acme", command="partner"))) == []


def test_what_the_operator_takes_back_is_read_no_more(reading):
    reading.stage.ports = replace(reading.ports, policy=Policy(reading=False))
    assert reading.writes(ANA, PROMISE) == Silence(stored=False)


def test_switched_off_the_card_says_so_and_nothing_is_read(reading):
    card = replied(reading.says(BEN, "reading Acme off", command="partner"))
    assert verbs(card) == ["reading.on"]
    reading.settle()
    [said] = reading.heard_in(ACME_SHARED, "reading:")
    stands = reading.stands(said)
    assert "not read along here any more" in stands.title
    assert stands.buttons == ()
    assert reading.writes(ANA, PROMISE) == Silence(stored=False)


def test_switching_it_twice_says_how_it_stands(reading):
    assert "already" in refused(reading.says(BEN, "reading Acme on", command="partner")).text
    replied(reading.presses(BEN, "reading.off", encode(ACME.id)))
    assert "does not read" in refused(reading.presses(BEN, "reading.off", encode(ACME.id))).text
    assert verbs(replied(reading.presses(BEN, "reading.show", encode(ACME.id)))) == ["reading.on"]


def test_switched_on_again_the_channel_is_told_again(reading):
    replied(reading.presses(BEN, "reading.off", encode(ACME.id)))
    reading.stage.clock.now = TUESDAY
    replied(reading.presses(BEN, "reading.on", encode(ACME.id)))
    assert reading._handle(heard(reading, ANA, PROMISE)) == Silence(stored=False)
    reading.settle()
    assert len(reading.heard_in(ACME_SHARED, "reading:")) == 2
    reading.writes(ANA, PROMISE)
    assert len(reading.offers()) == 1


def test_another_channel_or_customer_ends_it(reading):
    with reading.stage.work() as uow:
        acme = uow.partnerships.get(ACME.id)
        uow.partnerships.save(replace(acme, mapping_version=acme.mapping_version + 1))
    assert reading.writes(ANA, PROMISE) == Silence(stored=False)


def test_a_partnership_without_a_channel_is_told_to_link_one(bot):
    opened(bot.says(BEN, "new Initech", command="partner"))
    assert "/partner link Initech" in refused(bot.says(BEN, "reading Initech on", command="partner")).text


def test_whoever_leads_at_the_customer_is_asked_on_the_card(bot):
    bot.reads_along()
    [said] = bot.heard_in(ACME_SHARED, "reading:")
    card = replied(bot.says(BEN, "Acme", command="partner"))
    form = opened(bot.presses(BEN, "partnership.edit", value_of(card, "partnership.edit")))
    replied(bot.submits(BEN, form, {"their_lead": CARLA.id}))
    bot.settle()
    assert "reading.agree" in verbs(bot.stands(said))


def test_what_do_you_store_says_whether_the_conversation_is_read(reading):
    asked = reading.presses(CARLA, "welcome.stores", encode(ACME.id), ACME_SHARED)
    assert "reads what the hosting team writes" in plain_text(replied(asked))
    replied(reading.presses(BEN, "reading.off", encode(ACME.id)))
    asked = reading.presses(CARLA, "welcome.stores", encode(ACME.id), ACME_SHARED)
    assert "reads no messages" in plain_text(replied(asked))


# What is never read


@pytest.mark.parametrize("place", [ACCOUNT_TEAM, GLOBEX_SHARED, a_private_place(ANA)])
def test_other_places_are_not_read(reading, place):
    before = stored(reading)
    assert reading.writes(ANA, PROMISE, place) == Silence(stored=False)
    assert stored(reading) == before


def test_bots_edits_and_notices_are_not_read(reading):
    assert reading.writes(ANA, PROMISE, is_plain=False) == Silence(stored=False)


@pytest.mark.parametrize("person", [CARLA, CARLOS, GUS, STRANGER])
def test_a_customers_message_leaves_nothing_without_their_yes(reading, person):
    before = stored(reading)
    for text in (PROMISE, QUESTION, "Sent it just now", "never mind"):
        assert reading.writes(person, text) == Silence(stored=False)
    assert stored(reading) == before


def test_a_message_without_a_promise_leaves_nothing(reading):
    before = stored(reading)
    for text in ("Good morning!", "We'll see.", "I'll be out on Friday.", "Did it work?", "", "x" * 40_000):
        assert reading.writes(ANA, text) == Silence(stored=False)
    assert stored(reading) == before


@given(st.text(max_size=300))
def test_whatever_is_written_nobody_but_its_speaker_hears_of_it(text):
    bot = Channel()
    bot.reads_along()
    reached = len(bot.stage.chat.said)
    bot.writes(ANA, text)
    assert {said.place.person_id for said in bot.stage.chat.said[reached:]} <= {ANA.id}


# Being left out


def test_anybody_in_the_channel_is_left_out_by_one_press(reading):
    card = replied(reading.presses(ANA, "reading.leave", encode(ACME_SHARED.id), ACME_SHARED))
    assert verbs(card) == ["reading.return"]
    assert reading.writes(ANA, PROMISE) == Silence(stored=False)
    reading.writes(BEN, PROMISE)
    assert len(reading.offers(BEN)) == 1
    replied(reading.presses(ANA, "reading.return", encode(ACME_SHARED.id), ACME_SHARED))
    reading.writes(ANA, PROMISE)
    assert len(reading.offers(ANA)) == 1


@pytest.mark.parametrize("person", [GUS, STRANGER, MIA])
def test_nobody_learns_of_a_channel_they_are_not_in(reading, person):
    refused(reading.presses(person, "reading.leave", encode(ACME_SHARED.id)))
    refused(reading.presses(person, "reading.leave", encode(an_id("nowhere"))))


def test_who_is_left_out_takes_along_what_was_noticed_before(reading):
    reading.writes(ANA, PROMISE)
    reading.writes(BEN, UNSURE)
    replied(reading.presses(ANA, "reading.leave", encode(ACME_SHARED.id), ACME_SHARED))
    assert "SOC" not in stored(reading)
    assert "pen test" in stored(reading)


def test_a_customer_who_is_left_out_takes_what_was_kept_along(hearing_both):
    hearing_both.writes(CARLOS, QUESTION)
    assert hearing_both.requests
    replied(hearing_both.presses(CARLOS, "reading.leave", encode(ACME_SHARED.id), ACME_SHARED))
    assert hearing_both.requests == []
    assert hearing_both.writes(CARLOS, QUESTION) == Silence(stored=False)


# The customer's yes


def test_the_customers_lead_is_asked_on_the_card_and_nobody_else_may_answer(bot):
    bot.led_by(CARLA)
    bot.reads_along()
    [said] = bot.heard_in(ACME_SHARED, "reading:")
    assert verbs(said.card) == ["reading.leave", "reading.agree"]
    for person in (CARLOS, GUS, STRANGER, ANA, BEN):
        refused(bot.presses(person, "reading.agree", encode(ACME_SHARED.id), ACME_SHARED))
    assert CARLA.name in refused(bot.presses(CARLOS, "reading.agree", encode(ACME_SHARED.id))).text
    replied(bot.pushes(CARLA, said, "reading.agree"))
    bot.settle()
    assert verbs(bot.stands(said)) == ["reading.leave", "reading.withhold"]
    assert CARLA.name in plain_text(bot.stands(said))


def test_with_their_yes_only_the_sentences_that_ask_are_kept(hearing_both):
    hearing_both.writes(CARLOS, f"Our CFO resigned. {QUESTION} Thanks!")
    [request] = hearing_both.requests
    assert request.words == "Could you send us the SOC 2 report by Friday."
    assert "CFO" not in stored(hearing_both)


def test_a_customers_own_promise_stays_theirs_to_make(hearing_both):
    before = stored(hearing_both)
    hearing_both.writes(CARLA, "I'll send you the logs by Friday.")
    hearing_both.writes(CARLOS, "We'll sign the order form by Thursday.")
    assert hearing_both.sightings == hearing_both.promises() == []
    assert stored(hearing_both) == before


def test_a_yes_of_ours_accepts_what_they_asked_for(hearing_both):
    hearing_both.writes(CARLOS, QUESTION, message="q1")
    hearing_both.writes(ANA, "Sure, will do", thread="q1")
    [offer] = hearing_both.offers()
    assert "send the SOC 2 report" in plain_text(offer)
    replied(hearing_both.pushes(ANA, hearing_both.offered(), "noticed.track"))
    [made] = hearing_both.promises()
    assert made.title == "send the SOC 2 report"
    assert f"{made.due.at:%a %H:%M}" == "Fri 17:00"


def test_without_their_yes_a_bare_yes_of_ours_means_nothing(reading):
    reading.writes(CARLOS, QUESTION)
    assert reading.writes(ANA, "Sure, will do") == Silence(stored=False)


def test_what_they_take_back_or_withhold_is_gone(hearing_both):
    hearing_both.writes(CARLA, QUESTION)
    hearing_both.writes(CARLA, "Never mind, found it")
    assert hearing_both.requests == []
    hearing_both.writes(CARLA, QUESTION)
    replied(hearing_both.presses(CARLA, "reading.withhold", encode(ACME_SHARED.id), ACME_SHARED))
    assert hearing_both.requests == []
    assert hearing_both.writes(CARLA, QUESTION) == Silence(stored=False)


def test_what_one_of_us_answered_goes_with_their_yes_too(hearing_both):
    hearing_both.writes(CARLA, QUESTION)
    hearing_both.writes(ANA, "Sure, will do")
    assert "SOC" in stored(hearing_both)
    replied(hearing_both.presses(CARLA, "reading.withhold", encode(ACME_SHARED.id), ACME_SHARED))
    assert "SOC" not in stored(hearing_both)


def test_when_the_talk_moved_on_a_bare_yes_is_about_something_else(hearing_both):
    hearing_both.writes(CARLA, "Could you send us the report?")
    hearing_both.writes(CARLA, "The launch yesterday went really well by the way")
    assert hearing_both.writes(ANA, "Great!") == Silence(stored=False)
    hearing_both.writes(ANA, "I'll do that by Friday")
    [sighting] = hearing_both.sightings
    assert sighting.passage.action == "send the report"


def test_a_new_lead_of_theirs_has_to_agree_anew(hearing_both):
    hearing_both.led_by(CARLOS)
    assert hearing_both.writes(CARLA, QUESTION) == Silence(stored=False)


def test_what_was_asked_before_the_yes_ended_is_no_context_any_more(hearing_both):
    hearing_both.writes(CARLA, QUESTION)
    hearing_both.led_by(CARLOS)
    assert hearing_both.writes(ANA, "Sure, will do") == Silence(stored=False)


def test_requests_go_after_three_days(hearing_both):
    hearing_both.writes(CARLA, QUESTION)
    hearing_both.stage.clock.now = MONDAY + timedelta(hours=72, minutes=1)
    assert hearing_both.writes(ANA, "Sure, will do") == Silence(stored=False)
    prune(hearing_both)
    assert hearing_both.requests == []


def test_switched_off_their_requests_are_gone(hearing_both):
    hearing_both.writes(CARLA, QUESTION)
    replied(hearing_both.says(BEN, "reading Acme off", command="partner"))
    assert hearing_both.requests == []


def prune(bot: Channel) -> None:
    [sweep] = [each for each in sweeps.SWEEPS if each.name == "pruning"]
    sweep.run(bot.ports, WORKER)


# The offer


def test_the_offer_shows_the_exact_words_and_what_would_be_recorded(reading):
    reading.writes(ANA, f"Hi Carla! {PROMISE} Have a nice day.")
    [card] = reading.offers()
    assert verbs(card) == ["noticed.track", "noticed.edit", "noticed.dismiss", "noticed.why"]
    words = plain_text(card)
    for part in ("I'll send you the SOC 2 report by Friday", "Fri 20 Nov, 17:00", "Acme", "Only you"):
        assert part in words
    assert "nice day" not in words


def test_track_records_it_between_us_even_where_all_is_shown_at_once(reading):
    with reading.stage.work() as uow:
        uow.partnerships.save(replace(uow.partnerships.get(ACME.id), shows_at_once=True))
    reading.writes(ANA, PROMISE, link="https://chat.example/m1")
    card = replied(reading.pushes(ANA, reading.offered(), "noticed.track"))
    reading.settle()
    [made] = reading.promises()
    assert (made.owner_id, made.state, made.is_shown) == (ANA.id, State.OPEN, False)
    assert made.source is not None
    assert made.source.quote == "I'll send you the SOC 2 report by Friday"
    assert made.source.link == "https://chat.example/m1"
    assert reading.heard_in(ACME_SHARED, "anchor:") == []
    assert "promise.share" in verbs(card)
    [stands] = reading.offers()
    assert stands.buttons == ()
    assert "P-1" in plain_text(stands)
    [sighting] = reading.sightings
    assert (sighting.state, sighting.passage) == (SightingState.TRACKED, None)


@pytest.mark.parametrize("text", ["I'll send you the SOC 2 report.", "I'll send it early next month."])
def test_track_asks_for_the_day_where_none_is_certain(reading, text):
    reading.writes(ANA, text)
    form = opened(reading.pushes(ANA, reading.offered(), "noticed.track"))
    again = came_back(reading.submits(ANA, form, {"due": ""}))
    assert (again.id, again.subject) == (form.id, form.subject)
    replied(reading.submits(ANA, again, {"due": "2026-11-20"}))
    reading.settle()
    [made] = reading.promises()
    assert not made.is_shown
    assert reading.sightings[0].state is SightingState.TRACKED
    assert reading.offers()[0].buttons == ()


def test_edit_opens_what_was_understood_and_keeps_what_is_mended(reading):
    reading.writes(ANA, PROMISE)
    form = opened(reading.pushes(ANA, reading.offered(), "noticed.edit"))
    assert form.value_of("title") == "send the SOC 2 report"
    assert form.value_of("due") == "2026-11-20T17:00"
    replied(reading.submits(ANA, form, {"title": "Send SOC 2, type II"}))
    [made] = reading.promises()
    assert made.title == "Send SOC 2, type II"
    assert "its words are gone" in refused(reading.submits(ANA, form)).text


def test_one_message_brings_one_offer_with_all_that_is_in_it(reading):
    reading.writes(ANA, "I'll send you the contract by Thursday and I'll fix the export by Friday.")
    [card] = reading.offers()
    assert [b.about for b in card.buttons if b.verb == "noticed.track"] == [
        "send the contract",
        "fix the export",
    ]
    assert "these" in card.title


def test_the_same_message_delivered_twice_is_offered_once(reading):
    for _ in range(2):
        reading.writes(ANA, PROMISE, key="C1:1", message="m1")
    assert len(reading.offers()) == len(reading.sightings) == 1


def test_the_same_promise_in_one_thread_is_offered_once_a_week(reading):
    reading.writes(ANA, PROMISE, thread="t1", message="m1")
    reading.stage.clock.now = WEDNESDAY
    reading.writes(ANA, "As I said, I'll send you the SOC 2 report.", thread="t1", message="m2")
    assert len(reading.sightings) == 1
    reading.writes(ANA, PROMISE, thread="t2", message="m3")
    assert len(reading.sightings) == 2
    reading.stage.clock.now = MONDAY + timedelta(days=7, minutes=1)
    reading.writes(ANA, PROMISE, thread="t1", message="m4")
    assert len(reading.sightings) == 3


@pytest.fixture
def asked_only(bot: Channel) -> Channel:
    """Where the platform has Kept hear only what is said to it."""
    with bot.stage.work() as uow:
        uow.places.save(replace(uow.places.get(ACME_SHARED.id), asked_only=True))
    return bot


def test_what_may_not_be_heard_there_cannot_be_switched_on(asked_only):
    said = refused(asked_only.says(BEN, "reading Acme on", command="partner"))
    assert "hears only what is said to it" in said.text
    asked_only.settle()
    assert asked_only.heard_in(ACME_SHARED, "reading") == []


def test_whoever_asks_hears_why_nothing_is_read_there(asked_only):
    card = replied(asked_only.says(BEN, "reading Acme", command="partner"))
    assert "hears only what is said to it" in plain_text(card)
    assert verbs(card) == []
    assert "Mention it" in plain_text(replied(asked_only.says(ANA, "why", ACME_SHARED)))


def test_a_channel_that_was_read_is_not_any_more_once_it_may_not_be(reading):
    with reading.stage.work() as uow:
        uow.places.save(replace(uow.places.get(ACME_SHARED.id), asked_only=True))
    reading.writes(ANA, PROMISE)
    assert reading.offers() == []


def test_in_the_thread_under_a_message_its_promise_is_not_offered_again(reading):
    reading.writes(ANA, PROMISE, message="m1")
    reading.writes(ANA, PROMISE, thread="m1", message="m2")
    assert len(reading.sightings) == 1


messages = st.lists(
    st.tuples(
        st.sampled_from([PROMISE, "I'll fix the export by Friday."]), st.sampled_from(["", "t1", "t2"])
    ),
    min_size=1,
    max_size=8,
)


@given(messages)
def test_however_often_it_is_said_a_thread_holds_each_action_once(said):
    bot = Channel()
    bot.reads_along()
    for number, (text, thread) in enumerate(said):
        bot.writes(ANA, text, thread=thread, message=f"m{number}")
    assert len(bot.sightings) == len(bot.offers()) == len(set(said))


def test_what_is_promised_already_is_not_offered(reading):
    reading.add(a_promise(title="Send the SOC 2 report"))
    assert reading.writes(ANA, PROMISE) == Silence(stored=False)


def test_nobody_else_can_answer_an_offer_or_learn_of_it(reading):
    reading.writes(ANA, PROMISE)
    [sighting] = reading.sightings
    for person in set(CAST) - {ANA}:
        for verb in ("track", "edit", "dismiss", "why", "done", "other", "again"):
            answer = reading.presses(person, f"noticed.{verb}", encode(sighting.id))
            assert isinstance(answer, Refused)
            assert "SOC" not in answer.text
    assert reading.sightings == [sighting]


def test_an_offer_is_not_counted_as_an_unasked_word(reading):
    reading.writes(ANA, PROMISE)
    [row] = reading.rows("noticed", SendState.SENT)
    assert (row.intent.unasked, row.intent.quota_day) == (False, None)


def test_an_offer_that_could_not_be_sent_that_day_is_not_sent_at_night(reading):
    reading._handle(heard(reading, ANA, PROMISE))
    reading.sleep_until(MONDAY + timedelta(hours=9))
    assert reading.offers() == []


def test_a_mention_is_read_as_the_name(reading):
    reading.writes(ANA, f"I'll send <@{CARLA.id}> the SOC 2 report by Friday.")
    assert "<@" not in plain_text(reading.offers()[0])
    assert "Carla" in plain_text(reading.offers()[0])


# Done?


def test_the_word_that_it_is_done_is_asked_about_and_never_assumed(reading):
    promise = a_promise(title="Send the SOC 2 report", number=12)
    reading.add(promise)
    reading.writes(ANA, "Just sent you the SOC report!", link="https://chat.example/m9")
    [card] = reading.offers()
    assert "P-12" in card.title
    assert verbs(card) == ["noticed.done", "noticed.other", "noticed.why"]
    assert reading.again(promise).state is State.OPEN
    replied(reading.pushes(ANA, reading.offered(), "noticed.done"))
    done = reading.again(promise)
    assert (done.state, done.evidence) == (State.DELIVERED, "https://chat.example/m9")


def test_not_that_one_leaves_it_open_and_teaches_nothing(reading):
    promise = a_promise(title="Send the SOC 2 report")
    reading.add(promise)
    reading.writes(ANA, "Just sent you the report!")
    replied(reading.pushes(ANA, reading.offered(), "noticed.other"))
    assert reading.again(promise).state is State.OPEN
    assert reading.stage.store.tables.cue_dismissals == {}
    assert not any(each.was_offered for each in reading.sightings)


def test_where_two_promises_could_be_meant_nobody_is_asked(reading):
    reading.add(a_promise(title="Send the security report"), a_promise(title="Send the audit report"))
    assert reading.writes(ANA, "Just sent you the report!") == Silence(stored=False)


def test_in_the_thread_of_a_promise_it_is_the_one_that_was_made_there(reading):
    reading.writes(ANA, PROMISE, thread="t1", message="m1")
    replied(reading.pushes(ANA, reading.offered(), "noticed.track"))
    reading.writes(ANA, "Sent it just now", thread="t1", message="m2")
    [asked] = [card for card in reading.offers() if "noticed.done" in verbs(card)]
    assert "P-1" in asked.title


def test_somebody_elses_promise_is_not_asked_about(reading):
    reading.add(a_promise(title="Send the SOC 2 report", owner_id=BEN.id))
    assert reading.writes(ANA, "Just sent you the SOC report!") == Silence(stored=False)


# The quiet list


def test_what_is_unsure_waits_for_one_list_in_the_morning(reading):
    reading.writes(ANA, UNSURE)
    reading.writes(ANA, "I hope to fix the export by Friday.", message="m2")
    assert reading.heard_by(ANA) == []
    reading.move_to(TUESDAY)
    [said] = reading.heard_by(ANA, "noticed_list:")
    assert "2 things" in said.card.title
    assert verbs(said.card).count("noticed.track") == 2
    [row] = reading.rows("noticed_list")
    assert row.intent.unasked
    reading.move_to(WEDNESDAY)
    assert len(reading.heard_by(ANA, "noticed_list:")) == 1


def test_a_sure_one_outside_of_working_hours_joins_the_list(reading):
    reading.stage.clock.now = SATURDAY
    reading.writes(ANA, PROMISE.replace("Friday", "27 November"))
    assert reading.heard_by(ANA) == []
    reading.move_to(MONDAY + timedelta(weeks=1))
    [said] = reading.heard_by(ANA, "noticed_list:")
    assert "SOC 2" in plain_text(said.card)
    replied(reading.pushes(ANA, said, "noticed.track"))
    reading.settle()
    assert "All answered" in reading.stands(said).title


def test_a_list_whose_entries_are_answered_is_not_sent(reading):
    reading.writes(ANA, UNSURE)
    [sighting] = reading.sightings
    replied(reading.presses(ANA, "noticed.dismiss", encode(sighting.id)))
    reading.move_to(WEDNESDAY)
    assert reading.heard_by(ANA, "noticed_list:") == []


def test_a_colleagues_promise_is_never_recorded_without_a_look_at_whose_it_is(reading):
    reading.writes(ANA, "Ben will send you the SOC 2 report by Friday.")
    assert reading.offers() == []
    reading.move_to(TUESDAY)
    [said] = reading.heard_by(ANA, "noticed_list:")
    assert verbs(said.card) == ["noticed.edit", "noticed.dismiss", "noticed.why"]


# What a dismissal teaches


def test_not_a_promise_takes_the_words_away_at_once(reading):
    reading.writes(ANA, PROMISE)
    replied(reading.pushes(ANA, reading.offered(), "noticed.dismiss"))
    reading.settle()
    [sighting] = reading.sightings
    assert (sighting.state, sighting.passage) == (SightingState.DISMISSED, None)
    assert "SOC" not in stored(reading)
    assert "Not a promise" in plain_text(reading.offers()[0])


def dismissed(bot: Channel, person: Person, text: str) -> Card:
    bot.writes(person, text)
    [sighting] = [each for each in bot.sightings if each.state.is_open and each.person_id == person.id]
    return replied(bot.presses(person, "noticed.dismiss", encode(sighting.id)))


def test_three_dismissals_of_one_cue_mute_it_for_that_person_alone(reading):
    for number in range(MUTED_BY):
        card = dismissed(reading, ANA, f"I'll send you the file {number} by Friday.")
    assert verbs(card) == ["noticed.again"]
    assert reading.writes(ANA, PROMISE) == Silence(stored=False)
    reading.writes(ANA, "Let me check the invoice by Friday.")
    reading.writes(BEN, PROMISE)
    assert {each.person_id for each in reading.sightings if each.state.is_open} == {ANA.id, BEN.id}
    replied(reading.presses(ANA, "noticed.again", card.buttons[0].value))
    reading.writes(ANA, PROMISE)
    assert any(each.passage and "SOC 2" in each.passage.action for each in reading.sightings)


@given(st.lists(st.sampled_from(["dismiss", "track", "leave"]), max_size=8))
def test_a_cue_is_offered_until_it_was_dismissed_three_times(answers):
    bot = Channel()
    bot.reads_along()
    dismissals = 0
    for number, answer in enumerate(answers):
        outcome = bot.writes(ANA, f"I'll send you the file {number} by {DAYS[number]}.")
        assert outcome.stored == (dismissals < MUTED_BY)
        if outcome.stored and answer != "leave":
            [sighting] = [e for e in bot.sightings if e.passage and f"file {number}" in e.passage.action]
            assert isinstance(bot.presses(ANA, f"noticed.{answer}", encode(sighting.id)), Reply)
            dismissals += answer == "dismiss"


def a_history(bot: Channel, dismissals: int) -> None:
    """Fifty offers to Ben in that channel, some of which were none."""
    with bot.stage.work() as uow:
        for number in range(JUDGED_BY):
            state = SightingState.DISMISSED if number < dismissals else SightingState.TRACKED
            uow.sightings.add([a_past_sighting(number, state)])


def a_past_sighting(number: int, state: SightingState) -> Sighting:
    from builders import a_sighting

    return a_sighting(f"past {number}", message=f"past {number}", person_id=BEN.id, state=state, passage=None)


@pytest.mark.parametrize(("dismissals", "interrupts"), [(5, True), (6, False)])
def test_a_channel_with_too_many_dismissals_interrupts_only_for_sure_ones_with_a_date(
    reading, dismissals, interrupts
):
    a_history(reading, dismissals)
    reading.writes(ANA, "I'll fix the export.", message="m1")
    assert bool(reading.offers()) == interrupts
    reading.writes(ANA, UNSURE, message="m2")
    listed = [each for each in reading.sightings if each.state is SightingState.LISTED]
    assert len(listed) == 1
    assert ("pen test" in listed[0].passage.action) == interrupts
    reading.writes(ANA, PROMISE, message="m3")
    assert any("SOC 2" in plain_text(card) for card in reading.offers())


def test_what_nobody_answers_is_gone_in_a_week(reading):
    reading.writes(ANA, PROMISE)
    said = reading.offered()
    reading.stage.clock.now = MONDAY + timedelta(days=7, minutes=1)
    prune(reading)
    assert reading.sightings[0].state is SightingState.LAPSED
    assert "SOC" not in stored(reading)
    assert "its words are gone" in refused(reading.pushes(ANA, said, "noticed.track")).text
    reading.stage.clock.now = MONDAY + timedelta(days=91)
    prune(reading)
    assert reading.sightings == []


# Why?


def test_why_tells_the_trigger_the_place_and_how_to_stop_it(reading):
    reading.writes(ANA, PROMISE)
    card = replied(reading.pushes(ANA, reading.offered(), "noticed.why"))
    words = plain_text(card)
    for part in ("I'll", ACME_SHARED.name, BEN.name, "Mon 16 Nov"):
        assert part in words
    assert verbs(card) == ["reading.leave"]


def test_why_of_an_unsure_one_tells_what_made_it_so(hearing_both):
    hearing_both.writes(CARLA, QUESTION)
    hearing_both.writes(ANA, "I'll try to do that")
    [sighting] = hearing_both.sightings
    words = plain_text(replied(hearing_both.presses(ANA, "noticed.why", encode(sighting.id))))
    assert "try" in words
    assert "SOC 2 report by Friday" in words


def test_why_alone_is_about_the_last_message_that_held_something(reading):
    reading.writes(ANA, PROMISE)
    assert "SOC 2" in plain_text(replied(reading.says(ANA, "why", ACME_SHARED)))
    assert "SOC 2" in plain_text(replied(reading.says(ANA, "why")))
    assert "SOC 2" not in plain_text(replied(reading.says(BEN, "why", ACME_SHARED)))


def why_here(bot: Channel) -> Iterator[str]:
    for words in ("why", 'why "We should discuss it"'):
        yield plain_text(replied(bot.says(ANA, words, ACME_SHARED)))


def test_why_was_that_not_read_says_what_stood_in_the_way(bot):
    assert all("nobody has switched it on" in words for words in why_here(bot))
    replied(bot.says(BEN, "reading Acme on", command="partner"))
    assert all("has to be told first" in words for words in why_here(bot))
    bot.settle()
    assert all("is read, so that" in words for words in why_here(bot))
    replied(bot.presses(ANA, "reading.leave", encode(ACME_SHARED.id), ACME_SHARED))
    assert all("asked to be left out" in words for words in why_here(bot))
    assert "only in a customer's shared channel" in plain_text(replied(bot.says(ANA, "why", ACCOUNT_TEAM)))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("“I'll send the report by Friday”", "A promise: send the report"),
        ('"I\'ll try to send the report"', "Perhaps a promise"),
        ("'I'll be out on Friday'", "where you will be"),
        ("“Sent it just now”", "something is done"),
        ("“Good morning”", "nothing in it"),
    ],
)
def test_words_given_are_explained_and_not_kept(reading, words, said):
    inbox = len(reading.stage.store.tables.inbox)
    card = replied(reading.says(ANA, f"why {words}", ACME_SHARED))
    assert said in plain_text(card)
    assert reading.sightings == []
    assert len(reading.stage.store.tables.inbox) == inbox + 1


def test_a_muted_cue_is_named_in_the_answer(reading):
    for number in range(MUTED_BY):
        dismissed(reading, ANA, f"I'll send you the file {number} by Friday.")
    assert "three times" in plain_text(replied(reading.says(ANA, f"why “{PROMISE}”", ACME_SHARED)))


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ja"])
def test_every_reason_a_language_knows_can_be_said(language):
    pack = pack_for(language)
    doubts = {each.doubt for each in pack.triggers if each.doubt} | {*pack.doubts, *pack.scoped}
    vetoes = {*pack.vetoes, *pack.trifles, *pack.before, *pack.refused, "question"}
    for reader in map(Words, languages()):
        assert [each for each in doubts if not reader.has(f"noticed.doubt.{each}")] == []
        assert [each for each in vetoes if not reader.has(f"noticed.veto.{each}")] == []


def test_a_title_may_begin_with_why(bot):
    made = bot.has_made("Acme: why the export failed, in writing by 27 Nov 17:00")
    assert made.title.startswith("why the export failed")
    assert "why" in opened(bot.says(ANA, "why the export failed")).value_of("title")
