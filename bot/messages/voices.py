"""What a customer said, and "you said, we did"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.cards import Bullets, Button, Card, Mention, Paragraph, Strong, Text, Tone, encode
from bot.composing import Composer, Draft
from bot.readers import Reader
from commitments.partnership import Partnership, Person, Voice

LISTED_AT_MOST = 10
TITLE_LIMIT = 60


def open_voices_card(say: Reader, waiting: Sequence[tuple[Voice, Partnership, bool]]) -> Card:
    """Oldest first; the button only where the reader may answer. An empty list says how to begin."""
    if not waiting:
        return Card(title=say("heard.list.empty_title"), blocks=(Paragraph(say.text("heard.list.empty")),))
    shown = waiting[:LISTED_AT_MOST]
    lines = tuple(
        say.text("heard.list.line", name=Strong(p.name), text=voice.text, day=say.day(voice.at))
        for voice, p, _ in shown
    )
    more = len(waiting) - len(shown)
    tail = (Paragraph(say.text("heard.list.more", n=more)),) if more else ()
    buttons = tuple(_answer_button(say, voice) for voice, _, may_answer in shown if may_answer)
    return Card(title=say("heard.list.title"), blocks=(Bullets(lines), *tail), buttons=buttons)


def heard_card(say: Reader, voice: Voice, name: str, *, may_answer: bool) -> Card:
    """To the colleague who wrote it down."""
    return Card(
        title=say("heard.recorded.title", name=name),
        blocks=(_quote(voice.text), Paragraph(say.text("heard.recorded.next"))),
        buttons=(_answer_button(say, voice),) if may_answer else (),
    )


def thanks_card(say: Reader, voice: Voice, hearers: Sequence[Person]) -> Card:
    """To the customer who told us, and to nobody else."""
    who: Text = tuple(Mention(p.id, p.name) for p in hearers) or (say("heard.thanks.we"),)
    return Card(
        title=say("heard.thanks.title"),
        blocks=(_quote(voice.text), Paragraph(say.text("heard.thanks.next", who=who))),
    )


def answered_card(say: Reader, voice: Voice, name: str) -> Card:
    """To whoever answered."""
    where = "customer" if voice.from_customer else "colleague"
    return Card(
        title=say("heard.answered.title"),
        blocks=(*_both(say, voice), Paragraph(say.text(f"heard.answered.next_{where}", name=name))),
    )


def _voice(draft: Draft) -> Card | None:
    """The lead hears it privately; once answered, the same card says what became of it."""
    voice = draft.uow.partnerships.voice(draft.subject_id)
    partnership = draft.uow.partnerships.get(voice.partnership_id) if voice else None
    if voice is None or partnership is None or draft.person is None:
        return None
    say, by = draft.say, draft.uow.people.get(voice.by)
    source = "told" if voice.from_customer else "noted"
    who: Text = (Mention(by.id, by.name),) if by else (partnership.name,)
    title = say("heard.voice.title", name=partnership.name)
    if voice.answer is not None:
        return Card(title=title, blocks=_both(say, voice))
    return Card(
        title=title,
        blocks=(
            Paragraph(say.text(f"heard.voice.{source}", who=who)),
            _quote(voice.text),
            Paragraph(say.text("heard.voice.why")),
        ),
        buttons=(_answer_button(say, voice),),
    )


def _voice_answered(draft: Draft) -> Card | None:
    """To the colleague who wrote it down."""
    voice = draft.uow.partnerships.voice(draft.subject_id)
    if voice is None or voice.answer is None or draft.person is None:
        return None
    return Card(title=draft.say("heard.did.title"), blocks=_both(draft.say, voice), tone=Tone.CELEBRATION)


def _voice_done(draft: Draft) -> Card | None:
    """To the customer: only what they told us themselves, and only in the channel it is meant for (L39)."""
    voice = draft.uow.partnerships.voice(draft.subject_id)
    if voice is None or voice.answer is None or not voice.from_customer:
        return None
    partnership = draft.uow.partnerships.get(voice.partnership_id)
    if partnership is None or partnership.place_id != draft.place.id:
        return None
    if draft.args.get("mapping") != str(partnership.mapping_version):
        return None
    by = draft.uow.people.get(voice.by)
    greeting = (Paragraph((Mention(by.id, by.name),)),) if by else ()
    blocks = (*greeting, *_both(draft.say, voice))
    return Card(title=draft.say("heard.did.title"), blocks=blocks, tone=Tone.CELEBRATION)


def _both(say: Reader, voice: Voice) -> tuple[Paragraph, ...]:
    return (
        Paragraph(say.text("heard.did.said", text=voice.text)),
        Paragraph(say.text("heard.did.did", text=Strong(voice.answer or ""))),
    )


def _quote(text: str) -> Paragraph:
    return Paragraph((f"“{text}”",))


def _answer_button(say: Reader, voice: Voice) -> Button:
    about = voice.text if len(voice.text) <= TITLE_LIMIT else f"{voice.text[: TITLE_LIMIT - 1].rstrip()}…"
    return Button(verb="voice.answer", label=say("heard.button.answer"), value=encode(voice.id), about=about)


COMPOSERS: Mapping[str, Composer] = {
    "voice": _voice,
    "voice_answered": _voice_answered,
    "voice_done": _voice_done,
}
