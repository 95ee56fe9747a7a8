"""Whatever is sent: signed and sound, or refused with a plain status, and never an error of ours."""

from __future__ import annotations

import copy
import json
import os
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from adapters.raw_request import DEEPEST, LARGEST, RawRequest, Rejected
from adapters.redaction import Secret
from adapters.slack import shapes
from adapters.slack.events import (
    AppUninstalled,
    Event,
    Gone,
    Said,
    TokensRevoked,
    UrlVerification,
    without_words,
)
from adapters.slack.gate import Accepted, Probe, check
from adapters.slack.shapes import (
    BlockActions,
    Command,
    MessageAction,
    Shape,
    Shortcut,
    Unknown,
    ViewClosed,
    ViewSubmission,
    replay_key,
)
from slack_requests import FORM, JSON, NOW, SIGNING_SECRET, a_command, an_event, an_interaction, signed

SEED = 20261116
MANY = 100_000 if os.environ.get("KEPT_SOAK") else 10_000
OLD_SECRET = Secret("0123456789abcdef0123456789abcdef")
COMMAND = {
    "command": "/promise",
    "text": "Acme: send the SOC 2 report by Friday 5pm",
    "team_id": "T1",
    "user_id": "U1",
    "channel_id": "C1",
    "trigger_id": "1.2.abc",
    "response_url": "https://hooks.slack.com/commands/T1/1/abc",
}
EVENT = {
    "type": "event_callback",
    "event_id": "Ev1",
    "event_time": 1_763_283_600,
    "team_id": "T1",
    "api_app_id": "A1",
    "event": {"type": "app_mention", "user": "U1", "channel": "C1", "ts": "1.000001", "text": "<@U0> hello"},
}


def passed(request: RawRequest, *secrets: Secret) -> Accepted | Rejected | Probe:
    return check(request, secrets=secrets or (SIGNING_SECRET,), now=NOW)


def status(request: RawRequest) -> int:
    outcome = passed(request)
    return outcome.status if isinstance(outcome, Rejected) else 200


def read(request: RawRequest) -> Shape:
    outcome = passed(request)
    assert isinstance(outcome, Accepted), outcome
    return shapes.read(outcome)


def test_slacks_own_example_of_a_signature_is_understood():
    """docs.slack.dev/authentication/verifying-requests-from-slack"""
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F"
        b"96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    headers = (
        ("Content-Type", FORM),
        ("X-Slack-Request-Timestamp", "1531420618"),
        ("X-Slack-Signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"),
    )
    then = NOW.fromtimestamp(1531420618, NOW.tzinfo)
    outcome = check(
        RawRequest(method="POST", headers=headers, body=body), secrets=(SIGNING_SECRET,), now=then
    )
    assert isinstance(outcome, Accepted)
    assert outcome.content["user_name"] == "roadrunner"


# T01: forged


def flip(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(7)]) + data[at + 1 :]


def altered_body(request: RawRequest, chance: random.Random) -> RawRequest:
    return replace(request, body=flip(request.body, chance))


def altered_header(name: str) -> Callable[[RawRequest, random.Random], RawRequest]:
    def alter(request: RawRequest, chance: random.Random) -> RawRequest:
        headers = [
            (each, flip(value.encode(), chance).decode("latin-1") if each == name else value)
            for each, value in request.headers
        ]
        return replace(request, headers=headers)

    return alter


def swapped_headers(request: RawRequest, _: random.Random) -> RawRequest:
    media, stamp, signature = request.headers
    return replace(request, headers=[media, (stamp[0], signature[1]), (signature[0], stamp[1])])


def doubled_header(request: RawRequest, chance: random.Random) -> RawRequest:
    return replace(request, headers=[*request.headers, chance.choice(request.headers[1:])])


def lost_header(request: RawRequest, chance: random.Random) -> RawRequest:
    lost = chance.choice(request.headers[1:])
    return replace(request, headers=[each for each in request.headers if each != lost])


