"""A colleague with two accounts proves that both are theirs."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import commands, identifying
from bot.cards import Card
from bot.messages import identities
from bot.plain import plain_text
from bot.turns import Outcome, Reply
from builders import ACME, ANA, BEN, CARLA, FRIDAY, GUS, STRANGER, a_person, a_private_place, a_promise
from commitments.errors import NotYours, Unfit
from commitments.partnership import Person
from stage import Stage

THERE = a_person("Ana Costa", platform="teams", account="aad/ana")


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    with stage.work() as uow:
        uow.people.add(THERE)
        uow.places.add(a_private_place(THERE, platform="teams"))
        uow.promises.add(a_promise(owner_id=THERE.id, filed_by=THERE.id, due_at=FRIDAY))
    return stage


def said(stage: Stage, person: Person, words: str = "settings link") -> Outcome:
    return stage.ask(commands.COMMANDS, person, "promise", words)


def card(outcome: Outcome) -> Card:
    assert isinstance(outcome, Reply)
    return outcome.card


def code_of(stage: Stage, person: Person = ANA) -> str:
    found = re.search(r"settings link (\S{5}-\S{5})", plain_text(card(said(stage, person))))
    assert found is not None
    return found[1]


def linked(stage: Stage) -> Card:
    """Ana shows herself a code here, and says it there."""
    asked = card(said(stage, THERE, f"settings link {code_of(stage)}"))
    return press(stage, THERE, asked, "identity.link")


def press(stage: Stage, person: Person, shown: Card, verb: str) -> Card:
    button = next(each for each in shown.buttons if each.verb == verb)
    return card(stage.press(identifying.PRESSES, person, verb, button.value))


def stored(stage: Stage, person: Person) -> Person:
    with stage.work() as uow:
        found = uow.people.get(person.id)
    assert found is not None
    return found


def test_linked_accounts_are_one_person_with_all_their_promises(stage: Stage) -> None:
    linked(stage)
    with stage.work() as uow:
        assert stored(stage, THERE).same_as == ANA.id
        assert {each.owner_id for each in uow.promises.due_between(ANA.id, stage.now, FRIDAY + timedelta(1))}
    assert "P-" in plain_text(card(said(stage, THERE, "list mine")))


def test_nothing_is_linked_before_the_other_side_is_seen_and_pressed(stage: Stage) -> None:
    shown = card(said(stage, THERE, f"settings link {code_of(stage)}"))
    assert "Ana" in plain_text(shown)
    assert stored(stage, THERE).same_as is None


@pytest.mark.parametrize("said_as", [str.lower, str.upper, lambda code: code.replace("-", " ")])
def test_a_code_is_understood_however_it_is_written(stage: Stage, said_as) -> None:
    assert card(said(stage, THERE, f"settings link {said_as(code_of(stage))}")).buttons


def test_a_code_works_once(stage: Stage) -> None:
    code = code_of(stage)
    shown = card(said(stage, THERE, f"settings link {code}"))
    press(stage, THERE, shown, "identity.link")
    with pytest.raises(Unfit, match=r"identity\.code"):
        press(stage, THERE, shown, "identity.link")


def test_a_code_is_forgotten_after_ten_minutes(stage: Stage) -> None:
    code = code_of(stage)
    stage.clock.now += timedelta(minutes=10, seconds=1)
    with pytest.raises(Unfit, match=r"identity\.code"):
        said(stage, THERE, f"settings link {code}")


def test_a_newer_code_replaces_the_older(stage: Stage) -> None:
    first = code_of(stage)
    code_of(stage)
    with pytest.raises(Unfit, match=r"identity\.code"):
        said(stage, THERE, f"settings link {first}")


def test_a_code_is_kept_as_a_digest_only(stage: Stage) -> None:
    code = code_of(stage).replace("-", "").lower()
    assert code not in (stored(stage, ANA).link_code or "")


def test_ones_own_code_and_that_of_a_neighbour_on_the_same_platform_link_nothing(stage: Stage) -> None:
    code = code_of(stage)
    for person in (ANA, BEN):
        with pytest.raises(Unfit, match=r"identity\.same_platform"):
            said(stage, person, f"settings link {code}")


def test_somebody_who_is_no_longer_of_us_cannot_be_linked(stage: Stage) -> None:
    code = code_of(stage)
    with stage.work() as uow:
        uow.people.save(replace(stored(stage, ANA), guest=True))
    with pytest.raises(NotYours):
        said(stage, THERE, f"settings link {code}")


def test_a_customer_has_no_such_command(stage: Stage) -> None:
    with pytest.raises(Unfit, match="no_commands"):
        said(stage, CARLA)


def test_whoever_showed_the_code_is_told_there_and_can_part_the_accounts(stage: Stage) -> None:
    linked(stage)
    [told] = stage.queued("identity_linked")
    assert (told.person_id, told.lane) == (ANA.id, f"{ANA.platform}:{ANA.tenant}")
    shown = stage.compose(identities.COMPOSERS, told)
    assert shown is not None
    press(stage, ANA, shown, "identity.unlink")
    assert stored(stage, THERE).same_as is None
    with stage.work() as uow:
        place = uow.places.private_of(THERE.id)
        assert place is not None
        assert place.platform == "teams"
    assert stage.compose(identities.COMPOSERS, told) is None


def test_kept_speaks_where_they_choose(stage: Stage) -> None:
    shown = linked(stage)
    press(stage, THERE, shown, "identity.prefer")
    assert stored(stage, ANA).speaks_on == "teams"
    with stage.work() as uow:
        place = uow.places.private_of(ANA.id)
    assert place is not None
    assert place.platform == "teams"


def test_who_may_do_more_stays(stage: Stage) -> None:
    with stage.work() as uow:
        uow.people.save(replace(THERE, is_admin=True))
    linked(stage)
    assert stored(stage, ANA).same_as == THERE.id
    assert stored(stage, THERE).speaks_on == ANA.platform  # where the code was shown


def test_link_is_a_title_with_other_words(stage: Stage) -> None:
    outcome = said(stage, ANA, f"{ACME.name}: settings link page by Friday")
    assert stored(stage, ANA).link_code is None
    assert outcome is not None


@pytest.mark.parametrize("person", [CARLA, GUS, STRANGER])
@pytest.mark.parametrize("verb", sorted(identifying.PRESSES))
def test_nobody_of_a_customer_becomes_one_of_us_by_a_code_they_saw(stage: Stage, person, verb) -> None:
    """Not even with what the button carries (T42)."""
    asked = card(said(stage, THERE, f"settings link {code_of(stage)}"))
    carried = next(each.value for each in asked.buttons if each.verb == "identity.link")
    with pytest.raises(NotYours):
        stage.press(identifying.PRESSES, person, verb, carried)
    with stage.work() as uow:
        assert uow.people.also(ANA.id) == []
        assert uow.people.get(person.id).same_as is None
