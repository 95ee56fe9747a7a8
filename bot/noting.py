"""Notes after a call: the promises in them come back as one form, and what its reader keeps is recorded.

1. Pasted notes, or a message that holds several promises, are read once; only what was found is stored.
2. The form has each with its exact words. What is sure is set to be kept, what is not says why.
3. What is kept stays between us; one of the customer's is a suggestion: once shown, they are asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot import noting_form
from bot.capture_form import with_error
from bot.capturing import only_one, save
from bot.cards import Bullets, Button, Card, Paragraph, encode
from bot.filling import filled, subject_of
from bot.listing import line
from bot.noting_form import KEEP, KEPT, PASTE, paste_form, review_form
from bot.promise_cards import share_button
from bot.references import here, may_name, read_due, with_names
from bot.routes import Route, Routes
from bot.scene import Scene, themselves
from bot.turns import Ask, Invalid, OpenForm, Outcome, Press, Reply, Submission
from commitments.errors import NotYours, Settled, Unfit
from commitments.notes import JOTTED_AT_MOST, READ_AT_MOST, Jotted, Jottings, Voice, jotted
from commitments.partnership import Partnership, Person
from commitments.promise import QUOTE_LIMIT, Promise, Source
from commitments.text import clean

SEVERAL = 2  # fewer have the form for one


def open_notes(scene: Scene, ask: Ask) -> Outcome:
    """`/promise notes`; said about a message, that message is the notes."""
    return _of_message(scene, ask, at_least=1) or OpenForm(form=paste_form(scene, _customer(scene)))


def several(scene: Scene, ask: Ask) -> Outcome | None:
    """For "track this" on a message; None where it does not hold several promises."""
    return _of_message(scene, ask, at_least=SEVERAL)


def pasted(scene: Scene, submission: Submission) -> Outcome:
    if not scene.person.is_ours:
        raise Unfit("no_commands")
    partnership, text = _chosen(scene, submission), submission.values.get("notes", "")
    try:
        if partnership is None:
            raise Unfit("needed", "partnership")
        found = _found(scene, text, partnership, writer=scene.person)
        return _asked(scene, partnership, found, link=None)
    except Unfit as unfit:
        form = filled(paste_form(scene, partnership if submission.subject else None), submission.values)
        return Invalid(form=with_error(form, unfit, scene.say))


def keep(scene: Scene, submission: Submission) -> Outcome:
    """One press for all: either everything that is to be kept fits, or nothing is."""
    jottings, partnership = _open(scene, submission.subject)
    kept: list[Promise] = []
    misfits: dict[str, Unfit] = {}
    for number, each in noting_form.page(jottings):
        if submission.values.get(f"keep_{number}") != KEEP:
            continue
        try:
            kept.append(_kept(scene, jottings, partnership, each, _typed(submission.values, number)))
        except Unfit as unfit:
            misfits[f"{unfit.field or 'keep'}_{number}"] = unfit
    if misfits:
        return Invalid(form=review_form(scene, jottings, partnership, submission.values, misfits))
    return Reply(card=_card(scene, partnership, kept, _gone_on(scene, jottings)))


def go_on(scene: Scene, press: Press) -> Outcome:
    """The next ones of the same notes."""
    jottings, partnership = _open(scene, encode(subject_of(press.value).subject))
    return OpenForm(form=review_form(scene, jottings, partnership))


def _of_message(scene: Scene, ask: Ask, *, at_least: int) -> Outcome | None:
    if not ask.quote:
        return None
    text, partnership = with_names(scene, ask.quote), _customer(scene)
    writer = scene.uow.people.get(ask.quoted_by) if ask.quoted_by else None
    found = _read(scene, text, partnership, writer)
    if not at_least <= len(found) <= JOTTED_AT_MOST:
        return None
    if partnership is None:
        return OpenForm(form=paste_form(scene, None, text))
    return _asked(scene, partnership, found, link=ask.link)


def _customer(scene: Scene) -> Partnership | None:
    return here(scene) or only_one(scene)


def _chosen(scene: Scene, submission: Submission) -> Partnership | None:
    """The one that was certain when the form was opened, or else was chosen in it."""
    wanted = subject_of(submission.subject).subject if submission.subject else ""
    partnership = scene.uow.partnerships.get(wanted or submission.values.get("partnership", ""))
    if partnership is not None and not may_name(scene, partnership):
        raise NotYours
    return partnership


def _found(scene: Scene, text: str, partnership: Partnership, *, writer: Person) -> tuple[Jotted, ...]:
    if not text.strip():
        raise Unfit("needed", "notes")
    if len(text) > READ_AT_MOST:
        raise Unfit("too_long", "notes", limit=str(READ_AT_MOST))
    found = _read(scene, text, partnership, writer)
    if not found:
        raise Unfit("notes.nothing", "notes")
    if len(found) > JOTTED_AT_MOST:
        raise Unfit("notes.too_many", "notes", n=str(JOTTED_AT_MOST))
    return found


def _read(
    scene: Scene, text: str, partnership: Partnership | None, writer: Person | None
) -> tuple[Jotted, ...]:
    people = noting_form.people_around(scene, partnership)
    voices = {p.id: Voice(person_id=p.id, name=p.name, side=p.side) for p in people}
    speaker = None
    if writer is not None:
        speaker = voices.setdefault(writer.id, Voice(person_id=writer.id, name=writer.name, side=writer.side))
    customer = partnership.name if partnership else ""
    return jotted(text, tuple(voices.values()), writer=speaker, customer=customer)


def _asked(scene: Scene, partnership: Partnership, found: tuple[Jotted, ...], *, link: str | None) -> Outcome:
    jottings = Jottings(
        id=scene.ports.new_id(),
        tenant=scene.turn.tenant,
        person_id=scene.person.id,
        partnership_id=partnership.id,
        place_id=scene.turn.place_id,
        at=scene.now,
        found=found,
        link=link,
    )
    scene.uow.jottings.add(jottings)
    return OpenForm(form=review_form(scene, jottings, partnership), stored=True)


def _open(scene: Scene, subject: str) -> tuple[Jottings, Partnership]:
    """Somebody else's, dealt with and gone are one answer; so is a page that was answered already."""
    about = subject_of(subject)
    jottings = scene.uow.jottings.get(about.subject)
    if jottings is None or not scene.person.is_ours or jottings.person_id != scene.person.id:
        raise Settled("notes.settled")
    if about.question not in ("", str(jottings.taken)):
        raise Settled("notes.settled")
    partnership = scene.uow.partnerships.get(jottings.partnership_id)
    if partnership is None or not may_name(scene, partnership):
        raise NotYours
    return jottings, partnership


