"""Turning a refusal into a sentence that says what to do next."""

from __future__ import annotations

from bot.readers import Reader
from commitments.errors import Refusal


def sentence(say: Reader, refusal: Refusal) -> str:
    """`refusal.<code>`; a code with a dot belongs to a topic: `topic.refusal.<rest>`."""
    return say(_key(refusal.code), **refusal.details)


def _key(code: str) -> str:
    topic, dot, rest = code.partition(".")
    return f"{topic}.refusal.{rest}" if dot else f"refusal.{code}"
