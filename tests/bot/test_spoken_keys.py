"""The code and the catalogue know the same keys: none is missing, none lies unused."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import bot
from bot.consequences import ASKS, TELLS
from bot.messages.bundles import DECIDING, LATE, LEAD_WORDS
from bot.promise_cards import NEEDS
from bot.wording import FALLBACK, catalogue, languages
from commitments.nudges import Rung
from commitments.promise import Shape, State

ROOT = Path(bot.__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Said:
    """One key as the code spells it; `pattern` has a group for each part that is only known when it runs."""

    where: str
    pattern: re.Pattern[str]

    def found(self) -> list[re.Match[str]]:
        return [found for key in catalogue(FALLBACK) if (found := self.pattern.fullmatch(key))]


@cache
def sources() -> tuple[tuple[Path, ast.Module], ...]:
    paths = [path for layer in ("commitments", "bot", "adapters") for path in (ROOT / layer).rglob("*.py")]
    return tuple((path, ast.parse(path.read_text("utf-8"))) for path in sorted(paths))


@cache
def constants() -> frozenset[str]:
    """Every string in the code: what a part that is only known when it runs can be."""
    nodes = (node for _, tree in sources() for node in ast.walk(tree))
    return frozenset(n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str))


def spelled(node: ast.expr) -> Iterator[str]:
    """The regular expressions for the strings an expression can be."""
    match node:
        case ast.Constant(value=str() as text):
            yield re.escape(text)
        case ast.JoinedStr(values=parts):
            yield "".join(next(spelled(part), "([a-z0-9_.]+)") for part in parts)
        case ast.IfExp(body=one, orelse=other):
            yield from (*spelled(one), *spelled(other))


def refusal_key(code: str) -> str:
    topic, dot, rest = code.partition(r"\.")
    return rf"{topic}\.refusal\.{rest}" if dot else rf"refusal\.{code}"


@cache
def spoken() -> tuple[Said, ...]:
    """Every key handed to a reader, and every refusal's code, as far as the code spells them out."""
    found = []
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                where = f"{path.relative_to(ROOT)}:{node.lineno}"
                found += [Said(where, re.compile(text)) for text in _keys_in(node)]
    return tuple(found)


