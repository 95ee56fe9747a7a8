"""What was decided for one customer, or for one person, does not pass to whoever comes after them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import router
from bot.addresses import MessageRef, Place
from bot.cards import encode
from bot.intents import to_person
from bot.messages.registry import COMPOSERS, FOR_CUSTOMERS
from bot.plain import body
from bot.policy import Policy
from bot.storage import Post, SendState
from bot.turns import Overheard, Silence
from builders import ACME, ACME_SHARED, ANA, BEN, CARLA, a_partnership, a_person, a_private_place, an_id
from commitments.partnership import Person, Role
from driving import Bot, replied, value_of
from fakes import FakeChat
from stage import Stage

PROMISE = "I'll send you the SOC 2 report by Friday."
QUESTION = "Could you send us the SOC 2 report by Friday?"
INITECH = a_partnership("Initech")
THERE = a_person("Ana Costa", platform="teams", account="aad/ana")


@pytest.fixture
def bot() -> Bot:
    """Ana has a second account, and Ben leads at a customer who has no channel yet."""
    bot = Bot(Stage(policy=Policy(reading=True)))
    with bot.stage.work() as uow:
        uow.people.add(THERE)
        uow.places.add(a_private_place(THERE, platform="teams"))
        uow.partnerships.add(INITECH)
        uow.partnerships.set_role(INITECH.id, BEN.id, Role.LEAD)
        uow.partnerships.save(replace(ACME, mapping_version=2, their_lead_id=CARLA.id))
    return bot


def writes(bot: Bot, person, text: str):
    turn = bot._by(person, ACME_SHARED, {})
    outcome = bot._handle(Overheard(text=text, message=turn["key"], **turn))
    bot.settle()
    return outcome


def reads_both(bot: Bot) -> None:
    replied(bot.says(BEN, "reading Acme on", command="partner"))
    bot.settle()
    replied(bot.presses(CARLA, "reading.agree", encode(ACME_SHARED.id), ACME_SHARED))
    bot.settle()


def becomes_initechs(bot: Bot) -> None:
    """The channel is nobody's for a while, since others came in; then Ben gives it to Initech."""
    with bot.stage.work() as uow:
        place, acme = uow.places.get(ACME_SHARED.id), uow.partnerships.get(ACME.id)
        uow.places.save(replace(place, partnership_id=None, organisations=frozenset({"initech"})))
        uow.partnerships.save(replace(acme, place_id=None, mapping_version=acme.mapping_version + 1))
    shown = replied(bot.says(BEN, "link Initech", ACME_SHARED, command="partner"))
    replied(bot.presses(BEN, "partnership.link_confirm", value_of(shown, "partnership.link_confirm")))
    bot.settle()


def test_a_channel_that_became_another_customers_is_not_read_on(bot):
    reads_both(bot)
    becomes_initechs(bot)
    with bot.stage.work() as uow:
        initech, earshot = uow.partnerships.get(INITECH.id), uow.sightings.earshot(ACME_SHARED.id)
    assert initech.mapping_version == earshot.mapping_version  # so that this alone would not tell
    assert writes(bot, ANA, PROMISE) == Silence(stored=False)
    assert bot.heard_by(ANA, "noticed:") == []


def test_what_one_customer_asked_for_is_no_context_for_the_next(bot):
    reads_both(bot)
    writes(bot, CARLA, QUESTION)
    assert bot.stage.store.tables.open_requests
    becomes_initechs(bot)
    assert not bot.stage.store.tables.open_requests


def test_the_card_in_a_channel_that_changed_hands_says_that_nothing_is_read(bot):
    reads_both(bot)
    becomes_initechs(bot)
    [told] = bot.heard_in(ACME_SHARED, "reading:")
    assert "Acme" not in body(bot.stands(told))
    assert "reading.agree" not in {button.verb for button in bot.stands(told).buttons}


def test_what_waits_when_reading_is_switched_off_is_not_offered_any_more(bot):
    reads_both(bot)
    turn = bot._by(ANA, ACME_SHARED, {})
    bot._handle(Overheard(text=PROMISE, message=turn["key"], **turn))
    replied(bot.says(BEN, "reading Acme off", command="partner"))
    bot.settle()
    assert bot.heard_by(ANA, "noticed:") == []
    assert not [each for each in bot.stage.store.tables.sightings.values() if each.passage]


