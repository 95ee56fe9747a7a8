import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import adapters
import bot
import commitments
from bot import commands, grammar
from bot.router import COMMANDS, FORMS, JOINED, OVERHEARD, PRESSES
from bot.wording import catalogue, languages
from commitments.access import Column, matrix

SOURCES = [
    path
    for package in (commitments, bot, adapters)
    for path in sorted(Path(package.__file__ or "").parent.rglob("*.py"))
    if path.name != "authority_page.py"
]
ROUTES = {
    **{f"command {name}": route for name, route in COMMANDS.items()},
    **{f"press {name}": route for name, route in PRESSES.items()},
    **{f"form {name}": route for name, route in FORMS.items()},
    "joined": JOINED,
    "overheard": OVERHEARD,
}
# Rows of the matrix that no use case asks for yet, and what they wait for.
LATER = {
    "install": "Slack and Teams",
    "purge": "erasure",
    "tenant.settings": "a chat form; app.yaml holds them",
    "partnership.speak": "Slack and Teams, where a channel has to be allowed",
    "promise.move_published": "nobody, ever: the row says so",
    "promise.approve": "a policy that asks for internal approval",
    "figures.read": "a person's own figures",
    "summary.read": "the managers' Home tab",
    "digest.read": "Home tabs; in the channel everybody present reads it",
    "digest.preview": "`kept digest --preview` in chat",
    "digest.mute": "a mute of its own; closeness and pause serve until then",
    "digest.unmute": "a mute of its own",
    "nudge.receive": "nobody's asking: nudges go to owners by construction",
    "manager.digest": "nobody's asking: it goes to managers by construction",
    "audit.read": "the audit log in chat",
    "note.break_glass": "the audit log in chat",
    "letters.requeue": "dead letters in chat; the operator has them on the host",
    "people.pick": "Slack and Teams, where option lists are loaded by request",
    "outbound.pause": "an operator's switch",
}
# Rows a route names and nobody has to ask for: the cells say yes to every colleague, whatever it is about.
OPEN_TO_ALL = {"talk"}
# Whose labels lie where in the catalogue: what stands before the step, and the verb it makes.
LABELS = {
    "button.": "",
    "digest.button.": "digest.",
    "welcome.button.": "welcome.",
    "partner.button.": "partnership.",
    "heard.button.": "voice.",
    "win.button.": "win.",
    "identity.button.": "identity.",
    "reading.button.": "reading.",
    "noticed.button.": "noticed.",
    "notes.button.": "notes.",
}
ELSEWHERE = {  # labels whose step is not their verb
    "welcome.button.edit": "partnership.edit",
    "partner.button.welcome": "welcome.preview",
}
# Labels that lie beside the words they belong to.
OWN_LABELS = {
    "person.consent": r"win\.consent\.\w+",
    "partnership.link_confirm": r"partner\.link\.\w+",
}


@cache
def trees() -> tuple[ast.Module, ...]:
    return tuple(ast.parse(path.read_text("utf-8")) for path in SOURCES)


@cache
def asked_for() -> frozenset[str]:
    """Every string in the code that can be an action somebody asks for: all but those a route names."""
    return frozenset(text for tree in trees() for text in strings_in(tree))


def strings_in(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "Route"):
        for child in ast.iter_child_nodes(node):
            yield from strings_in(child)


def verb_of(key: str) -> str | None:
    """The verb a label in the catalogue is for."""
    if key in ELSEWHERE:
        return ELSEWHERE[key]
    return next((verb + key[len(start) :] for start, verb in LABELS.items() if key.startswith(start)), None)


# Nothing is done without a row of the matrix


@pytest.mark.parametrize("name", ROUTES)
def test_every_way_in_answers_to_a_row_of_the_matrix(name):
    assert ROUTES[name].action in matrix()


def test_every_row_is_asked_for_or_waits_for_something_named():
    unasked = matrix().keys() - asked_for() - OPEN_TO_ALL
    assert unasked == LATER.keys()
    assert all(LATER.values())


def test_what_a_route_names_is_asked_for_by_its_handler():
    """A route alone checks nothing; the matrix is asked where the subject is known."""
    assert {route.action for route in ROUTES.values()} - asked_for() == OPEN_TO_ALL


def test_what_nobody_asks_for_is_open_to_all_of_us():
    colleague = [matrix()[action].cells[Column.CO] for action in OPEN_TO_ALL]
    assert set(colleague) == {("Y",)}


# Words that are typed


def test_the_grammar_and_the_commands_know_the_same_words():
    assert commands.ACTS.keys() - {""} == grammar.ACTS


def test_the_commands_are_the_ones_we_tell_people_about():
    assert COMMANDS.keys() == {"promise", "win", "heard", "partner"}


# Buttons


@pytest.mark.parametrize("language", languages())
def test_every_label_is_for_a_button_that_does_something(language):
    verbs = {verb_of(key) for key in catalogue(language)} - {None}
    assert verbs - PRESSES.keys() == set()


@pytest.mark.parametrize("language", languages())
def test_every_button_has_its_label(language):
    keys = catalogue(language).keys()
    labelled = {verb_of(key) for key in keys}
    unlabelled = PRESSES.keys() - labelled
    assert unlabelled == OWN_LABELS.keys()
    for verb, pattern in OWN_LABELS.items():
        assert any(re.fullmatch(pattern, key) for key in keys), verb


def test_every_button_the_design_names_is_there():
    promised = """promise.on_track promise.renegotiate promise.snooze promise.done promise.ask_release
        promise.share promise.accept promise.decline promise.counter renegotiation.accept
        renegotiation.counter renegotiation.decline promise.confirm promise.not_yet promise.release
        promise.how_is_it promise.undo digest.approve digest.hold digest.edit"""
    assert set(promised.split()) <= PRESSES.keys()


@pytest.mark.parametrize("language", languages())
def test_every_refusal_has_its_sentence(language):
    """Codes of the rules are written once, as the first argument of the error they are raised with."""
    codes = set(refusal_codes())
    assert {"due_past", "not_missed_yet"} <= codes
    missing = {code for code in codes if "." not in code and f"refusal.{code}" not in catalogue(language)}
    assert missing == set()


def refusal_codes() -> Iterator[str]:
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Unfit", "Settled", "Refusal"):
                yield from (arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant))
