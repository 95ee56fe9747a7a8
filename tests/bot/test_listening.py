"""`/heard`: a customer's words reach whoever can act on them, and come back as "you said, we did"."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import listening
from bot.addresses import MessageRef
from bot.cards import Card, encode
from bot.messages import voices
from bot.plain import plain_text
from bot.scene import Denied
from bot.storage import Post
from bot.turns import Invalid, OpenForm, Outcome, Reply
from builders import (
    ACME,
    ACME_SHARED,
    ANA,
    BEN,
    CARLA,
    GUS,
    MIA,
    PLATFORM,
    STRANGER,
    TENANT,
    a_private_place,
    a_voice,
    an_id,
)
from commitments.errors import NotYours, Settled, Unfit
from commitments.partnership import Role, Voice
from stage import Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()


def said(stage: Stage, person, words: str, place=None) -> Outcome:
    return stage.ask(listening.COMMANDS, person, "heard", words, place)


def told(stage: Stage, person=CARLA) -> Voice:
    said(stage, person, "The export is too slow", ACME_SHARED)
    [voice] = written(stage)
    return voice


def written(stage: Stage) -> list[Voice]:
    with stage.work() as uow:
        return uow.partnerships.voices(ACME.id)


def answered(stage: Stage, voice: Voice, person=BEN, words: str = "Exports stream now") -> Outcome:
    return stage.submit(listening.FORMS, person, "voice.answer", encode(voice.id), {"answer": words})


def card(outcome: Outcome) -> Card:
    assert isinstance(outcome, Reply)
    return outcome.card


# Hearing


def test_what_a_colleague_heard_is_written_down_and_the_lead_told(stage):
    said(stage, ANA, "Acme: the export is too slow")
    [voice] = written(stage)
    assert (voice.text, voice.by, voice.from_customer) == ("the export is too slow", ANA.id, False)
    [told] = stage.queued("voice")
    assert told.person_id == BEN.id
    heard = stage.compose(voices.COMPOSERS, told)
    assert heard is not None
    assert "Ana heard it" in plain_text(heard)
    assert [button.verb for button in heard.buttons] == ["voice.answer"]


def test_the_lead_is_not_told_what_they_wrote_themselves(stage):
    outcome = said(stage, BEN, "Acme: the export is too slow")
    assert stage.queued() == []
    assert [button.verb for button in card(outcome).buttons] == ["voice.answer"]


def test_without_a_lead_the_account_team_hears_and_without_a_team_the_admins(stage):
    boss = replace(MIA, id=an_id("Boss"), account="boss", name="Boss", is_admin=True)
    with stage.work() as uow:
        uow.people.add(boss)
        uow.partnerships.drop_role(ACME.id, BEN.id, Role.LEAD)
    told(stage)
    with stage.work() as uow:
        uow.partnerships.drop_role(ACME.id, ANA.id, Role.MEMBER)
    said(stage, CARLA, "And the import too", ACME_SHARED)
    assert [intent.person_id for intent in stage.queued("voice")] == [ANA.id, boss.id]


@pytest.mark.parametrize("words", ["the export is too slow", "Hooli: the export is too slow", "Globex: slow"])
def test_an_unclear_customer_is_asked_for(stage, words):
    outcome = said(stage, ANA, words)
    assert isinstance(outcome, OpenForm)
    assert written(stage) == []
    values = {"customer": ACME.id, "text": "slow"}
    stage.submit(listening.FORMS, ANA, "voice.record", "", values)
    assert [voice.text for voice in written(stage)] == ["slow"]


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"customer": an_id("Globex"), "text": "slow"}, "customer"),
        ({"customer": ACME.id, "text": ""}, "text"),
        ({"customer": ACME.id, "text": "x" * 501}, "text"),
    ],
)
def test_a_mistake_in_the_form_saves_nothing(stage, values, wrong):
    outcome = stage.submit(listening.FORMS, ANA, "voice.record", "", values)
    assert isinstance(outcome, Invalid)
    assert [field.name for field in outcome.form.fields if field.error] == [wrong]
    assert written(stage) == []


def test_a_customer_tells_us_in_their_own_channel(stage):
    outcome = said(stage, CARLA, "The export is too slow", ACME_SHARED)
    [voice] = written(stage)
    assert (voice.by, voice.from_customer) == (CARLA.id, True)
    assert "Ben" in plain_text(card(outcome))


@pytest.mark.parametrize("person", [GUS, STRANGER, CARLA])
def test_people_outside_tell_us_nothing_anywhere_else(stage, person):
    place = None if person is CARLA else ACME_SHARED
    with pytest.raises(Denied):
        said(stage, person, "The export is too slow", place)


def test_a_flood_of_unanswered_words_is_led_to_a_person(stage):
    with stage.work() as uow:
        for _ in range(listening.OPEN_PER_CUSTOMER):
            uow.partnerships.add_voice(a_voice(by=CARLA.id, from_customer=True))
    with pytest.raises(Unfit, match=r"heard\.enough"):
        said(stage, CARLA, "One more", ACME_SHARED)


# Listing


def test_alone_it_lists_what_waits_oldest_first(stage):
    with stage.work() as uow:
        uow.partnerships.add_voice(a_voice(text="Second", at=stage.now))
        uow.partnerships.add_voice(a_voice(text="First", at=stage.now.replace(hour=8)))
        uow.partnerships.add_voice(
            a_voice(text="Done", answer="Yes", answered_by=BEN.id, answered_at=stage.now)
        )
        uow.partnerships.add_voice(a_voice(text="Elsewhere", partnership_id=an_id("Globex")))
    listed = card(said(stage, ANA, ""))
    text = plain_text(listed)
    assert text.index("First") < text.index("Second")
    assert "Done" not in text
    assert "Elsewhere" not in text
    assert [button.about for button in listed.buttons] == ["First", "Second"]


def test_a_manager_reads_the_list_but_does_not_answer(stage):
    told(stage)
    listed = card(said(stage, MIA, ""))
    assert "The export is too slow" in plain_text(listed)
    assert listed.buttons == ()


def test_an_empty_list_says_how_to_begin(stage):
    assert "/heard" in plain_text(card(said(stage, ANA, "")))


# Answering


def test_whoever_answers_sees_what_the_customer_will_read(stage):
    voice = told(stage)
    outcome = stage.press(listening.PRESSES, BEN, "voice.answer", encode(voice.id))
    assert isinstance(outcome, OpenForm)
    assert any("The export is too slow" in str(span) for span in outcome.form.preface)


def test_the_customer_who_told_us_hears_it_in_their_channel(stage):
    answered(stage, told(stage))
    [said_there] = stage.queued("voice_done")
    assert said_there.place_id == ACME_SHARED.id
    heard = stage.compose(voices.COMPOSERS, said_there)
    assert heard is not None
    text = plain_text(heard)
    assert text.index("Carla") < text.index("The export is too slow") < text.index("Exports stream now")
    assert "Ben" not in text


def test_a_colleague_who_wrote_it_down_hears_it_privately(stage):
    said(stage, ANA, "Acme: the export is too slow")
    answered(stage, written(stage)[0])
    [said_back] = stage.queued("voice_answered")
    assert said_back.person_id == ANA.id
    assert stage.queued("voice_done") == []
    heard = stage.compose(voices.COMPOSERS, said_back)
    assert heard is not None
    assert "Exports stream now" in plain_text(heard)


def test_the_answer_is_kept_for_the_digest(stage):
    answered(stage, told(stage))
    [voice] = written(stage)
    assert (voice.answer, voice.answered_by, voice.answered_at) == ("Exports stream now", BEN.id, stage.now)


def test_an_answer_meant_for_another_channel_is_not_said(stage):
    answered(stage, told(stage))
    with stage.work() as uow:
        uow.partnerships.save(replace(ACME, mapping_version=2))
    [said_there] = stage.queued("voice_done")
    assert stage.compose(voices.COMPOSERS, said_there) is None


def test_the_card_that_asked_shows_the_answer(stage):
    voice = told(stage)
    [asked] = stage.queued("voice")
    private = a_private_place(BEN)
    ref = MessageRef(platform=PLATFORM, tenant=TENANT, place_id=private.id, key="m1")
    post = Post(
        id=an_id("post"),
        tenant=TENANT,
        ref=ref,
        kind="voice",
        subject_id=voice.id,
        person_id=BEN.id,
        at=stage.now,
    )
    with stage.work() as uow:
        uow.posts.add(post)
    answered(stage, voice)
    assert [edit.subject_id for edit in stage.queued("redraw")] == [post.id]
    drawn = stage.compose(voices.COMPOSERS, asked)
    assert drawn is not None
    assert "Exports stream now" in plain_text(drawn)
    assert drawn.buttons == ()


def test_it_is_answered_once(stage):
    voice = told(stage)
    answered(stage, voice)
    with pytest.raises(Settled, match=r"heard\.answered"):
        answered(stage, voice, ANA, "Something else")


def test_an_empty_answer_is_none(stage):
    outcome = answered(stage, told(stage), words="  ")
    assert isinstance(outcome, Invalid)
    assert stage.queued("voice_done") == []


@pytest.mark.parametrize("person", [MIA, CARLA, GUS, STRANGER])
def test_only_the_account_team_answers(stage, person):
    voice = told(stage)
    with pytest.raises(Denied):
        stage.press(listening.PRESSES, person, "voice.answer", encode(voice.id))


def test_a_voice_that_is_not_there_reads_like_one_that_is_not_yours(stage):
    with pytest.raises(NotYours):
        stage.press(listening.PRESSES, BEN, "voice.answer", encode(an_id("no such voice")))
