from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.teams.hosts import Hosts, NotListed
from adapters.teams.references import Reference, References
from adapters.teams.whereabouts import Kind
from builders import MONDAY, TENANT, TUESDAY

URL = "https://smba.trafficmanager.net/emea/"
CHANNEL = Reference(
    tenant=TENANT,
    conversation_id="19:acme@thread.tacv2",
    kind=Kind.CHANNEL,
    host="host",
    service_url=URL,
    bot_id="28:kept",
    team_id="19:team@thread.tacv2",
)
CHAT = Reference(
    tenant=TENANT,
    conversation_id="a:ana",
    kind=Kind.PERSONAL,
    host="ours",
    service_url=URL,
    bot_id="28:kept",
    account="ours/ana",
    user_id="29:ana",
)


@pytest.fixture
def references(engine) -> References:
    return References(engine, Hosts())


def test_what_was_kept_is_found_again(references: References) -> None:
    for each in (CHANNEL, CHAT):
        assert references.keep(each, MONDAY) == each
        assert references.find(TENANT, each.conversation_id) == each
    assert references.of_account(TENANT, "ours/ana") == CHAT
    assert references.in_team(TENANT, "19:team@thread.tacv2") == [CHANNEL]


def test_a_conversation_moves_with_its_service_url(references: References) -> None:
    references.keep(CHANNEL, MONDAY)
    moved = replace(CHANNEL, service_url="https://smba.trafficmanager.net/amer/")
    references.keep(moved, TUESDAY)
    assert references.find(TENANT, CHANNEL.conversation_id) == moved


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "http://127.0.0.1:8080/", "", "smba.trafficmanager.net"]
)
def test_no_address_is_stored_that_is_not_listed(references: References, url: str) -> None:
    with pytest.raises(NotListed):
        references.keep(replace(CHANNEL, service_url=url), MONDAY)
    assert references.find(TENANT, CHANNEL.conversation_id) is None


def test_a_channel_once_shared_stays_so(references: References) -> None:
    references.keep(replace(CHANNEL, is_shared=True), MONDAY)
    assert references.keep(CHANNEL, TUESDAY).is_shared
    assert references.find(TENANT, CHANNEL.conversation_id) == replace(CHANNEL, is_shared=True)


def test_the_newest_personal_chat_counts(references: References) -> None:
    newer = replace(CHAT, conversation_id="a:ana-again")
    references.keep(newer, MONDAY + timedelta(hours=1))
    references.keep(CHAT, MONDAY)
    assert references.of_account(TENANT, "ours/ana") == newer


def test_another_tenant_finds_nothing(references: References) -> None:
    references.keep(CHAT, MONDAY)
    assert references.find("T2", CHAT.conversation_id) is None
    assert references.of_account("T2", "ours/ana") is None


def test_a_conversation_is_forgotten_alone_and_a_team_with_its_channels(references: References) -> None:
    other = replace(CHANNEL, conversation_id="19:globex@thread.tacv2")
    for each in (CHANNEL, other, CHAT):
        references.keep(each, MONDAY)
    references.forget(TENANT, other.conversation_id)
    assert references.find(TENANT, other.conversation_id) is None
    references.forget_team(TENANT, "19:team@thread.tacv2")
    assert references.find(TENANT, CHANNEL.conversation_id) is None
    assert references.of_account(TENANT, "ours/ana") == CHAT
