"""Why was that (not) read? Answers in words, and in bulk for anyone who wants to measure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any, TextIO

from adapters.clock import utc_now
from adapters.problems import Trouble
from commitments.due import Reading, Setting, Status, read
from commitments.due_terms import UnsureError
from commitments.due_zones import zone_named
from commitments.spotting import Author, Offer, Said, Sort, refusals, spot

FLOATING = "floating"
Row = Mapping[str, Any]
_BAD_MESSAGE: Row = {"offers": [], "reason": "bad_row"}
_BAD_ROW: Row = {"status": "ask", "due_local": None, "candidates": [], "reason": "bad_row"}


def explain_phrase(phrase: str, *, tz: str | None, locale: str | None, now: str | None) -> str:
    """Raises Trouble when `now` is not a moment."""
    try:
        moment = _moment(now, tz)
    except ValueError:
        raise Trouble(f"{now!r} is not a moment: write it like 2026-11-27T16:30.") from None
    return "\n".join(_in_words(read(phrase, now=moment, setting=Setting(zone=tz, locale=locale)), tz))


def explain_lines(lines: Iterable[bytes], out: TextIO) -> None:
    """One line out for each line in; a line that cannot be used asks with the reason `bad_row`."""
    _answer_lines(lines, out, _explain_row, _BAD_ROW)


def explain_message(text: str, *, author: Author, language: str | None) -> str:
    said = Said(text=text, author=author, language=language)
    found = spot(said)
    lines = [line for offer in found for line in _offer_in_words(offer)] or ["no promise"]
    return "\n".join([*lines, *(f"  not a promise: “{words}” ({veto})" for veto, words in refusals(said))])


def explain_messages(lines: Iterable[bytes], out: TextIO) -> None:
    """One line out for each line in; a line that cannot be used offers nothing, with the reason `bad_row`."""
    _answer_lines(lines, out, _explain_said, _BAD_MESSAGE)


def _answer_lines(
    lines: Iterable[bytes], out: TextIO, answer: Callable[[Mapping[str, Any]], Row], bad: Row
) -> None:
    for line in lines:
        print(json.dumps(_explain_line(line, answer, bad)), file=out, flush=True)


def _explain_line(line: bytes, answer: Callable[[Mapping[str, Any]], Row], bad: Row) -> dict[str, Any]:
    row: Any = None
    try:
        row = json.loads(line)
        return {"id": row.get("id"), **answer(row)}
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError, RecursionError):
        return {"id": row.get("id") if isinstance(row, dict) else None, **bad}


def _explain_said(row: Mapping[str, Any]) -> Row:
    context = [_said(each, row.get("lang")) for each in row.get("context") or ()]
    found = spot(_said(row, row.get("lang")), context)
    # What is reported done is no promise; in the chat it is asked about.
    return {"offers": [_offer(offer) for offer in found if offer.sort is not Sort.FULFILMENT]}


def _said(row: Mapping[str, Any], language: object) -> Said:
    author = row["author"]
    if author not in ("ours", "theirs"):
        raise ValueError(author)
    return Said(
        text=_text(row["text"]), author=author, language=None if language is None else _text(language)
    )


def _offer(offer: Offer) -> dict[str, Any]:
    return {
        "action": offer.action,
        "owner": offer.owner.value,
        "due_text": offer.due_text,
        "tier": offer.tier.value,
        "why": "; ".join(_why(offer)),
    }


def _why(offer: Offer) -> Iterable[str]:
    yield f"“{offer.why.trigger}” ({offer.cue})"
    if offer.why.request:
        yield f"answers “{offer.why.request}”"
    yield from offer.why.doubts


def _offer_in_words(offer: Offer) -> Iterable[str]:
    due = f", due “{offer.due_text}”" if offer.due_text else ", no due date said"
    yield f"{offer.tier.value}: {offer.action}" + ("" if offer.sort is Sort.FULFILMENT else due)
    yield (
        f"  {offer.sort.value} of the {offer.owner.value}"
        if offer.owner != "other"
        else "  a colleague's promise"
    )
    yield f"  because: {'; '.join(_why(offer))}"


def _explain_row(row: Mapping[str, Any]) -> Row:
    tz = _zone(row.get("tz"))
    reading = read(_text(row["phrase"]), now=_moment(row.get("now"), tz), setting=_setting(row, tz))
    return {
        "status": reading.status.value,
        "due_local": None if reading.local is None else _minutes(reading.local),
        "candidates": [_minutes(_local(each, tz)) for each in reading.candidates],
        "reason": reading.reason,
    }


def _setting(row: Mapping[str, Any], tz: str | None) -> Setting:
    days_off = frozenset(map(date.fromisoformat, row.get("holidays") or ()))
    locale = row.get("locale")
    return Setting(
        zone=tz,
        locale=None if locale is None else _text(locale),
        day_start=time.fromisoformat(row.get("workday_start") or "09:00"),
        day_end=time.fromisoformat(row.get("workday_end") or "17:00"),
        is_day_off=days_off.__contains__,
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _zone(value: object) -> str | None:
    """None stands for wall time without a zone."""
    return None if value is None or value == FLOATING else _text(value)


def _moment(text: str | None, tz: str | None) -> datetime:
    """Aware and in UTC, or naive where there is no zone. A moment without an offset is wall time in `tz`."""
    moment = utc_now() if text is None else datetime.fromisoformat(text)
    if tz is None:
        return moment.replace(tzinfo=None)
    return (moment if moment.tzinfo else moment.replace(tzinfo=_zone_info(tz))).astimezone(UTC)


def _local(moment: datetime, tz: str | None) -> datetime:
    return moment if tz is None else moment.astimezone(_zone_info(tz))


def _zone_info(tz: str) -> tzinfo:
    try:
        return zone_named(tz)
    except UnsureError:
        return UTC  # any will do: the reader says that there is no such zone


def _minutes(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"


def _in_words(reading: Reading, tz: str | None) -> Iterable[str]:
    zone = tz or "wall time"
    yield reading.status.value + (f": {_long(reading.local)} {zone}" if reading.local else "")
    if reading.status is Status.CONFIRM:
        yield from (f"  or {_long(_local(each, tz))} {zone}" for each in reading.candidates[1:])
    if reading.reason:
        yield f"  because: {reading.reason.replace('_', ' ')}"
    if reading.note:
        yield f"  note: {reading.note.replace('_', ' ')}"
    if reading.status is not Status.ASK:
        unsaid = "" if reading.time_said else "; no time was said, so the end of the working day"
        yield f"  read to the {reading.grain}{unsaid}"


def _long(moment: datetime) -> str:
    return f"{moment:%A} {moment.day} {moment:%B %Y, %H:%M}"
