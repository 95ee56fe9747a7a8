"""What is wrong with the settings, said so that the operator can mend it without us."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    where: str  # "app.yaml line 12, hours.day_end" or the variable's name
    found: str
    expected: str
    fix: str

    def __str__(self) -> str:
        return f"{self.where}: found {self.found}, expected {self.expected}. {self.fix}"


class BadSettings(Exception):
    """The settings cannot be used; every problem is listed at once."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class Trouble(Exception):
    """Something foreseeable went wrong; the text is one line that says what to do."""
