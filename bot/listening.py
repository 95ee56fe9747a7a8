"""`/heard`: what a customer said, who heard it, and what became of it."""

from __future__ import annotations

from dataclasses import replace

from bot.cards import Field, FieldType, Form, Option, encode
from bot.consequences import redraw
from bot.dates import doubted
from bot.filling import filled, subject_of
from bot.intents import to_person, to_place
from bot.messages.voices import answered_card, heard_card, open_voices_card, thanks_card
from bot.partner_words import customer_and_rest, readable
from bot.references import here, with_names
from bot.routes import Route, Routes
from bot.scene import Denied, Scene, of_partnership
from bot.storage import Intent
from bot.team import caretakers, tell_caretakers
from bot.turns import Ask, Invalid, OpenForm, Outcome, Press, Reply, Submission
from commitments.access import Grant
from commitments.errors import NotYours, Settled, Unfit
from commitments.partnership import Partnership, Voice
from commitments.text import required

TEXT_LIMIT = 500
ANSWER_LIMIT = 500
OPEN_PER_CUSTOMER = 20  # unanswered voices of one contact; after that a person should talk to a person
WORDS_READ = 4000


def heard(scene: Scene, ask: Ask) -> Outcome:
    """Alone it lists what waits for an answer; with words it writes down what a customer said."""
    if not scene.actor.is_ours:
        return _heard_there(scene, ask.words)
    words = ask.words[:WORDS_READ].strip()
    if not words:
        return Reply(card=open_voices_card(scene.say, _waiting(scene)))
    partnership, text = customer_and_rest(scene, words)
    text = with_names(scene, text)
    form = _record_form(scene, partnership, text)
    if partnership is None or not text.strip():
        return OpenForm(form=form)
    try:
        return _record(scene, partnership, text)
    except Unfit as misfit:
        return OpenForm(form=doubted(scene, form, {"text": misfit}))


def heard_submitted(scene: Scene, submission: Submission) -> Outcome:
    form = filled(_record_form(scene, None, ""), submission.values)
    if form.value_of("customer") not in {p.id for p in _recordable(scene)}:
        return Invalid(form=doubted(scene, form, {"customer": Unfit("partner.which", "customer")}))
    partnership = scene.partnership(form.value_of("customer"), "voice.record")
    try:
        return _record(scene, partnership, form.value_of("text"))
    except Unfit as misfit:
        return Invalid(form=doubted(scene, form, {"text": misfit}))


def heard_from_customer(scene: Scene, partnership: Partnership, text: str) -> Outcome:
    """They told Kept themselves. Raises Unfit when too many of theirs wait already."""
    waiting = scene.uow.partnerships.voices(partnership.id, answered=False)
    if sum(voice.by == scene.person.id for voice in waiting) >= OPEN_PER_CUSTOMER:
        raise Unfit("heard.enough")
    voice = _written(scene, partnership, text, from_customer=True)
    return Reply(card=thanks_card(scene.say, voice, caretakers(scene.uow, partnership.id)[:1]))


def answer(scene: Scene, press: Press) -> Outcome:
    voice, partnership = _open_voice(scene, press.value)
    return OpenForm(form=_answer_form(scene, voice, partnership))


def answered(scene: Scene, submission: Submission) -> Outcome:
    """ "You said, we did": to whoever said it, and to the next digest."""
    voice, partnership = _open_voice(scene, submission.subject)
    form = filled(_answer_form(scene, voice, partnership), submission.values)
    try:
        did = required(form.value_of("answer"), ANSWER_LIMIT, "answer")
    except Unfit as misfit:
        return Invalid(form=doubted(scene, form, {"answer": misfit}))
    after = replace(voice, answer=did, answered_by=scene.person.id, answered_at=scene.now)
    scene.uow.partnerships.save_voice(after)
    _tell_them(scene, after, partnership)
    _redraw(scene, after)
    return Reply(card=answered_card(scene.say, after, partnership.name))


def _heard_there(scene: Scene, words: str) -> Outcome:
    """A customer who writes `/heard` in their own channel tells us something themselves."""
    partnership = here(scene)
    if partnership is None:
        raise Denied("voice.record", None)
    scene.allow("voice.record", of_partnership(partnership), partnership.id)
    return heard_from_customer(scene, partnership, required(words, TEXT_LIMIT, "text"))


def _record(scene: Scene, partnership: Partnership, text: str) -> Outcome:
    scene.allow("voice.record", of_partnership(partnership), partnership.id)
    voice = _written(scene, partnership, text, from_customer=False)
    may_answer = scene.grant("voice.answer", of_partnership(partnership)) is Grant.ALLOWED
    return Reply(card=heard_card(scene.say, voice, partnership.name, may_answer=may_answer))


