"""Reads YAML as people mean it, and remembers on which line each key stands.

PyYAML follows YAML 1.1, where `17:00` is the number 1020, `NO` is false and the second of two equal keys
silently wins. Here `17:00` and `NO` are text, equal keys are a problem, and anchors are not read at all
(nothing in app.yaml repeats, and a few lines of nested ones fill any memory).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from adapters.problems import Problem

_MOST = 256 * 1024
Path = tuple[str | int, ...]


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own shape

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "an alias (*)", mark)
        return super().compose_node(parent, index)


for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?[0-9]+\.[0-9]+", "-+0123456789"),
    ("null", r"null|~|", ["n", "~", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), list(_first))


@dataclass(slots=True)
class Source:
    name: str
    values: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def where(self, path: Path) -> str:
        line = next((self.lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self.lines), None)
        keys = ".".join(map(str, path))
        at = f"{self.name} line {line}" if line else self.name
        return f"{at}, {keys}" if keys else at


def read_yaml(name: str, raw: bytes) -> Source:
    """Never raises; what cannot be read is in `problems`. An empty file has no values."""
    source = Source(name)
    try:
        if len(raw) > _MOST:
            raise ValueError(f"{len(raw)} bytes")
        node = yaml.compose(raw.decode("utf-8-sig"), Loader=_Loader)
        source.values = None if node is None else _build(node, (), source)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        source.problems.append(_unreadable(name, error))
    return source


def _build(node: yaml.Node, path: Path, source: Source) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _build_mapping(node, path, source)
    if isinstance(node, yaml.SequenceNode):
        return [_build(each, (*path, n), source) for n, each in enumerate(node.value)]
    return _scalar(node)


def _build_mapping(node: yaml.MappingNode, path: Path, source: Source) -> dict[str, Any]:
    built: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
        here = (*path, key)
        source.lines.setdefault(here, key_node.start_mark.line + 1)
        if key in built:
            line = key_node.start_mark.line + 1
            source.problems.append(
                Problem(
                    where=source.where(here),
                    found=f"the same key again on line {line}",
                    expected="each key once",
                    fix="Keep the one you mean.",
                )
            )
            continue
        built[key] = _build(value_node, here, source)
    return built


def _scalar(node: yaml.Node) -> Any:
    kind = node.tag.rpartition(":")[2]
    if kind == "int":
        return int(
            node.value[:20]
        )  # longer ones are refused by any limit, and int() of thousands of digits is slow
    if kind == "float":
        return float(node.value)
    return {"bool": node.value == "true", "null": None}.get(kind, node.value)


def _unreadable(name: str, error: Exception) -> Problem:
    mark = getattr(error, "problem_mark", None)
    return Problem(
        where=f"{name} line {mark.line + 1}" if mark else name,
        found=str(
            getattr(error, "problem", None) or "a file that is not text in UTF-8, or far too large or deep"
        ),
        expected="YAML: `key: value` lines, indented by spaces",
        fix="Compare with the app.yaml that came with Kept.",
    )
