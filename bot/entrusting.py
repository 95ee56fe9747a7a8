"""Who looks after a partnership, and whose promises a manager hears about."""

from __future__ import annotations

from bot.cards import Bullets, Card, Mention, Paragraph
from bot.digesting import plan
from bot.intents import to_person
from bot.messages.partners import partnership_card
from bot.partner_words import named, people_in, person_in
from bot.scene import Scene, of_partnership
from bot.team import leads
from bot.turns import Outcome, Reply
from commitments.access import Subject
from commitments.errors import Unfit
from commitments.partnership import Partnership, Person, Role

OFF = "off"


def give_role(scene: Scene, words: str) -> Outcome:
    """`role @person lead|manager|member|off [Acme]`."""
    person, rest = person_in(scene, words)
    word, _, name = rest.partition(" ")
    word = word.casefold()
    if word not in {OFF, *Role}:
        raise Unfit("partner.which_role")
    partnership = named(scene, name)
    scene.allow("role.set_own", of_partnership(partnership), partnership.id)
    if not person.is_ours:
        raise Unfit("partner.not_a_colleague", person=person.name)
    for changed in _give(scene, partnership, person, word):
        _tell(scene, changed, "role", partnership.id)
    note = scene.say.text(f"partner.role.done_{word}", who=_mention(person), name=partnership.name)
    return Reply(card=partnership_card(scene, partnership, note=note))


def set_reports(scene: Scene, words: str) -> Outcome:
    """`reports @manager @person ...`: adds them; a person may have several managers."""
    scene.allow("role.set", Subject(tenant=scene.person.tenant))
    people = people_in(scene, words)
    if len(people) < 2:
        raise Unfit("partner.whose_reports")
    for person in people:
        if not person.is_ours:
            raise Unfit("partner.not_a_colleague", person=person.name)
    manager, *reports = people
    scene.uow.people.set_reports(manager.id, [person.id for person in reports])
    _tell(scene, manager, "reports", manager.id)
    return Reply(card=_reports_card(scene, manager, reports))


def _reports_card(scene: Scene, manager: Person, reports: list[Person]) -> Card:
    return Card(
        title=scene.say("partner.reports.done", name=manager.name),
        blocks=(
            Bullets(tuple((_mention(person),) for person in reports)),
            Paragraph(scene.say.text("partner.reports.means_for", who=_mention(manager))),
        ),
    )


def _give(scene: Scene, partnership: Partnership, person: Person, word: str) -> list[Person]:
    """Everyone whose part changed."""
    store = scene.uow.partnerships
    if word == Role.LEAD:
        return [person, *_lead(scene, partnership, person)]
    if word == Role.MANAGER:
        store.set_role(partnership.id, person.id, Role.MANAGER)
        return [person]
    _step_down(scene, partnership, person)
    if word == Role.MEMBER:
        store.set_role(partnership.id, person.id, Role.MEMBER)
    return [person]


def _lead(scene: Scene, partnership: Partnership, person: Person) -> list[Person]:
    """A partnership has one lead: a new one makes the one before a member, and gets the next preview."""
    store = scene.uow.partnerships
    before = [lead for lead in leads(scene.uow, partnership.id) if lead.id != person.id]
    for lead in before:
        store.drop_role(partnership.id, lead.id, Role.LEAD)
        store.set_role(partnership.id, lead.id, Role.MEMBER)
    store.set_role(partnership.id, person.id, Role.LEAD)
    plan(scene.ports, scene.uow, partnership, scene.now)
    return before


def _step_down(scene: Scene, partnership: Partnership, person: Person) -> None:
    if person.id in {lead.id for lead in leads(scene.uow, partnership.id)}:
        raise Unfit("partner.needs_a_lead", person=person.name, name=partnership.name)
    for role in Role:
        scene.uow.partnerships.drop_role(partnership.id, person.id, role)


def _tell(scene: Scene, person: Person, kind: str, subject_id: str) -> None:
    """Whoever it is about hears, unless they arranged it themselves."""
    if person.id == scene.person.id:
        return
    key, args = f"{kind}:{subject_id}:{person.id}:{scene.turn.key}", {"by": scene.person.id}
    told = to_person(person, kind, subject_id, key=key, at=scene.now, args=args)
    scene.uow.outbox.queue([told])


def _mention(person: Person) -> Mention:
    return Mention(person.id, person.name)
