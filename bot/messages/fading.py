"""A word to the lead about a partnership that may be fading, with the reasons."""

from __future__ import annotations

from collections.abc import Mapping

from bot.cards import Bullets, Card, Paragraph, Tone
from bot.composing import Composer, Draft
from bot.fading import signs_of


def compose(draft: Draft) -> Card | None:
    """Nothing when somebody has broken the silence since."""
    partnership = draft.uow.partnerships.get(draft.subject_id)
    if draft.person is None or partnership is None or partnership.is_paused(draft.now):
        return None
    found = signs_of(draft.uow, partnership, draft.now)
    if not found:
        return None
    say = draft.say
    reasons = tuple((say(f"digest.manager.sign.{each.sign.value}", n=each.count),) for each in found)
    return Card(
        title=say("digest.fading.title", partnership=partnership.name),
        blocks=(Bullets(reasons), Paragraph(say.text("digest.fading.next", partnership=partnership.name))),
        tone=Tone.ATTENTION,
    )


COMPOSERS: Mapping[str, Composer] = {"fading": compose}