def _written(scene: Scene, partnership: Partnership, text: str, *, from_customer: bool) -> Voice:
    voice = Voice(
        id=scene.ports.new_id(),
        tenant=partnership.tenant,
        partnership_id=partnership.id,
        text=required(text, TEXT_LIMIT, "text"),
        by=scene.person.id,
        at=scene.now,
        from_customer=from_customer,
        said_where=None if scene.is_private or scene.place is None else scene.place.id,
    )
    scene.uow.partnerships.add_voice(voice)
    tell_caretakers(scene, partnership, "voice", voice.id, key=f"voice:{voice.id}")
    return voice


def _open_voice(scene: Scene, value: str) -> tuple[Voice, Partnership]:
    voice = scene.uow.partnerships.voice(subject_of(value).subject)
    if voice is None:
        raise NotYours
    partnership = scene.partnership(voice.partnership_id, "voice.answer")
    if voice.answered_at is not None:
        raise Settled("heard.answered")
    return voice, partnership


def _tell_them(scene: Scene, voice: Voice, partnership: Partnership) -> None:
    """The customer who told us hears it in their channel; a colleague who wrote it down, privately."""
    said = _to_channel(scene, voice, partnership) if voice.from_customer else _to_writer(scene, voice)
    scene.uow.outbox.queue([said] if said else [])


def _to_channel(scene: Scene, voice: Voice, partnership: Partnership) -> Intent | None:
    place = scene.uow.places.get(partnership.place_id) if partnership.place_id else None
    if place is None:
        return None
    args = {"mapping": str(partnership.mapping_version)}
    return to_place(place, "voice_done", voice.id, key=f"voice_done:{voice.id}", at=scene.now, args=args)


def _to_writer(scene: Scene, voice: Voice) -> Intent | None:
    writer = scene.uow.people.get(voice.by)
    if writer is None or not writer.is_ours or writer.id == scene.person.id:
        return None
    return to_person(writer, "voice_answered", voice.id, key=f"voice_answered:{voice.id}", at=scene.now)


def _redraw(scene: Scene, voice: Voice) -> None:
    """The cards that asked for an answer show it."""
    posts = scene.uow.posts.of_kind("voice", voice.id)
    edits = (redraw(scene.uow, post, "answered") for post in posts)
    scene.uow.outbox.queue([edit for edit in edits if edit is not None])


def _waiting(scene: Scene) -> list[tuple[Voice, Partnership, bool]]:
    """Unanswered ones of the partnerships one works with, oldest first, and whether one may answer."""
    store = scene.uow.partnerships
    found = [
        (voice, p, scene.grant("voice.answer", of_partnership(p)) is Grant.ALLOWED)
        for p in _recordable(scene)
        for voice in store.voices(p.id, answered=False)
    ]
    return sorted(found, key=lambda entry: entry[0].at)


def _recordable(scene: Scene) -> list[Partnership]:
    found = readable(scene)
    return [p for p in found if scene.grant("voice.record", of_partnership(p)) is Grant.ALLOWED]


def _record_form(scene: Scene, partnership: Partnership | None, text: str) -> Form:
    say = scene.say
    return Form(
        id="voice.record",
        title=say("heard.form.title"),
        fields=(
            Field(
                name="customer",
                label=say("heard.form.customer"),
                type=FieldType.CHOICE,
                value=partnership.id if partnership else "",
                required=True,
                options=tuple(Option(value=p.id, label=p.name) for p in _recordable(scene)),
            ),
            Field(name="text", label=say("heard.form.text"), value=text, required=True, long=True),
        ),
        submit=say("heard.form.submit"),
    )


def _answer_form(scene: Scene, voice: Voice, partnership: Partnership) -> Form:
    """Shows the words the customer will read beside the answer: nothing goes out unseen."""
    say = scene.say
    return Form(
        id="voice.answer",
        title=say("heard.answer.title"),
        preface=say.text("heard.answer.preface", name=partnership.name, text=voice.text),
        fields=(
            Field(
                name="answer",
                label=say("heard.answer.field"),
                required=True,
                long=True,
                hint=say("heard.answer.hint", name=partnership.name),
            ),
        ),
        submit=say("heard.answer.submit"),
        subject=encode(voice.id),
    )


COMMANDS: Routes = {"heard": Route(heard, "voice.record")}

PRESSES: Routes = {"voice.answer": Route(answer, "voice.answer")}

FORMS: Routes = {
    "voice.record": Route(heard_submitted, "voice.record"),
    "voice.answer": Route(answered, "voice.answer"),
}
