"""Everything the rules say no with.

Refusal            a person asked for something that cannot be; the wording catalogue has the sentence
|-- NotYours       absent and forbidden are one answer (T46)
|-- Settled        somebody, or time, has already decided it
`-- Unfit          the words or the moment do not fit; names the field where there is one
StaleWrite         somebody else changed the row since it was read; read it again and apply again
"""

from __future__ import annotations


class Refusal(Exception):
    """Kept says no. `code` keys the sentence `refusal.<code>`; `details` fill its placeholders."""

    def __init__(self, code: str, **details: str) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


class NotYours(Refusal):
    """The object is absent, or not this person's to see or touch: on purpose the same."""

    def __init__(self) -> None:
        super().__init__("not_yours")


class Settled(Refusal):
    """The question was answered before this answer came."""


class Unfit(Refusal):
    """A value does not fit; `field` names the form field it belongs to."""

    def __init__(self, code: str, field: str | None = None, **details: str) -> None:
        super().__init__(code, **details)
        self.field = field


class StaleWrite(Exception):
    """The row changed between reading and writing."""
