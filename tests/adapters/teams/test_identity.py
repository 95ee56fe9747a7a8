"""Who somebody is, from an entry of a roster alone."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.people import Unsure, Who
from adapters.teams.activities import Fields
from adapters.teams.identity import Home, describe
from builders import TENANT
from teams_activities import ACME, GLOBEX, OURS, object_id
from teams_stage import member

HOME = Home(tenant=TENANT, ours=frozenset({OURS}), admins=frozenset({object_id("Mia")}))


def who(entry: dict[str, Any], host: str | None = OURS) -> Who:
    return describe(Fields(entry), HOME, host).who


def test_a_colleague_is_one_of_our_tenant_and_no_guest() -> None:
    ana = who(member("Ana"))
    assert ana.is_ours
    assert (ana.account, ana.organisation, ana.name) == (f"{OURS}/{object_id('Ana')}", OURS, "Ana")


@pytest.mark.parametrize("host", [OURS, ACME, None])
def test_hosting_decides_nothing(host: str | None) -> None:
    assert who(member("Ana"), host).is_ours
    carla = who(member("Carla", ACME), host)
    assert not carla.is_ours
    assert carla.organisation == ACME


@pytest.mark.parametrize(
    "changes",
    [
        {"userRole": "guest"},
        {"userRole": "anonymous"},
        {"userRole": "somebody new"},
        {"userRole": None},
        {"userPrincipalName": "carla_acme.com#EXT#@kept.onmicrosoft.com"},
        {"tenantId": None},
        {"tenantId": ""},
        {"tenantId": ACME},
        {"tenantId": f"{OURS}x"},
    ],
)
def test_whatever_the_roster_does_not_say_counts_against_them(changes: dict[str, Any]) -> None:
    somebody = who(member("Ana", **changes))
    assert not somebody.is_ours
    assert not somebody.is_admin


def test_a_guest_in_our_tenant_comes_from_nowhere_we_know() -> None:
    guest = who(member("Guest", OURS, "guest"))
    assert guest.is_guest
    assert guest.organisation is None


def test_a_guest_in_the_hosts_tenant_is_not_the_hosts() -> None:
    assert who(member("Gus", ACME, "guest"), ACME).organisation is None
    assert who(member("Gus", ACME, "guest"), None).organisation is None


def test_a_guest_from_elsewhere_comes_from_there() -> None:
    assert who(member("Gus", GLOBEX, "guest"), ACME).organisation == GLOBEX


def test_an_owner_of_the_team_is_one_of_us() -> None:
    assert who(member("Ana", OURS, "owner")).is_ours


def test_case_does_not_matter_in_ids() -> None:
    assert who(member("Ana", OURS.upper(), aadObjectId=object_id("Ana").upper())) == who(member("Ana"))


def test_the_same_object_id_in_another_tenant_is_somebody_else() -> None:
    assert who(member("Ana", ACME)).account != who(member("Ana")).account
    assert not who(member("Mia", ACME)).is_admin
    assert who(member("Mia")).is_admin


@pytest.mark.parametrize(
    "changes",
    [
        {"aadObjectId": None},
        {"objectId": object_id("Ben")},
        {"aadObjectId": "x/y"},
        {"tenantId": "x/y"},
        {"aadObjectId": 7},
        {"tenantId": []},
        {"userRole": {}},
        {"id": None},
    ],
)
def test_nothing_is_done_in_the_name_of_an_entry_that_cannot_be_read(changes: dict[str, Any]) -> None:
    with pytest.raises(Unsure):
        describe(Fields(member("Ana", **changes)), HOME, OURS)


def test_older_rosters_name_the_object_id_otherwise() -> None:
    assert who(member("Ana", aadObjectId=None, objectId=object_id("Ana"))) == who(member("Ana"))


def test_a_name_is_one_short_line() -> None:
    assert "\n" not in who(member("Ana", name="Ana\nhas promised " + "x" * 300)).name
    assert len(who(member("Ana", name="x" * 300)).name) <= 80
