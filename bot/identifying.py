"""One person, two accounts: a colleague who is on Slack and on Teams proves it from both sides.

`settings link`          on the one platform shows a code, to them alone
`settings link <code>`   on the other shows whose code it is; a press links

From then on both accounts are one person, who owns what either did; Kept speaks to them where they choose.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from bot.accounts import part
from bot.cards import Button, Card, Paragraph, Strong, encode
from bot.changes import reschedule
from bot.filling import subject_of
from bot.intents import to_person
from bot.routes import Route, Routes
from bot.scene import Scene, of_person
from bot.turns import Outcome, Press, Reply
from commitments.errors import NotYours, Settled, Unfit
from commitments.partnership import Person

LASTS = timedelta(minutes=10)
HALF = 5  # of the ten hexadecimal digits of a code: 40 random bits, for ten minutes
ACTION = "identity.link"


def link_accounts(scene: Scene, words: str) -> Outcome:
    """A code is for the one who asked: no answer here is read by anybody else."""
    scene.allow(ACTION, of_person(scene.person))
    said = words.partition(" ")[2]
    if said:
        return _asked(scene, _holder(scene, _digest("".join(filter(str.isalnum, said)))))
    others = scene.uow.people.also(scene.person.id)
    return Reply(card=_linked_card(scene, scene.person, others) if others else _code_card(scene))


def linked(scene: Scene, press: Press) -> Outcome:
    """What the code proves is looked at again, and the code works once."""
    scene.allow(ACTION, of_person(scene.person))
    holder = _holder(scene, subject_of(press.value).subject)
    stays, goes = _in_order(holder, scene.person)
    for each in (goes, *scene.uow.people.also(goes.id)):
        scene.uow.people.save(replace(each, same_as=stays.id, link_code=None, link_until=None))
    scene.uow.people.merge(goes.id, stays.id)
    # Where the code was shown: if it was taken from them, they learn of it there.
    stays = _saved(scene, replace(stays, link_code=None, link_until=None, prefers=holder.platform))
    reschedule(scene.ports, scene.uow, stays, scene.now)
    key = f"identity_linked:{stays.id}:{scene.turn.key}"
    scene.uow.outbox.queue([to_person(stays, "identity_linked", stays.id, key=key, at=scene.now)])
    return Reply(card=_linked_card(scene, stays, scene.uow.people.also(stays.id)))


def preferred(scene: Scene, press: Press) -> Outcome:
    scene.allow(ACTION, of_person(scene.person))
    others = scene.uow.people.also(scene.person.id)
    platform = subject_of(press.value).subject
    if platform not in _platforms(scene.person, others):
        raise Settled("identity.not_linked")
    return Reply(card=_linked_card(scene, _saved(scene, replace(scene.person, prefers=platform)), others))


def unlinked(scene: Scene, press: Press) -> Outcome:
    """What was done in either's name stays with the account that owns it now."""
    scene.allow(ACTION, of_person(scene.person))
    for other in scene.uow.people.also(scene.person.id):
        part(scene.uow, scene.person.id, other)
    if scene.person.prefers is not None:
        _saved(scene, replace(scene.person, prefers=None))
    say = scene.say
    return Reply(
        card=Card(title=say("identity.parted"), blocks=(Paragraph(say.text("identity.parted_body")),))
    )


def _holder(scene: Scene, digest: str) -> Person:
    """Whose code it is: somebody of ours, on another platform. Raises Unfit."""
    holder = scene.uow.people.by_code(digest)
    if holder is None or holder.link_until is None or holder.link_until < scene.now:
        raise Unfit("identity.code")
    if not holder.is_ours or not scene.person.is_ours:
        raise NotYours
    taken = _platforms(holder, scene.uow.people.also(holder.id))
    if holder.id == scene.person.id or taken & _platforms(
        scene.person, scene.uow.people.also(scene.person.id)
    ):
        raise Unfit("identity.same_platform")
    return holder


def _in_order(holder: Person, other: Person) -> tuple[Person, Person]:
    """Who stays: whoever may do more, else whose code it was."""
    return (other, holder) if other.is_admin and not holder.is_admin else (holder, other)


def _saved(scene: Scene, person: Person) -> Person:
    scene.uow.people.save(person)
    return replace(person, version=person.version + 1)


def _code_card(scene: Scene) -> Card:
    say, code = scene.say, scene.ports.new_id()[-2 * HALF :]
    _saved(scene, replace(scene.person, link_code=_digest(code), link_until=scene.now + LASTS))
    shown = f"{code[:HALF]}-{code[HALF:]}".upper()
    body = say.text("identity.code", command=Strong(f"promise settings link {shown}"))
    return Card(
        title=say("identity.code_title"),
        blocks=(Paragraph(body), Paragraph(say.text("identity.code_secret"))),
    )


def _asked(scene: Scene, holder: Person) -> Outcome:
    say = scene.say
    body = say.text("identity.ask", name=Strong(holder.name), platform=_called(say, holder.platform))
    press = Button(
        verb="identity.link",
        label=say("identity.button.link"),
        value=encode(holder.link_code or ""),
        primary=True,
    )
    return Reply(card=Card(title=say("identity.ask_title"), blocks=(Paragraph(body),), buttons=(press,)))


def _linked_card(scene: Scene, person: Person, others: list[Person]) -> Card:
    say = scene.say
    platforms = sorted(_platforms(person, others))
    names = ", ".join(_called(say, each) for each in platforms)
    body = say.text("identity.linked", platforms=names, chosen=_called(say, person.speaks_on))
    elsewhere = (each for each in platforms if each != person.speaks_on)
    presses = (
        Button(
            verb="identity.prefer",
            label=say("identity.button.prefer", platform=_called(say, each)),
            value=encode(each),
        )
        for each in elsewhere
    )
    part = Button(verb="identity.unlink", label=say("identity.button.unlink"), value=encode(person.id))
    return Card(title=say("identity.linked_title"), blocks=(Paragraph(body),), buttons=(*presses, part))


def _platforms(person: Person, others: list[Person]) -> set[str]:
    return {person.platform, *(each.platform for each in others)}


def _called(say: Callable[[str], str], platform: str) -> str:
    return say(f"identity.platform.{platform}")


def _digest(code: str) -> str:
    return sha256(f"kept link {code.lower()}".encode()).hexdigest()


PRESSES: Routes = {
    "identity.link": Route(linked, ACTION),
    "identity.prefer": Route(preferred, ACTION),
    "identity.unlink": Route(unlinked, ACTION),
}