def of_another_body(request: RawRequest, chance: random.Random) -> RawRequest:
    return replace(request, body=request.body + bytes([chance.randrange(1, 256)]))


FORGERIES = (
    altered_body,
    altered_header("X-Slack-Request-Timestamp"),
    altered_header("X-Slack-Signature"),
    swapped_headers,
    doubled_header,
    lost_header,
    of_another_body,
)


def test_thousands_of_forged_requests_are_refused():
    chance = random.Random(SEED)
    genuine = (an_event(EVENT), a_command(COMMAND), an_interaction(EVENT))
    forged = (chance.choice(FORGERIES)(chance.choice(genuine), chance) for _ in range(MANY))
    assert [status(each) for each in forged] == [401] * MANY


def test_without_a_secret_nothing_is_genuine():
    outcome = check(an_event(EVENT), secrets=(), now=NOW)
    assert outcome == Rejected(status=401, reason="signature")


# T03: age


@pytest.mark.parametrize(
    ("seconds", "answer"), [(-301, 401), (-300, 200), (-299, 200), (299, 200), (300, 200), (301, 401)]
)
def test_requests_are_taken_within_five_minutes_both_ways(seconds, answer):
    assert status(an_event(EVENT, seconds=seconds)) == answer


@pytest.mark.parametrize(
    "stamp", ["abc", "1.5", "9" * 5000, "", " 1763283600", "-1763283600", "+1763283600", "1e9", "१२३", "0x10"]
)
def test_an_odd_timestamp_is_refused(stamp):
    request = an_event(EVENT)
    headers = [(n, stamp if n == "X-Slack-Request-Timestamp" else v) for n, v in request.headers]
    assert status(replace(request, headers=headers)) == 401


@pytest.mark.parametrize(
    "signature", ["", "v0=", "v1=" + "0" * 64, "v0=" + "é" * 64, "v0=" + "0" * 65, "0" * 64]
)
def test_an_odd_signature_is_refused(signature):
    request = an_event(EVENT)
    headers = [(n, signature if n == "X-Slack-Signature" else v) for n, v in request.headers]
    assert status(replace(request, headers=headers)) == 401


def test_during_a_rotation_both_secrets_are_taken_and_afterwards_one():
    request = an_event(EVENT, secret=OLD_SECRET)
    assert isinstance(passed(request, SIGNING_SECRET, OLD_SECRET), Accepted)
    assert isinstance(passed(request, OLD_SECRET, SIGNING_SECRET), Accepted)
    assert passed(request, SIGNING_SECRET) == Rejected(status=401, reason="signature")


# T04: odd, and in bounds


def nested(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "json"),
        (b"{", "json"),
        (b"\xff\xfe{}", "json"),
        (b'{"a": NaN}', "json"),
        (b'{"a": -Infinity}', "json"),
        (b'{"a": ' + b"9" * 5000 + b"}", "json"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": {"b": 1, "\\u0062": 2}}', "twice"),
        (nested(DEEPEST + 1), "depth"),
        (nested(100_000), "json"),
        (b'{"a":' * 500 + b"1" + b"}" * 500, "depth"),
    ],
)
def test_what_is_signed_and_not_sound_is_a_bad_request(body, reason):
    assert passed(signed(body)) == Rejected(status=400, reason=reason, is_signed=True)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"command=/promise&command=/win", "twice"),
        (b"payload={}&payload=[]", "twice"),
        (b"payload={", "json"),
        (b'payload={"a":1,"a":2}', "twice"),
        (b"text=\xff", "form"),
        (b"text=%FF", "form"),
        (b"&".join(b"a%d=1" % n for n in range(101)), "form"),
    ],
)
def test_an_odd_form_is_a_bad_request(body, reason):
    assert passed(signed(body, media_type=FORM)) == Rejected(status=400, reason=reason, is_signed=True)


