"""What the actor sees next: an outcome as a message, in the place of the card they pressed, or as a dialog.

Answers to an invocation are for the one who invoked it alone; nobody else in the conversation sees them:
learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model, "Response format".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from adapters.teams.cards import adaptive_card
from adapters.teams.escape import inert, label
from adapters.teams.forms import form_card
from adapters.teams.limits import TITLE
from adapters.teams.messages import attachment, dialog
from adapters.teams.spans import ANYWHERE, Json, Tenant
from bot.cards import Card, Form, Paragraph
from bot.turns import Invalid, OpenForm, Outcome, Refused, Reply
from commitments.text import MARK

_CARD = "application/vnd.microsoft.card.adaptive"
_MESSAGE = "application/vnd.microsoft.activity.message"
_DIALOGS = (
    "invoke task/fetch",
    "invoke task/submit",
    "invoke composeExtension/fetchTask",
    "invoke composeExtension/submitAction",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An outcome, settled: a form under the token it was kept by, a card, or words alone."""

    form: Form | None = None
    token: str = ""
    card: Card | None = None
    text: str = ""  # nothing at all: the turn had been taken before
    is_refusal: bool = False  # then it may be asked for again at once

    @property
    def is_nothing(self) -> bool:
        return self.form is None and self.card is None and not self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """How it is drawn for one reader."""

    needed: str = ""  # what a client says of a required field left empty
    again: str = ""  # said of what had been done before
    tenant: Tenant = ANYWHERE


def said(outcome: Outcome, token: str = "") -> Said:
    """`token` is of the form, where there is one."""
    match outcome:
        case Reply(card=card):
            return Said(card=card)
        case OpenForm(form=form) | Invalid(form=form):
            return Said(form=form, token=token)
        case Refused(text=text, card=None):
            return Said(text=text, is_refusal=True)
        case Refused(text=text, card=Card() as card):
            told = replace(card, blocks=(Paragraph((text,)), *card.blocks))
            return Said(card=told, is_refusal=True)
        case _:
            return Said()


def in_place(answer: Said, drawing: Drawing) -> Json:
    """Answers adaptiveCard/action."""
    if answer.form is not None:
        drawn = form_card(answer.form, token=answer.token, needed=drawing.needed, tenant=drawing.tenant)
        return _invoked(_CARD, drawn)
    if answer.card is not None:
        return _invoked(_CARD, adaptive_card(answer.card, drawing.tenant))
    return _invoked(_MESSAGE, _words(answer, drawing))


def in_dialog(answer: Said, drawing: Drawing) -> Json:
    """Answers task/fetch, task/submit and their namesakes of message extensions."""
    if answer.form is not None:
        return dialog(answer.form, token=answer.token, needed=drawing.needed, tenant=drawing.tenant)
    if answer.card is None:
        return {"task": {"type": "message", "value": _words(answer, drawing)}}
    drawn = submitting(adaptive_card(answer.card, drawing.tenant))
    shown = {"title": label(answer.card.title, TITLE), "card": attachment(drawn)}
    return {"task": {"type": "continue", "value": shown}}


def refused(kind: str, text: str) -> Json | None:
    """To one person alone, in whatever way an invocation of that kind is answered; None: with nothing."""
    answer = Said(text=text)
    if kind == "invoke adaptiveCard/action":
        return in_place(answer, Drawing())
    if kind == "invoke composeExtension/query":
        return nothing_listed(text)
    return in_dialog(answer, Drawing()) if kind in _DIALOGS else None


def nothing_listed(text: str) -> Json:
    """Answers a search."""
    return {"composeExtension": {"type": "message", "text": inert(text)}}


def unchanged() -> Json:
    """A client asked by itself, and goes on showing what it shows: what everybody sees."""
    return _invoked(_MESSAGE, "")


def submitting(drawn: Any) -> Any:
    """Dialogs take submissions only, which every button of ours falls back to."""
    if isinstance(drawn, list):
        return [submitting(each) for each in drawn]
    if not isinstance(drawn, Mapping):
        return drawn
    if drawn.get("type") == "Action.Execute":
        return drawn["fallback"]
    return {name: submitting(each) for name, each in drawn.items()}


def _words(answer: Said, drawing: Drawing) -> str:
    return inert(answer.text or drawing.again).strip() or MARK


def _invoked(kind: str, value: Any) -> Json:
    return {"statusCode": 200, "type": kind, "value": value}