def _keys_in(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in ("say", "_say", "text", "words") and _is_a_reader(call.func):
        yield from (text for text in spelled(call.args[0]) if r"\." in text)
    if name in ("Unfit", "Settled", "Refusal"):
        yield from (refusal_key(text) for text in spelled(call.args[0]))


def _is_a_reader(func: ast.expr) -> bool:
    """`say(...)`, `scene.say(...)`, `say.text(...)`; not `element.text(...)`, `stage.say(person, ...)`."""
    spelling = ast.unparse(func)
    return bool(re.fullmatch(r"(\w+\.)*_?(say|words)(\.text)?", spelling)) and "_stage" not in spelling


def test_every_key_the_code_speaks_is_in_the_catalogue() -> None:
    assert len(spoken()) > 300
    assert [f"{said.where} {said.pattern.pattern}" for said in spoken() if not said.found()] == []


FAMILIES: dict[str, Callable[[], set[str] | frozenset[str]]] = {
    "acted": lambda: acted_keys(),
    "ask": lambda: set(ASKS.values()),
    "button": lambda: {verb for verbs in (*DECIDING.values(), LATE) for verb in verbs} | set(NEEDS),
    "capture.note": lambda: {"day_off", "holiday"},
    "nudge.why": lambda: set(Rung) | LEAD_WORDS,
    "offer": lambda: set(Shape),
    "offer.shape": lambda: set(Shape),
    "promise.status": lambda: set(State),
    "settings.day": lambda: set("0123456"),
    "settings.language": lambda: set(languages()),
    "tell": lambda: set(TELLS),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_member_of_a_family_has_its_words(family: str) -> None:
    members = FAMILIES[family]()
    assert members
    assert [name for name in members if f"{family}.{name}" not in catalogue(FALLBACK)] == []


def acted_keys() -> set[str]:
    """What is said after an act: the third argument of `acted_card`, or what was chosen for it as `key`."""
    named: set[str] = set()
    for _, tree in sources():
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef) and "acted_card(" in ast.unparse(function):
                named |= {text for node in ast.walk(function) for text in _acted(node)}
    return named


def _acted(node: ast.AST) -> set[str]:
    match node:
        case ast.Call(func=ast.Name(id="acted_card"), args=[_, _, key, *_]):
            return _strings(key)
        case ast.Assign(targets=[ast.Name(id="key")], value=value):
            return _strings(value)
    return set()


# Put together in more than one step, or placed by name into the page's markup and its script.
SERVED_BY_NAME = ("playground.page.", "playground.hint.", "digest.manager.topic.", "digest.standing.")


def test_every_key_in_the_catalogue_is_spoken() -> None:
    known = catalogue(FALLBACK)
    plain = {key for text in constants() for key in (text, re.sub(r"\.", ".refusal.", text, count=1))}
    built = {found[0] for said in _all_spellings() for found in said.found() if _can_be(found)}
    assert [key for key in known if key not in plain | built and not key.startswith(SERVED_BY_NAME)] == []


def _all_spellings() -> Iterator[Said]:
    """Every f-string and every refusal that could be a key, wherever it is put together."""
    yield from spoken()
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                yield from (Said(str(path), re.compile(text)) for text in spelled(node) if r"\." in text)


def _can_be(found: re.Match[str]) -> bool:
    """Each part known only when it runs is a string of the code, or a number."""
    return all(part.isdigit() or part in constants() for part in found.groups())


@pytest.mark.parametrize("name", ["UnsureError", "doubt"])
def test_the_due_readers_reasons_are_found(name: str) -> None:
    assert len(reasons()[name]) >= 20


def test_every_reason_of_the_due_reader_has_its_sentence_and_no_other() -> None:
    codes = reasons()["UnsureError"] | reasons()["doubt"] | {"unclear"}
    known = {
        key.removeprefix("due.refusal.") for key in catalogue(FALLBACK) if key.startswith("due.refusal.")
    }
    assert codes ^ known == set()


@cache
def reasons() -> dict[str, frozenset[str]]:
    """Why a phrase asks, and why it wants to be confirmed, out of the reader's own source."""
    asks: set[str] = set()
    doubts: set[str] = set()
    for path, tree in sources():
        if path.name.startswith("due"):
            for node in ast.walk(tree):
                asks |= _asking(node)
                doubts |= _doubting(node)
    return {"UnsureError": frozenset(asks), "doubt": frozenset(doubts)}


def _asking(node: ast.AST) -> set[str]:
    match node:
        case ast.Call(func=ast.Name(id="UnsureError"), args=[reason, *_]):
            return _strings(reason)
        case ast.Call(func=ast.Name(id="_asking"), args=[_, reason]):
            return _strings(reason)
        case ast.Assign(targets=[ast.Name(id="_LEFT")], value=table):
            return _values(table)
        case ast.Assign(targets=[ast.Name(id="_TELLING")], value=table):
            return _values(table)
    return set()


# Where a doubt is handed on by its place: in which argument it stands.
DOUBT_AT = {"_Orders": 1, "_weeks": 1, "_offset": 2}


def _doubting(node: ast.AST) -> set[str]:
    match node:
        case ast.keyword(arg="doubt", value=value):
            return _strings(value)
        case ast.Assign(targets=[ast.Name(id="doubt")], value=value):
            return _strings(value)
        case ast.Assign(targets=[ast.Tuple(elts=[*_, ast.Name(id="doubt")])], value=value):
            return _strings(value)
        case ast.FunctionDef(name=name) if "doubt" in name:
            returned = (n.value for n in ast.walk(node) if isinstance(n, ast.Return) and n.value)
            return {text for value in returned for text in _strings(value)}
        case ast.Return(value=ast.Tuple(elts=[_, doubt])):
            return _strings(doubt)
        case ast.Call(func=ast.Name(id=name), args=args) if len(args) > DOUBT_AT.get(name, len(args)):
            return _strings(args[DOUBT_AT[name]])
    return set()


def _strings(node: ast.expr) -> set[str]:
    """What an expression can be: not the strings it is merely compared with."""
    match node:
        case ast.Constant(value=str() as text) if text:
            return {text}
        case ast.BoolOp(values=values):
            return {text for value in values for text in _strings(value)}
        case ast.IfExp(body=one, orelse=other):
            return _strings(one) | _strings(other)
        case ast.Tuple(elts=[_, last]):
            return _strings(last)
    return set()


def _values(table: ast.expr) -> set[str]:
    return {text for v in table.values for text in _strings(v)} if isinstance(table, ast.Dict) else set()