def test_sixty_four_levels_are_read():
    assert isinstance(passed(signed(nested(DEEPEST))), Accepted)


@pytest.mark.parametrize(
    "media_type", ["text/plain", "", "multipart/form-data; boundary=x", "application/jsonx"]
)
def test_another_media_type_is_a_bad_request(media_type):
    assert passed(an_event(EVENT, media_type=media_type)) == Rejected(
        status=400, reason="media_type", is_signed=True
    )


def test_a_charset_beside_the_media_type_is_fine():
    assert isinstance(read(an_event(EVENT, media_type="Application/JSON; charset=utf-8")), Event)


def test_a_mebibyte_is_the_most():
    assert status(signed(b" " * (LARGEST - 2) + b"{}")) == 200
    assert status(signed(b" " * (LARGEST - 1) + b"{}")) == 413


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "post", ""])
def test_only_post_is_taken(method):
    assert status(replace(an_event(EVENT), method=method)) == 405


@pytest.mark.parametrize("escape", ["\\u0000", "\\ud800", "\\uDFFF x"])
def test_characters_no_database_takes_are_mended(escape):
    content = json.dumps(EVENT).replace("hello", escape).encode()
    shape = read(signed(content))
    assert isinstance(shape, Event)
    assert isinstance(shape.happening, Said)
    assert "\ufffd" in shape.happening.text
    assert shape.happening.text.encode()


def test_an_emoji_in_two_halves_stays_an_emoji():
    content = json.dumps({**EVENT, "event": {**EVENT["event"], "text": "🎉"}}).encode()
    assert b"\\ud83c\\udf89" in content
    assert read(signed(content)).happening.text == "🎉"


def test_nul_in_a_command_is_mended():
    shape = read(a_command({**COMMAND, "text": "a\0b"}))
    assert isinstance(shape, Command)
    assert shape.text == "a\ufffdb"


# P07: the certificate probe


@pytest.mark.parametrize("beside", [b"", b"command=/promise&", b"payload={&", b"token=x&token=y&"])
def test_a_certificate_probe_needs_no_signature_and_does_nothing(beside):
    request = RawRequest(method="POST", headers=[("content-type", FORM)], body=beside + b"ssl_check=1")
    assert passed(request) == Probe()


@pytest.mark.parametrize(
    "body", [b"ssl_check=0", b"xssl_check=1", b"ssl_check=11", b"text=ssl_check%3D1", b""]
)
def test_nothing_else_passes_for_a_probe(body):
    assert status(RawRequest(method="POST", headers=[("content-type", FORM)], body=body)) == 401


def test_a_probe_is_a_form():
    request = RawRequest(method="POST", headers=[("content-type", JSON)], body=b"ssl_check=1")
    assert status(request) == 401


# Shapes


def test_a_command_is_read():
    shape = read(a_command(COMMAND))
    assert isinstance(shape, Command)
    assert (shape.name, shape.text, shape.channel_id) == ("/promise", COMMAND["text"], "C1")
    assert (shape.origin.tenant, shape.actor.user_id) == ("T1", "U1")
    assert shape.response_url == COMMAND["response_url"]


def test_a_command_of_an_organisation_belongs_to_the_organisation():
    shape = read(a_command({**COMMAND, "enterprise_id": "E1", "is_enterprise_install": "true"}))
    assert isinstance(shape, Command)
    assert (shape.origin.tenant, shape.origin.team_id) == ("E1", "T1")


