"""Fields of Slack's payloads."""

from __future__ import annotations

import re

from adapters import fields

# Slack's own are upper-case letters and digits.
_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
_STAMP = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,9})?")


class Fields(fields.Fields):
    __slots__ = ()

    ID = _ID

    def stamp(self, name: str) -> str:
        """Such as 1583636382.000300: names a message within its channel."""
        value = self.text(name)
        if not _STAMP.fullmatch(value):
            raise self.odd(name)
        return value

    def stamp_or_none(self, name: str) -> str | None:
        return self.stamp(name) if self._values.get(name) not in (None, "") else None