@pytest.mark.parametrize("kind", sorted(COMPOSERS.keys() - FOR_CUSTOMERS))
@pytest.mark.parametrize("change", [{"guest": True}, {"is_active": False}, {"organisation": "acme"}])
def test_nothing_internal_is_said_in_private_to_somebody_who_is_no_longer_of_us(bot, kind, change):
    """Whatever had been queued for them while they were (T43)."""
    is_theirs = {"side": CARLA.side} if "organisation" in change else {}
    with bot.stage.work() as uow:
        uow.people.save(replace(BEN, **change, **is_theirs))
        subjects = (ACME.id, BEN.id, ACME_SHARED.id)
        uow.outbox.queue(
            to_person(BEN, kind, each, key=f"x:{kind}:{each}", at=bot.stage.now) for each in subjects
        )
    bot.settle()
    assert bot.heard_by(BEN) == []


def an_old_card(bot: Bot, place: Place, person: Person) -> Post:
    ref = MessageRef(platform=place.platform, tenant=place.tenant, place_id=place.id, key="m1")
    return Post(
        id=an_id("old"),
        tenant=place.tenant,
        ref=ref,
        kind="role",
        subject_id=ACME.id,
        person_id=person.id,
        args={},
        at=bot.stage.now,
    )


def test_an_old_private_card_is_not_redrawn_for_somebody_who_is_no_longer_of_us(bot):
    place = a_private_place(BEN)
    old = an_old_card(bot, place, BEN)
    with bot.stage.work() as uow:
        uow.posts.add(old)
        uow.people.save(replace(BEN, guest=True))
    bot.presses(BEN, "partnership.show", encode(ACME.id), place, message=old.ref)
    bot.settle()
    assert bot.stage.chat.updates == []


def links(bot: Bot) -> None:
    """Both of Ana's accounts become one person, who stays as she is here."""
    with bot.stage.work() as uow:
        uow.people.save(replace(THERE, same_as=ANA.id))
        uow.people.merge(THERE.id, ANA.id)


class LinkingChat(FakeChat):
    """While the first message is on its way, its reader links their accounts."""

    def __init__(self, bot: Bot) -> None:
        super().__init__("teams")
        self._bot = bot

    def post(self, *args, **more):
        if not self.said:
            links(self._bot)
        return super().post(*args, **more)


def test_what_was_claimed_before_two_accounts_became_one_still_arrives(bot):
    chat = bot.ports.chats["teams"] = LinkingChat(bot)
    with bot.stage.work() as uow:
        keys = ("role:1", "role:2")
        uow.outbox.queue(to_person(THERE, "role", ACME.id, key=key, at=bot.stage.now) for key in keys)
    bot.settle()
    assert [each.key for each in (*chat.said, *bot.heard_by(ANA))] == ["role:1", "role:2"]
    assert {post.person_id for post in bot.stage.store.tables.posts.values()} == {THERE.id, ANA.id}


def test_an_old_card_in_the_conversation_of_an_account_that_was_parted_is_left_as_it_is(bot):
    place = a_private_place(THERE, platform="teams")
    old = an_old_card(bot, place, ANA)
    chat = bot.ports.chats["teams"] = FakeChat("teams")
    with bot.stage.work() as uow:
        uow.posts.add(old)
    bot.presses(THERE, "partnership.show", encode(ACME.id), place, message=old.ref)
    bot.settle()
    assert chat.updates == []
    assert bot.rows("redraw", SendState.DEAD) == []


def test_who_is_chosen_in_a_form_from_before_the_link_is_the_person(bot):
    opened = bot.says(BEN, "", ACME_SHARED)
    links(bot)
    values = {"title": "the report", "due": "27 Nov 17:00", "owner": THERE.id, "partnership": ACME.id}
    replied(bot.submits(BEN, opened.form, values, place=ACME_SHARED))
    assert [each.owner_id for each in bot.promises()] == [ANA.id]


def test_a_press_of_a_stranger_on_a_private_card_changes_nothing_whoever_forwarded_it(bot):
    promise = bot.has_made()
    for verb in sorted(router.PRESSES):
        if verb.startswith(("promise.", "identity.", "notes.", "noticed.")):
            bot.presses(CARLA, verb, encode(promise.id), ACME_SHARED)
    assert bot.promise().state is promise.state
    assert bot.promise().version == promise.version
