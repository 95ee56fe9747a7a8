"""What the actor sees next: an outcome as a message for them alone, or as a dialog."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from adapters.slack.blocks import card_blocks, message, plain, plain_section
from adapters.slack.limits import MESSAGE_BLOCKS, MESSAGE_TEXT, SECTION, VIEW_BLOCKS
from adapters.slack.modals import modal
from adapters.slack.mrkdwn import label, notification
from adapters.slack.rich_text import Workspace
from adapters.slack.turns import token
from bot.cards import Card
from bot.turns import Invalid, OpenForm, Outcome, Refused, Reply

Json = dict[str, Any]
TITLE = "Kept"
# Never in_channel: what is answered to one person is for that person (L12).
_ALONE: Json = {"response_type": "ephemeral", "replace_original": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An answer as a message or as a dialog, whichever fits where it was asked; a form is always a dialog."""

    message: Json | None = None
    view: Json | None = None
    opened: OpenForm | Invalid | None = None  # what the view shows, where that is a form

    @property
    def is_nothing(self) -> bool:
        return self.view is None and self.message is None


NOTHING = Shown()


def shown(outcome: Outcome, place_id: str | None, workspace: Workspace, *, in_dialog: bool = False) -> Shown:
    match outcome:
        case Reply(card=card) if in_dialog:
            return Shown(view=_card_view(card, place_id, workspace))
        case Reply(card=card):
            return Shown(message=_ALONE | message(card, workspace))
        case OpenForm(form=form) | Invalid(form=form):
            view = modal(form, token=token(place_id, form.subject), workspace=workspace)
            return Shown(view=view, opened=outcome)
        case Refused(text=text, card=card):
            return refused(text, card, place_id, workspace, in_dialog=in_dialog)
        case _:
            return NOTHING


def refused(
    text: str, card: Card | None, place_id: str | None, workspace: Workspace, *, in_dialog: bool = False
) -> Shown:
    """In words, and how things are now where there is a card of it."""
    words = [plain_section(label(text, SECTION))]
    below = message(card, workspace)["blocks"] if card else []
    if in_dialog:
        return Shown(view=_view([*words, *below], place_id))
    said = {**_ALONE, "text": notification(text, MESSAGE_TEXT), "mrkdwn": False, "parse": "none"}
    body = said | {"link_names": False, "unfurl_links": False, "unfurl_media": False}
    return Shown(message=body | {"blocks": [*words, *below[: MESSAGE_BLOCKS - len(words)]]})


def _card_view(card: Card, place_id: str | None, workspace: Workspace) -> Json:
    blocks = list(card_blocks(card, workspace))
    return _view(blocks if len(blocks) <= VIEW_BLOCKS else message(card, workspace)["blocks"], place_id)


def _view(blocks: list[Json], place_id: str | None) -> Json:
    return {
        "type": "modal",
        "title": plain(TITLE),
        "private_metadata": token(place_id, ""),
        "blocks": blocks,
    }
