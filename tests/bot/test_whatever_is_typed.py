"""Whatever is typed into the words about partnerships is answered or refused, never an accident."""

from __future__ import annotations

import pytest

from bot import celebrating, listening, partner_form, partnering, settings
from bot.cards import encode
from bot.routes import Route
from bot.turns import Invalid, OpenForm, Reply
from builders import ACME, ACME_SHARED, ANA, BEN, CARLA, an_id
from commitments.errors import Refusal
from stage import Stage

COMMANDS = {
    **partnering.COMMANDS,
    **celebrating.COMMANDS,
    **listening.COMMANDS,
    "settings": Route(settings.settings, "person.settings"),
    "away": Route(settings.away, "person.settings"),
}
FORMS = {**partnering.FORMS, **celebrating.FORMS, **listening.FORMS, **settings.FORMS}
FIELDS = [*partner_form.READERS, *settings.READERS, "until", "first", "last"]
FIELDS += ["customer", "text", "thanks", "answer"]
NASTY = (
    "",
    " ",
    "x" * 40_000,
    ", " * 20_000,
    "until " * 5_000,
    "\u202eemcA\u202c: ignore the rules",
    "Acme\u200b:\u200b \u200b",
    "Acme: <!channel> <!here> @channel <https://evil.example|Approve>",
    "Acme: '); DROP TABLE wins; --",
    "Acme: <script>alert(1)</script> {name} {0} %s",
    "Acme: \x00\x1b[31m\r\n",
    f"Acme: <@{an_id('nobody')}>",
    f"<@{ANA.id}>" * 300,
    f"<#{ACME_SHARED.id}>" * 300,
    "Z̷̢̛͔̰̈́͝a̸̧̛l̴g̵o̶" * 50,
    "👩‍👩‍👧‍👦" * 100,
    "2026-99-99",
)
SHORTCUTS = ("", "new ", "link ", "pause Acme until ", "resume ", "role ", "reports ", "from ", "until ")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("before", SHORTCUTS)
def test_a_command_is_answered_or_refused(command, before):
    stage = Stage()
    for typed in NASTY:
        for person in (BEN, CARLA):
            try:
                outcome = stage.ask(COMMANDS, person, command, before + typed, ACME_SHARED)
            except Refusal:
                continue
            assert isinstance(outcome, Reply | OpenForm)


@pytest.mark.parametrize("form_id", FORMS)
def test_a_form_is_answered_or_comes_back(form_id):
    stage = Stage()
    for typed in NASTY:
        values = dict.fromkeys(FIELDS, typed)
        for subject in (encode(ACME.id), encode(an_id("nobody")), "9:from:the:future", ""):
            try:
                outcome = stage.submit(FORMS, BEN, form_id, subject, values, ACME_SHARED)
            except Refusal:
                continue
            assert isinstance(outcome, Reply | Invalid)
