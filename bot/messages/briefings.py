"""How partnerships are doing, in words: the managers' digest, and a word to a lead when one may be fading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.briefing import KIND, Briefing, PartnershipBrief, SideBrief, brief
from bot.cards import Block, Bullets, Card, Paragraph, Strong, Text, Tone
from bot.composing import Composer, Draft
from bot.fading import signs_of
from bot.readers import Reader
from bot.views import CustomerView
from commitments.conversations import Conversation, Topic
from commitments.fading import Fading
from commitments.measures import Fate, Measures, Share
from commitments.partnership import Voice
from commitments.promise import Side

PARTNERSHIPS_AT_MOST = 12  # ours: a platform's longest message is not far beyond
LINES_AT_MOST = 5
BLOCKS = "▁▂▃▄▅▆▇█"


def compose(draft: Draft) -> Card | None:
    digest = draft.uow.digests.get(draft.subject_id)
    person = draft.person
    if digest is None or digest.kind != KIND or person is None or digest.subject_id != person.id:
        return None
    found = brief(draft.ports, draft.uow, person, digest.ends, draft.now)
    return manager_card(found, draft.say) if found.partnerships else None


def manager_card(found: Briefing, say: Reader) -> Card:
    told = found.partnerships[:PARTNERSHIPS_AT_MOST]
    more = len(found.partnerships) - len(told)
    blocks = [*_talk(found, say), *(block for part in told for block in _partnership(part, say))]
    if more:
        blocks.append(Paragraph(say.text("digest.manager.more", n=more)))
    return Card(title=say("digest.manager.title"), blocks=tuple(blocks))


def _talk(found: Briefing, say: Reader) -> Iterator[Block]:
    if not found.conversations:
        yield Paragraph(say.text("digest.manager.no_talk"))
        return
    parts = {part.partnership.id: part for part in found.partnerships}
    yield Paragraph((Strong(say("digest.manager.talk", n=len(found.conversations))),))
    yield Bullets(tuple(_topic(each, parts[each.partnership_id], say) for each in found.conversations))


def _topic(each: Conversation, part: PartnershipBrief, say: Reader) -> Text:
    name, since = part.partnership.name, say.day(each.since)
    if each.topic is Topic.FADING:
        return say.text("digest.manager.topic.fading", partnership=name, signs=_signs(part, say))
    key = f"digest.manager.topic.{each.topic.value}"
    if each.topic is Topic.VOICE:
        return say.text(key, partnership=name, about=_about(each, part), since=since)
    return say.text(f"{key}.{each.waits.value}", partnership=name, about=_about(each, part), since=since)


def _about(each: Conversation, part: PartnershipBrief) -> str:
    if each.topic is Topic.VOICE:
        return next(voice.text for voice in part.unheard if voice.id == each.subject_id)
    return next(view.title for risk, view in part.at_risk if risk.subject_id == each.subject_id)


def _partnership(part: PartnershipBrief, say: Reader) -> Iterator[Block]:
    yield Paragraph((Strong(part.partnership.name),))
    yield Bullets(tuple(line for side in Side for line in _side(side, part, say)))
    if part.at_risk:
        yield Paragraph(say.text("digest.manager.at_risk", n=len(part.at_risk)))
        yield Bullets(tuple(_risk(risk, view, say) for risk, view in part.at_risk[:LINES_AT_MOST]))
    if part.fading:
        yield Paragraph(say.text("digest.manager.fading", signs=_signs(part, say)))
    if part.unheard:
        yield Paragraph(say.text("digest.manager.unheard", n=len(part.unheard)))
        yield Bullets(tuple(_voice(voice, say) for voice in part.unheard[:LINES_AT_MOST]))


def _side(side: Side, part: PartnershipBrief, say: Reader) -> Iterator[Text]:
    figures = part.sides[side]
    whose = say(f"digest.manager.{side.value}", partnership=part.partnership.name)
    if not figures.lately.due:
        yield say.text("digest.manager.none_due", whose=whose)
    elif figures.lately.too_few:
        yield say.text("digest.manager.too_few", whose=whose, n=figures.lately.due)
    else:
        yield say.text("digest.manager.measures", whose=whose, **_rates(figures, say))
        yield (" · ".join(_counts(figures.lately, say)),)
    if not (figures.lately.too_few or figures.before.too_few):
        numbers = " ".join(map(str, figures.kept_by_week))
        yield say.text("digest.manager.trend", bars=bars(figures.kept_by_week), numbers=numbers)


def _rates(figures: SideBrief, say: Reader) -> dict[str, object]:
    return {
        "due": figures.lately.due,
        "on_time": _share(figures.lately, figures.lately.on_time, say),
        "before": _share(figures.before, figures.before.on_time, say),
    }


def _counts(found: Measures, say: Reader) -> Iterator[str]:
    """What there is none of goes without saying."""
    counts = {
        "first_date": found.on_first_date,
        "late": found.fates.get(Fate.LATE, 0),
        "moved_early": found.moved_early,
        "moved_late": found.moved_late,
        "unopposed": found.fates.get(Fate.UNOPPOSED, 0),
        "awaiting": found.fates.get(Fate.AWAITING, 0),
        "missed": found.fates.get(Fate.MISSED, 0),
        "released": found.fates.get(Fate.RELEASED, 0),
        "withdrawn": found.fates.get(Fate.WITHDRAWN, 0),
    }
    yield from (say(f"digest.manager.count.{name}", n=n) for name, n in counts.items() if n)
    if found.past_due_days:
        ages = {"n": len(found.past_due_days), "days": found.past_due_days[0]}
        yield say("digest.manager.count.past_due", **ages)
    if found.notice_days is not None:
        yield say("digest.manager.count.notice", notice=_notice(found.notice_days, found.heard_first, say))
        yield say("digest.manager.count.heard", heard=_share(found, found.heard_first, say))


def _notice(days: float, heard: Share, say: Reader) -> str:
    if heard.too_few:
        return say("digest.manager.no_share", n=heard.whole)
    return say("digest.manager.days", days=f"{days:g}", n=heard.whole)


def _share(found: Measures, share: Share, say: Reader) -> str:
    if found.too_few or share.too_few:
        return say("digest.manager.no_share", n=share.whole)
    return say("digest.manager.share", part=share.part, whole=share.whole)


def bars(numbers: tuple[int, ...]) -> str:
    """Block characters scaled to the highest; the lowest block is nothing at all."""
    highest = max(numbers, default=0) or 1
    return "".join(BLOCKS[-(-number * (len(BLOCKS) - 1) // highest)] for number in numbers)


def _risk(risk: Conversation, view: CustomerView, say: Reader) -> Text:
    reason = say(f"digest.manager.risk.{risk.topic.value}", since=say.day(risk.since))
    return say.text("digest.manager.risk_line", ref=view.ref, title=view.title, reason=reason)


def _voice(voice: Voice, say: Reader) -> Text:
    return say.text("digest.manager.voice_line", said=voice.text, since=say.day(voice.at))


def _signs(part: PartnershipBrief, say: Reader) -> str:
    return "; ".join(_sign(each, say) for each in part.fading)


def _sign(each: Fading, say: Reader) -> str:
    return say(f"digest.manager.sign.{each.sign.value}", n=each.count)


def compose_fading(draft: Draft) -> Card | None:
    """Nothing when somebody has broken the silence since."""
    partnership = draft.uow.partnerships.get(draft.subject_id)
    if draft.person is None or partnership is None or partnership.is_paused(draft.now):
        return None
    found = signs_of(draft.uow, partnership, draft.now)
    if not found:
        return None
    say = draft.say
    return Card(
        title=say("digest.fading.title", partnership=partnership.name),
        blocks=(
            Bullets(tuple((_sign(each, say),) for each in found)),
            Paragraph(say.text("digest.fading.next", partnership=partnership.name)),
        ),
        tone=Tone.ATTENTION,
    )


COMPOSERS: Mapping[str, Composer] = {"manager_digest": compose, "fading": compose_fading}
