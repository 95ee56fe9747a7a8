"""A stolen database tells no token, and a ciphertext opens in its own place alone."""

from __future__ import annotations

import base64
import os
import random

import pytest

from adapters.redaction import Secret
from adapters.slack.crypto import Cell, Keyring, Unsealable

CELL = Cell(tenant="T1", column="slack_installations.token", row="a1")
TOKEN = "xoxb-canary-1234567890"


def a_key(seed: int = 1) -> Secret:
    return Secret(base64.urlsafe_b64encode(random.Random(seed).randbytes(32)).decode())


def test_what_is_sealed_opens_again():
    ring = Keyring([a_key()])
    assert ring.open(ring.seal(TOKEN, CELL), CELL).reveal() == TOKEN


def test_a_ciphertext_tells_neither_the_token_nor_whether_two_are_the_same():
    ring = Keyring([a_key()])
    one, other = ring.seal(TOKEN, CELL), ring.seal(TOKEN, CELL)
    assert one != other
    assert b"canary" not in base64.urlsafe_b64decode(one.rpartition(".")[2])


@pytest.mark.parametrize(
    "elsewhere",
    [
        Cell(tenant="T2", column=CELL.column, row=CELL.row),
        Cell(tenant=CELL.tenant, column="slack_installations.refresh_token", row=CELL.row),
        Cell(tenant=CELL.tenant, column=CELL.column, row="a2"),
        Cell(tenant="T1slack", column="_installations.token", row=CELL.row),
    ],
)
def test_a_token_pasted_elsewhere_does_not_open(elsewhere):
    ring = Keyring([a_key()])
    with pytest.raises(Unsealable, match="another place"):
        ring.open(ring.seal(TOKEN, CELL), elsewhere)


def test_one_changed_bit_is_noticed():
    ring = Keyring([a_key()])
    sealed = ring.seal(TOKEN, CELL)
    prefix, raw = ring.prefix, base64.urlsafe_b64decode(sealed.removeprefix(ring.prefix))
    for at in range(len(raw)):
        changed = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        with pytest.raises(Unsealable):
            ring.open(prefix + base64.urlsafe_b64encode(changed).decode(), CELL)


@pytest.mark.parametrize("junk", ["", "k1", "k1..", "k1.000000000000.AAAA", "k2.x.y", "xoxb-plain", "k1.é.é"])
def test_what_is_no_ciphertext_does_not_open(junk):
    with pytest.raises(Unsealable):
        Keyring([a_key()]).open(junk, CELL)


@pytest.mark.parametrize("rest", ["", "AAAA", "!", "A" * 15, "é"])
def test_a_ciphertext_cut_short_does_not_open(rest):
    ring = Keyring([a_key()])
    with pytest.raises(Unsealable):
        ring.open(ring.prefix + rest, CELL)


def test_the_first_key_seals_and_every_key_opens():
    old, new = a_key(1), a_key(2)
    sealed_before = Keyring([old]).seal(TOKEN, CELL)
    both = Keyring([new, old])
    assert both.open(sealed_before, CELL).reveal() == TOKEN
    assert not sealed_before.startswith(both.prefix)
    sealed_after = both.seal(TOKEN, CELL)
    assert sealed_after.startswith(both.prefix)
    assert Keyring([new]).open(sealed_after, CELL).reveal() == TOKEN
    with pytest.raises(Unsealable, match="not in KEPT_SECRET_KEY"):
        Keyring([old]).open(sealed_after, CELL)


def test_the_same_key_given_twice_is_one_key():
    ring = Keyring([a_key(), a_key()])
    assert ring.open(ring.seal(TOKEN, CELL), CELL).reveal() == TOKEN


def test_without_a_key_nothing_is_sealed():
    with pytest.raises(ValueError, match="no key"):
        Keyring([])


def test_the_key_is_nowhere_in_what_it_seals():
    key = os.urandom(32)
    ring = Keyring([Secret(base64.urlsafe_b64encode(key).decode())])
    sealed = ring.seal(TOKEN, CELL)
    assert key.hex()[:12] not in sealed
    assert base64.urlsafe_b64encode(key).decode()[:12] not in sealed
