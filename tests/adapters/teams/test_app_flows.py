"""Every flow from a signed activity to what Teams takes: capture, show, renegotiate, answer, celebrate."""

from __future__ import annotations

from commitments.promise import State
from teams_tenant import (
    ANA,
    SUBJECT,
    Kept,
    verbs,
    words,
)

BY_FRIDAY = f"promise Acme: {SUBJECT} by 2026-11-27"


def the_promise(app: Kept):
    [promise] = app.read(lambda uow: uow.promises.numbered(1))
    return promise


async def test_words_in_private_are_answered_with_the_promise_itself(app):
    made = await app.say(ANA, BY_FRIDAY)
    assert SUBJECT in words(made)
    assert "promise.share" in verbs(made)
    assert the_promise(app).state is State.OPEN