def test_a_command_that_is_not_ours_is_unknown():
    assert read(a_command({**COMMAND, "command": "/hello-world"})) == Unknown(
        kind="command", reason="command", tenant="T1"
    )


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ({"event": None}, "event"),
        ({"event": []}, "event"),
        ({"event": {"type": 5}}, "event.type"),
        ({"authorizations": "T1"}, "authorizations"),
        ({"authorizations": [None]}, "authorizations"),
        ({"event_id": None}, "event_id"),
        ({"event_id": "E" * 65}, "event_id"),
        ({"event_time": "soon"}, "event_time"),
        ({"event_time": 10**400}, "event_time"),
        ({"event_time": True}, "event_time"),
        ({"team_id": None}, "team_id"),
        ({"event": {**EVENT["event"], "channel": 5}}, "event.channel"),
        ({"event": {**EVENT["event"], "ts": "now"}}, "event.ts"),
    ],
)
def test_p06_an_odd_event_is_unknown_and_says_where(part, reason):
    shape = read(an_event({**EVENT, **part}))
    assert isinstance(shape, Unknown)
    assert shape.reason == reason


@pytest.mark.parametrize("content", [[], None, 5, "text", {}, {"type": None}, {"type": "newer"}])
def test_p05_whatever_is_no_payload_is_unknown(content):
    assert isinstance(read(an_event(content)), Unknown)
    assert isinstance(read(an_interaction(content)), Unknown)


def test_what_comes_by_the_wrong_way_is_unknown():
    assert isinstance(read(an_interaction(EVENT)), Unknown)
    assert isinstance(read(an_event({"type": "shortcut", **COMMAND})), Unknown)


def test_in_a_shared_channel_the_tenant_is_who_installed_us():
    event = {**EVENT, "team_id": "T_SOURCE", "authorizations": [{"team_id": "T_US", "enterprise_id": None}]}
    assert read(an_event(event)).origin.tenant == "T_US"


def test_the_same_event_has_one_key_and_different_requests_have_their_own():
    first, again = an_event(EVENT), an_event(EVENT, seconds=60)
    keys = {replay_key(shapes.read(each), each) for each in map(passed, (first, again))}
    assert keys == {"event:Ev1"}


def test_a_replayed_command_has_the_key_of_the_first():
    sent = passed(a_command(COMMAND))
    assert replay_key(shapes.read(sent), sent) == "trigger:1.2.abc"


def test_without_an_id_of_its_own_a_request_is_known_by_its_signature():
    nameless = {name: value for name, value in COMMAND.items() if name != "trigger_id"}
    sent, replayed, later = map(
        passed, (a_command(nameless), a_command(nameless), a_command(nameless, seconds=1))
    )
    keys = [replay_key(shapes.read(each), each) for each in (sent, replayed, later)]
    assert keys[0] == keys[1] != keys[2]
    assert keys[0].startswith("request:")


# T13: where answers go


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.slack.com/commands/T1/1/a",
        "https://hooks.slack.com.evil.example/commands/T1/1/a",
        "https://hooks.slack.com@evil.example/commands/T1/1/a",
        "https://evil.example/hooks.slack.com/commands/T1/1/a",
        "https://evil.example#https://hooks.slack.com/commands/T1/1/a",
        "https://hooks.slack.com:8443/commands/T1/1/a",
        "https://hooks.slack.com:443/commands/T1/1/a",
        "https://user:pass@hooks.slack.com/commands/T1/1/a",
        "https://hooks.slack.com\\@evil.example/commands/T1/1/a",
        "https://hooks.slack.com/../commands/T1/1/a",
        "https://hooks.slack.com/commands/../../a",
        "https://hooks.slack.com/commands/T1/1/a?to=evil",
        "https://hooks.slack.com/commands/T1/1/a#x",
        "https://hooks.slack.com//evil.example/a",
        "https://hooks.slack.com/commands/T1/1/%2e%2e",
        "https://hooks.slack.com/commands/T1/1/a\r\nHost: evil.example",
        "https://hooks.slack.com/commands/T1/1/a ",
        " https://hooks.slack.com/commands/T1/1/a",
        "https://HOOKS.SLACK.COM.evil.example/commands/T1",
        "https://hooks.slack.co/commands/T1/1/a",
        "https://hооks.slack.com/commands/T1/1/a",
        "https://127.0.0.1/commands/T1/1/a",
        "https://[::1]/commands/T1/1/a",
        "https://169.254.169.254/commands/T1/1/a",
        "//hooks.slack.com/commands/T1/1/a",
        "file:///commands/T1/1/a",
        "gopher://hooks.slack.com/commands/T1/1/a",
        "javascript:alert(1)//https://hooks.slack.com/commands/T1",
        "https://slack.com/api/chat.postMessage",
        "https://hooks.slack.com/",
        "https://hooks.slack.com/commands",
        "",
    ],
)
def test_an_answer_goes_to_slack_or_nowhere(url):
    shape = read(a_command({**COMMAND, "response_url": url}))
    assert isinstance(shape, Command)
    assert shape.response_url is None


