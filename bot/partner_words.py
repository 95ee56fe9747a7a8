"""Reading what people type about partnerships: which customer, whom, which channel."""

from __future__ import annotations

from difflib import get_close_matches

from bot.grammar import PERSON, before_colon
from bot.references import here, person_named
from bot.scene import Scene, of_partnership
from commitments.access import Grant
from commitments.errors import Unfit
from commitments.partnership import Partnership, Person
from commitments.text import one_line, required

NAME_LIMIT = 60
NEAR_AT_MOST = 3
NAMES_COMPARED = 500
RESERVED = frozenset({"new", "link", "pause", "resume", "role", "reports", "reading"})


def new_name(text: str) -> str:
    """A customer's name as it will be shown. Raises Unfit."""
    name = required(text, NAME_LIMIT, "name")
    if name.casefold() in RESERVED or not name.isprintable() or set(name) & set("<>:"):
        raise Unfit("partner.name_unfit", "name", name=name)
    return name


def readable(scene: Scene) -> list[Partnership]:
    """The partnerships the actor may know of, by name."""
    found = (p for p in scene.uow.partnerships.all() if may_read(scene, p))
    return sorted(found, key=lambda p: p.name.casefold())


def may_read(scene: Scene, partnership: Partnership) -> bool:
    return scene.grant("partnership.read", of_partnership(partnership)) is Grant.ALLOWED


def named(scene: Scene, name: str) -> Partnership:
    """The one of that name, or the one spoken in; raises Unfit, the same for absent and not theirs to see."""
    partnership = scene.uow.partnerships.named(name) if name.strip() else here(scene)
    if partnership is None or not may_read(scene, partnership):
        raise _unknown(scene, name) if name.strip() else Unfit("partner.which")
    return partnership


def customer_and_rest(scene: Scene, words: str) -> tuple[Partnership | None, str]:
    """`Acme: text`, or just `text` in the customer's own channel; None when it has to be asked."""
    spoken_in = here(scene)
    name, rest = before_colon(words.strip())
    partnership = scene.uow.partnerships.named(name) if name else None
    if partnership is None or not (may_read(scene, partnership) or partnership == spoken_in):
        return spoken_in, words.strip()
    return partnership, rest


def person_in(scene: Scene, words: str) -> tuple[Person, str]:
    """The first person named, and the words without them. Raises Unfit, and NotYours for an unknown id."""
    found = PERSON.search(words)
    if found is None:
        raise Unfit("partner.whom")
    return person_named(scene, found[1]), (words[: found.start()] + words[found.end() :]).strip()


def people_in(scene: Scene, words: str) -> list[Person]:
    """Everyone named, in order, once. Raises NotYours for an unknown id."""
    return [person_named(scene, person_id) for person_id in dict.fromkeys(PERSON.findall(words))]


def _unknown(scene: Scene, name: str) -> Unfit:
    shown = one_line(name, NAME_LIMIT)
    known_names = {p.name.casefold(): p.name for p in readable(scene)[:NAMES_COMPARED]}
    near = get_close_matches(shown.casefold(), known_names, n=NEAR_AT_MOST)
    if not near:
        return Unfit("partner.unknown", name=shown)
    return Unfit("partner.unknown_near", name=shown, near=", ".join(known_names[key] for key in near))