def _typed(values: Mapping[str, str], number: int) -> dict[str, str]:
    return {name: values.get(f"{name}_{number}", "").strip() for name in ("title", "owner", "due")}


def _kept(
    scene: Scene, jottings: Jottings, partnership: Partnership, each: Jotted, typed: Mapping[str, str]
) -> Promise:
    """Raises Unfit."""
    owner = themselves(scene.uow, typed["owner"])
    if owner is None or not owner.is_active:
        raise Unfit("notes.whose", "owner")
    if not typed["due"]:
        raise Unfit("needed", "due")
    words = f"{each.request} → {each.quote}" if each.request else each.quote
    return save(
        scene,
        partnership=partnership,
        title=typed["title"],
        owner=owner,
        due=read_due(scene, typed["due"], owner),
        source=Source(quote=clean(words, QUOTE_LIMIT), link=jottings.link, place_id=jottings.place_id),
        private=True,
    )


def _gone_on(scene: Scene, jottings: Jottings) -> Jottings | None:
    """What is left of the notes; what has been dealt with is not stored any longer."""
    taken = jottings.taken + len(list(noting_form.page(jottings)))
    if taken >= len(jottings.found):
        scene.uow.jottings.drop(jottings.id)
        return None
    left = replace(jottings, taken=taken)
    scene.uow.jottings.save(left)
    return left


def _card(scene: Scene, partnership: Partnership, kept: list[Promise], left: Jottings | None) -> Card:
    say = scene.say
    blocks = [Bullets(tuple(line(scene, each) for each in kept))] if kept else []
    words = [say.text("notes.saved.private", customer=partnership.name)] if kept else []
    if left is not None:
        words.append(say.text("notes.saved.more", n=len(left.found) - left.taken))
    return Card(
        title=say(
            "notes.saved.title" if kept else "notes.saved.none", n=len(kept), customer=partnership.name
        ),
        blocks=(*blocks, *map(Paragraph, words or [say.text("notes.saved.again")])),
        buttons=tuple(_buttons(scene, kept, left)),
    )


def _buttons(scene: Scene, kept: list[Promise], left: Jottings | None) -> Iterator[Button]:
    if left is not None:
        label = scene.say("notes.button.next", n=len(left.found) - left.taken)
        yield Button(verb="notes.next", label=label, value=encode(left.id), primary=True)
    for each in kept:
        yield from share_button(scene, each)


PRESSES: Routes = {"notes.next": Route(go_on, "promise.capture")}
FORMS: Routes = {PASTE: Route(pasted, "promise.capture"), KEPT: Route(keep, "promise.capture")}
