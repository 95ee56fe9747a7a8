"""Who may do what. The cells are in `authority.toml`; this file only reads them.

Fail closed: an unknown action, column or reach refuses. Unknown people are external before they get here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files

from commitments.partnership import Role
from commitments.promise import Side


class Column(StrEnum):
    WA = "WA"  # admin
    MG = "MG"  # manager
    PL = "PL"  # lead of that partnership
    AM = "AM"  # member of its account team
    PO = "PO"  # owner of the promise, or the person it is about
    CO = "CO"  # colleague
    EX = "EX"  # customer contact, in the channel now, of the mapped organisation
    ST = "ST"  # everybody else outside
    OT = "OT"  # another tenant


class Grant(StrEnum):
    REFUSED = "refused"
    PROPOSAL = "proposal"  # may only file a proposal
    ALLOWED = "allowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    id: str  # M01..M40 of the threat model, K01.. our own
    action: str
    says: str
    cells: Mapping[Column, tuple[str, ...]]
    mirror: str = ""  # for a promise of theirs: "owner", "customer" or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """What one person is to partnerships and to colleagues, whichever side they are on."""

    roles: Mapping[str, frozenset[Role]]  # by partnership id
    reports: frozenset[str]
    in_channel_of: frozenset[str]  # partnerships whose shared channel they are in


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, as found out for this very turn, never from the payload's say-so."""

    person_id: str
    tenant: str
    is_ours: bool
    is_admin: bool = False
    roles: Mapping[str, frozenset[Role]] = field(default_factory=dict)  # by partnership id
    reports: frozenset[str] = frozenset()
    in_channel_of: frozenset[str] = frozenset()  # partnerships whose shared channel they are in now
    customer_of: frozenset[str] = frozenset()  # of those, the ones their own organisation is mapped to


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What it is done to."""

    tenant: str
    partnership_id: str | None = None
    owner_id: str | None = None  # owner of the promise, or the person concerned
    filed_by: str | None = None
    side: Side = Side.OURS
    is_shown: bool = False


@cache
def matrix() -> Mapping[str, Row]:
    """The authority matrix by action, in the order of the file."""
    text = files("commitments").joinpath("authority.toml").read_text("utf-8")
    rows = (_row(entry) for entry in tomllib.loads(text)["row"])
    return {row.action: row for row in rows}


def _row(entry: Mapping[str, str]) -> Row:
    cells = {column: _reaches(entry.get(column.value, "")) for column in Column}
    return Row(
        id=entry["id"],
        action=entry["action"],
        says=entry["says"],
        cells=cells,
        mirror=entry.get("mirror", ""),
    )


def _reaches(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(",") if part.strip())


def decide(actor: Actor, action: str, subject: Subject) -> Grant:
    """What the matrix grants; the best of all columns that apply to the actor."""
    row = matrix().get(action)
    if row is None:
        return Grant.REFUSED
    reaches = {reach for column in _columns(actor, row, subject) for reach in row.cells[column]}
    if any(_holds(reach, actor, subject) for reach in reaches):
        return Grant.ALLOWED
    return Grant.PROPOSAL if "prop" in reaches else Grant.REFUSED


def _columns(actor: Actor, row: Row, subject: Subject) -> Iterator[Column]:
    if actor.tenant != subject.tenant:
        yield Column.OT
    elif row.mirror and subject.side is Side.THEIRS:
        yield from _mirrored(actor, row, subject)
    elif actor.is_ours:
        yield from _internal(actor, subject)
    else:
        yield _external(actor, subject)


def _mirrored(actor: Actor, row: Row, subject: Subject) -> Iterator[Column]:
    """For a promise of theirs the customer who owns it is the owner, and our lead is the customer."""
    is_lead = Role.LEAD in actor.roles.get(subject.partnership_id or "", frozenset())
    if row.mirror == "customer" and actor.is_ours and is_lead:
        yield Column.EX
    if row.mirror == "owner" and not actor.is_ours and _external(actor, subject) is Column.EX:
        yield Column.PO


def _internal(actor: Actor, subject: Subject) -> Iterator[Column]:
    roles = actor.roles.get(subject.partnership_id or "", frozenset())
    yield Column.CO
    yield Column.PO
    if actor.is_admin:
        yield Column.WA
    if actor.reports or Role.MANAGER in roles:
        yield Column.MG
    if Role.LEAD in roles:
        yield Column.PL
    if roles & {Role.MEMBER, Role.LEAD}:
        yield Column.AM


def _external(actor: Actor, subject: Subject) -> Column:
    if subject.partnership_id is None:
        return Column.EX if actor.customer_of else Column.ST
    return Column.EX if subject.partnership_id in actor.customer_of else Column.ST


def _holds(reach: str, actor: Actor, subject: Subject) -> bool:
    partnership = subject.partnership_id or ""
    roles = actor.roles.get(partnership, frozenset())
    match reach:
        case "Y":
            return True
        case "acct":
            return bool(roles & {Role.LEAD, Role.MEMBER})
        case "team":
            return subject.owner_id in actor.reports or Role.MANAGER in roles
        case "own":
            return subject.owner_id == actor.person_id
        case "filed":
            return subject.filed_by == actor.person_id
        case "chan":
            return subject.is_shown and partnership in actor.in_channel_of
        case "cust":
            return subject.is_shown and (partnership in actor.customer_of or actor.is_ours)
        case _:
            return False
