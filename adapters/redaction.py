"""Secrets and the shapes they have, so that none is printed, logged or kept in a file by mistake."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

HIDDEN = "***"
FIELDS_AT_MOST = 1_000  # of a form; Slack's have about twenty


@dataclass(frozen=True, slots=True)
class Secret:
    """Prints as `***` wherever it ends up; `reveal` at the one place that needs it."""

    _value: str = field(repr=False)

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return HIDDEN

    __str__ = __repr__


# Quantifiers are bounded or anchored, so that a hostile line costs linear time.
_SHAPES = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        # docs.slack.dev/authentication/tokens: xoxb-, xoxp-, xoxe-, xoxe.xoxb-, xapp-
        (r"\b(?:xox[a-z]\.)?(?:xox[a-z]|xapp)-[\w-]{8,}", 0),
        # docs.slack.dev: incoming webhooks and response URLs are credentials by themselves
        (r"https://hooks\.slack(?:-gov)?\.com/\S+", 0),
        (r"\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?", 0),  # RFC 7519
        (r"\bbearer\s+[\w.~+/=-]{8,}", re.IGNORECASE),
        (
            r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\Z)",
            re.DOTALL,
        ),
        (r"(?<=://)[^\s/@:]*:[^\s/]+(?=@)", 0),  # user:password in an address
        (r"(?<![\w.~-])[\w.~-]{3}\dQ~[\w.~-]{31,34}", 0),  # a client secret as Microsoft Entra issues them
        (r"(?<![\w+/-])[\w+/-]{43}=", 0),  # 32 bytes in base64: KEPT_SECRET_KEY
        (r"\b[0-9a-f]{64}\b|\b[0-9a-f]{32}\b", re.IGNORECASE),  # a request signature, a Slack signing secret
    )
)
_NAMED = re.compile(
    r"(\b[\w.-]{0,40}(?:secret|passw(?:or)?d|token|api_?key|authorization)[\w]{0,20}\\{0,3}[\"']?\s{0,3}[=:]\s{0,3}"
    r"\[?\s{0,3}\\{0,3}[\"']?)"
    r"(?![\[{])(?:\\+(?![\"'\\])|[^\s\"'&,;})\]\\])+",  # what a list or an object holds is looked at
    re.IGNORECASE,
)
_A_FORM = re.compile(r"[\w.%-]{1,60}=", re.ASCII)
_NAMES = re.compile(r"secret|passw(or)?d|token|api_?key|private_?key|credential", re.IGNORECASE)


def redact(text: str) -> str:
    for shape in _SHAPES:
        text = shape.sub(HIDDEN, text)
    return _NAMED.sub(rf"\1{HIDDEN}", text)


def redact_body(text: str) -> str:
    """Of a request: JSON stays JSON and a form a form, so that its shape can still be read."""
    return _redact_form(text) if _A_FORM.match(text) else _redact_json(text)


def _redact_json(text: str) -> str:
    try:
        hidden = json.dumps(_without_secrets(json.loads(text)), ensure_ascii=False)
    except (ValueError, RecursionError):
        return redact(text)
    return hidden.encode(errors="replace").decode()  # JSON can spell out what is no text


def _redact_form(text: str) -> str:
    try:
        fields = parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS_AT_MOST)
    except ValueError:
        return redact(text)
    return urlencode([(redact(name), _hidden(name) or _redact_json(value)) for name, value in fields])


def _without_secrets(value: object) -> object:
    match value:
        case str():
            return redact(value)
        case list():
            return [_without_secrets(each) for each in value]
        case dict():
            return {
                redact(name): _hidden(name, each) or _without_secrets(each) for name, each in value.items()
            }
    return value


def _hidden(name: str, value: object = "") -> str | None:
    is_plain = value is not None and not isinstance(value, (bool, dict))
    return HIDDEN if is_plain and names_secret(name) else None


def holds_secret(text: str) -> bool:
    return redact(text) != text


def names_secret(name: str) -> bool:
    return _NAMES.search(name) is not None