# Recorded payloads


RECORDED = {
    "block_actions_modal_or_message": BlockActions,
    "block_suggestion": Unknown,
    "connect_event_app_mention": Said,
    "connect_event_app_mention_2": Said,
    "connect_event_message": Said,
    "connect_event_message_2": Said,
    "event_app_mention": Said,
    "event_app_uninstalled": AppUninstalled,
    "event_message": Said,
    "event_message_bot_message": Said,
    "event_message_message_changed": Gone,
    "event_message_message_deleted": Gone,
    "event_shared_channel_mention": Said,
    "event_tokens_revoked": TokensRevoked,
    "shortcut_global": Shortcut,
    "shortcut_message": MessageAction,
    "slash_command": Unknown,  # of another app
    "url_verification": UrlVerification,
    "view_closed": ViewClosed,
    "view_submission": ViewSubmission,
    "view_submission_connect_channel": ViewSubmission,
}
NOT_SENT_TO_US = ("view_modal", "view_home", "web_response", "socket_mode")


def recorded(shared: Path) -> dict[str, RawRequest]:
    found = {}
    for path in sorted((shared / "vectors" / "slack").glob("*.json")):
        if path.stem.startswith(NOT_SENT_TO_US):
            continue
        content = json.loads(path.read_text())
        is_event = path.stem.startswith(("event_", "connect_", "url_"))
        if "__form__" in content:
            found[path.stem] = a_command(content["__form__"])
        else:
            found[path.stem] = (an_event if is_event else an_interaction)(content)
    return found


def test_recorded_payloads_are_read_for_what_they_are(shared):
    requests = recorded(shared)
    assert len(requests) >= 30
    read_as = {name: read(requests[name]) for name in RECORDED}
    kinds = {n: type(s.happening) if isinstance(s, Event) else type(s) for n, s in read_as.items()}
    assert kinds == RECORDED


@pytest.mark.parametrize("name", ["changed", "deleted"])
def test_a_message_that_is_gone_may_be_stored_without_its_words(shared, name):
    event = read(recorded(shared)[f"event_message_message_{name}"])
    body = json.loads((shared / "vectors" / "slack" / f"event_message_message_{name}.json").read_text())
    kept = without_words(body, event.happening)
    assert read(an_event(kept)) == event
    assert not any(words in json.dumps(kept) for words in ("original", "updated", "Delete this"))


def test_recorded_shared_channels_name_the_installation_that_heard_them(shared):
    requests = recorded(shared)
    tenants = {
        name: read(requests[name]).origin.tenant for name in requests if name.startswith("connect_event")
    }
    assert set(tenants.values()) == {"T_INSTALLED"}
    dialog = read(requests["view_submission_connect_channel"])
    assert isinstance(dialog, ViewSubmission)
    assert (dialog.origin.tenant, dialog.origin.enterprise_id) == ("T-installed-workspace", None)
    assert dialog.actor.team_id == "T-other-side"
    assert dialog.view.values == {"zniAM": {"qEJr": {"type": "plain_text_input", "value": "Hi there!"}}}


# G07, G08: fuzz


