"""What is sent: an activity that holds a card, and the dialog that holds a form.

A card stands alone: Teams would show the activity's `text` above it and say everything twice. `summary` is
what notifications and the list of chats show, as plain text.
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.teams.cards import adaptive_card, looked_at
from adapters.teams.escape import inert, label
from adapters.teams.forms import dialog_card
from adapters.teams.limits import SUMMARY, TITLE
from adapters.teams.spans import ANYWHERE, Json, Tenant
from bot.cards import Card, Form
from bot.plain import plain_text
from commitments.text import MARK

CARD = "application/vnd.microsoft.card.adaptive"


def activity(card: Card, tenant: Tenant = ANYWHERE, viewers: Sequence[str] = ()) -> Json:
    """For the connector's conversations/{id}/activities, but for whom it is from and to.

    `viewers` are the user ids of those who are offered something else when they look, the first ones first.
    """
    return {
        "type": "message",
        "summary": label(plain_text(card), SUMMARY),
        "attachments": [attachment(looked_at(adaptive_card(card, tenant), viewers))],
    }


def dialog(form: Form, *, token: str, needed: str = "", tenant: Tenant = ANYWHERE) -> Json:
    """Answers task/fetch, and task/submit where there is more to ask; for the rest see `forms`."""
    shown = {
        "title": label(form.title, TITLE),
        "card": attachment(dialog_card(form, token=token, needed=needed, tenant=tenant)),
    }
    return {"task": {"type": "continue", "value": shown}}


def plain_activity(text: str) -> Json:
    """Words without a card; `plain` keeps Teams from reading markup in them."""
    return {"type": "message", "textFormat": "plain", "text": inert(text).strip() or MARK}


def attachment(drawn: Json) -> Json:
    return {"contentType": CARD, "content": drawn}
