"""What `kept check` found, in a line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    is_fine: bool
    subject: str
    words: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.is_fine else 'FAIL'}  {self.subject:<9} {self.words}"