def test_thousands_of_unsigned_pieces_of_junk_are_refused():
    chance = random.Random(SEED)
    pieces = (
        b"{",
        b"[",
        b'"',
        b"payload=",
        b"&",
        b"\x00",
        b"\xff",
        b"ssl_check",
        b":",
        b"a" * 999,
        b"\\u0000",
    )
    names = ("X-Slack-Signature", "X-Slack-Request-Timestamp", "Content-Type", "X-Forwarded-For", "")
    values = ("", "v0=", "v0=" + "f" * 64, str(int(NOW.timestamp())), JSON, FORM, "é", "\0", "9" * 5000)
    answers = set()
    for _ in range(MANY):
        body = b"".join(chance.choices(pieces, k=chance.randrange(12)))
        headers = [(chance.choice(names), chance.choice(values)) for _ in range(chance.randrange(6))]
        answers.add(status(RawRequest(method="POST", headers=headers, body=body)))
    assert answers == {401}


ODD: tuple[Any, ...] = (
    *(
        None,
        True,
        0,
        -1,
        1.5,
        10**30,
        "",
        "x",
        "x" * 5000,
        "\0",
        "\ud800",
        "\u202e<!channel>",
        [],
        {},
        [None],
    ),
    *([{}], {"id": None}, {"id": "U1"}, [[["x"]]], {"": ""}),
)


def mutated(content: Any, chance: random.Random) -> Any:
    """A copy with up to four places changed, removed or repeated."""
    root = [copy.deepcopy(content)]
    for _ in range(chance.randint(1, 4)):
        holder: Any = root
        key: Any = 0
        while isinstance(holder[key], (dict, list)) and holder[key] and chance.random() < 0.8:
            holder = holder[key]
            key = chance.choice(list(holder)) if isinstance(holder, dict) else chance.randrange(len(holder))
        match chance.randrange(3):
            case 0 if holder is not root:
                holder.pop(key)
            case 1 if isinstance(holder, list):
                holder.append(holder[key])
            case _:
                holder[key] = copy.deepcopy(chance.choice(ODD))
    return root[0]


def texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for each in pair for text in texts(each)]
    return [text for each in value for text in texts(each)] if isinstance(value, (list, tuple)) else []


def test_thousands_of_signed_mutated_payloads_are_read_or_set_aside(shared):
    chance = random.Random(SEED)
    sources = [(each.content, each.way) for each in map(passed, recorded(shared).values())]
    kinds: dict[str, int] = {}
    for _ in range(MANY):
        content, way = chance.choice(sources)
        send = an_event if way == "event" else an_interaction
        outcome = passed(send(mutated(content, chance)))
        assert isinstance(outcome, Accepted)
        assert all("\0" not in text and text.encode() is not None for text in texts(outcome.content))
        shape = shapes.read(outcome)
        assert len(replay_key(shape, outcome)) <= 220
        kinds[type(shape).__name__] = kinds.get(type(shape).__name__, 0) + 1
    assert kinds["Unknown"] > 1000
    assert kinds["Event"] > 1000
    assert {"BlockActions", "ViewSubmission", "MessageAction", "Shortcut", "ViewClosed"} <= kinds.keys()


def test_two_thousand_signed_bodies_with_bytes_changed_are_read_or_refused():
    chance = random.Random(SEED)
    bodies = (json.dumps(EVENT).encode(), urlencode(COMMAND).encode())
    answers = set()
    for _ in range(2000):
        body = chance.choice(bodies)
        for _ in range(chance.randint(1, 5)):
            body = flip(body, chance)
        request = signed(body, media_type=chance.choice((JSON, FORM)))
        outcome = passed(request)
        answers.add(outcome.status if isinstance(outcome, Rejected) else type(shapes.read(outcome)).__name__)
    assert answers <= {400, "Event", "Command", "Unknown"}


def test_the_gate_does_not_look_at_the_clock_itself():
    later = NOW + timedelta(days=400)
    assert isinstance(check(an_event(EVENT, at=later), secrets=(SIGNING_SECRET,), now=later), Accepted)
