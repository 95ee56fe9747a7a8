"""`kept erase`: a person goes from every table; what they promised and what became of it stays (T41).

1. Find the person, by Kept's id, account, mention, or name.
2. In one transaction: end what they take part in, give their row a new id and no name, take every form of
   them out of every text, and write the erasure down without saying who it was.
3. Add it to the ledger file, which a restore does not take back, so that `--replay` can erase again (T40).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_hex
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Engine,
    Table,
    Update,
    delete,
    func,
    or_,
    select,
    update,
)

from adapters.db.rows import key_of
from adapters.db.scope import insert_new
from adapters.db.tables import (
    denials,
    members,
    outbox,
    partnerships,
    people,
    places,
    promises,
    reports,
    roles,
    settings,
    sightings,
)
from adapters.db.texts import TextTable, take_time, text_tables
from adapters.identifiers import Forms, Identity
from adapters.problems import Trouble
from bot.storage import SendState
from commitments.promise import Side, State

_MENTION = re.compile(r"<@([^<>|]+)(?:\|[^<>]*)?>")
_ERASED = "erased."  # settings of the installation: erased.<digest> = the moment
_REMOVED = frozenset(
    {"denials", "playground_forms", "quarantine", "slack_asks", "teams_asks", "teams_conversations"}
    | {"cue_dismissals", "jottings", "left_out", "open_requests", "sightings"}
)  # kept for a while only, or for nobody else
# Bodies as a platform sent them, in whatever encoding: not mended, but emptied, and not dealt with later.
_RAW = {"quarantine": {"body": ""}, "slack_events": {"body": "", "state": "done"}}
_RECORD = insert_new(settings)
_OPEN = (State.PROPOSED, State.OPEN, State.DELIVERED)
_UNSAID = (SendState.PENDING, SendState.SENDING, SendState.DEAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    rows: int  # changed or removed
    open_promises: int  # that now need another owner
    new_id: str


def find(engine: Engine, said: str, *, tenant: str | None = None) -> list[Identity]:
    """Everybody it may mean, whoever they are. Raises Trouble when that is nobody."""
    said = said.strip()
    with engine.begin() as connection:
        found = [row for row in _candidates(connection, said) if tenant in (None, row.tenant)]
    if found:
        return [Identity(**row._mapping) for row in found]
    if "@" in said.strip("@") and not said.startswith("<"):
        raise Trouble(
            "Kept stores no e-mail addresses. Name the person by account or name, and give the address "
            "with --also: it is then removed from texts."
        )
    raise Trouble("Kept knows nobody by that. Try slack:U024BE7LH, the name in full, or Kept's own id.")


def erase(engine: Engine, who: Identity, now: datetime, words: Mapping[Side, str]) -> Erasure:
    """In one transaction. Raises Trouble when the person is not there any more."""
    with engine.begin() as connection:
        side = connection.execute(select(people.c.side).where(people.c.id == who.id)).scalar()
        if side is None:
            raise Trouble("This person is not stored any more. Nothing was changed.")
        orphans = _orphans(connection, who)
        rows, new_id = 0, ""
        for each in (
            *_also(connection, who),
            who,
        ):  # their other accounts first: what is said of new_id is theirs
            forms = Forms(each, new_id=(new_id := token_hex(16)), words=words[Side(side)])
            rows += _erased(connection, each, forms, now)
    return Erasure(rows=rows, open_promises=orphans, new_id=new_id)


def _also(connection: Connection, who: Identity) -> list[Identity]:
    found = connection.execute(_IDENTITIES.where(people.c.same_as == who.id))
    return [Identity(**row._mapping, also=who.also) for row in found]


def _erased(connection: Connection, who: Identity, forms: Forms, now: datetime) -> int:
    _record(connection, {digest_of(who.id): now.isoformat()})
    return _retire(connection, who, now) + _rename(connection, who, forms) + _clear(connection, who, forms)


def mend(engine: Engine, who: Identity, erasure: Erasure, words: str) -> int:
    """Takes out what processes that still knew them have written since; says how many rows that was."""
    with engine.begin() as connection:
        return _clear(connection, who, Forms(who, new_id=erasure.new_id, words=words))


def namesakes(engine: Engine, who: Identity) -> int:
    """Others of that name, who lose it in texts as well: a name does not say whose it is."""
    with engine.begin() as connection:
        return sum(row.id != who.id and row.tenant == who.tenant for row in _named(connection, who.name))


def digest_of(person_id: str) -> str:
    """Ids are 128 random bits, so that nobody can guess their way back from the digest."""
    return sha256(f"kept erasure {person_id}".encode()).hexdigest()


def erased(engine: Engine) -> dict[str, str]:
    """Moments by digest."""
    with engine.begin() as connection:
        rows = connection.execute(select(settings.c.key, settings.c.value).where(_IS_ERASURE)).all()
    return {key.removeprefix(_ERASED): at for key, at in rows}


def record(engine: Engine, moments: Mapping[str, str]) -> None:
    """By digest; those that are on record already keep their moment."""
    with engine.begin() as connection:
        _record(connection, moments)


def to_erase_again(engine: Engine, digests: Iterable[str]) -> list[Identity]:
    """Whom a restored copy brought back."""
    wanted = set(digests)
    with engine.begin() as connection:
        found = [row for row in connection.execute(_IDENTITIES) if digest_of(row.id) in wanted]
    return [Identity(**row._mapping) for row in found]


_IDENTITIES = select(people.c.id, people.c.tenant, people.c.platform, people.c.account, people.c.name)
_IS_ERASURE = settings.c.key.startswith(_ERASED, autoescape=True)


def _candidates(connection: Connection, said: str) -> list[Any]:
    mention = _MENTION.fullmatch(said)
    account = mention[1] if mention else said
    platform, _, there = account.partition(":")
    is_meant = or_(
        people.c.id == account,
        people.c.account == account,
        (people.c.platform == platform) & (people.c.account == there),
    )
    found = list(connection.execute(_IDENTITIES.where(is_meant).order_by(people.c.id)))
    stands_for = select(people.c.same_as).where(is_meant, people.c.same_as.is_not(None))
    if same := list(connection.execute(_IDENTITIES.where(people.c.id.in_(stands_for)))):
        return same
    return found or _named(connection, said.removeprefix("@"))


def _named(connection: Connection, name: str) -> list[Any]:
    """Compared here: databases know less of capital letters."""
    return [row for row in connection.execute(_IDENTITIES) if key_of(row.name) == key_of(name)]


def _orphans(connection: Connection, who: Identity) -> int:
    theirs = promises.c.owner_id == who.id, promises.c.state.in_([each.value for each in _OPEN])
    return int(connection.execute(select(func.count()).where(*theirs)).scalar_one())


def _retire(connection: Connection, who: Identity, now: datetime) -> int:
    """Whatever would be said to them or asked of them ends; the other side of each stays."""
    settled = {"state": SendState.DROPPED.value, "settled_at": now, "reason": "erased", "leased_by": None}
    is_waiting = outbox.c.state.in_([each.value for each in _UNSAID])
    statements = (
        _taken_up(who),
        delete(members).where(members.c.person_id == who.id),
        delete(roles).where(roles.c.person_id == who.id),
        delete(reports).where(or_(reports.c.person_id == who.id, reports.c.manager_id == who.id)),
        delete(denials).where(denials.c.person_id == who.id),
        update(outbox).where(outbox.c.person_id == who.id, is_waiting).values(settled),
        _changed(partnerships, partnerships.c.their_lead_id == who.id, their_lead_id=None),
        _changed(promises, promises.c.hand_over_to == who.id, hand_over_to=None),
    )
    return sum(connection.execute(each).rowcount for each in statements)


def _taken_up(who: Identity) -> Delete:
    """Offers that quote what a customer asked for where they are: whose words it was is not kept."""
    there = select(members.c.place_id).join(people, people.c.id == members.c.person_id)
    theirs = there.where(people.c.id == who.id, people.c.side == Side.THEIRS.value)
    quoting = sightings.c.passage.contains('"request":"', autoescape=True)
    return delete(sightings).where(sightings.c.place_id.in_(theirs), quoting)


def _rename(connection: Connection, who: Identity, forms: Forms) -> int:
    """Side, zone and hours stay: what was early and what was late is judged by them."""
    nobody = {
        "id": forms.new_id,
        "account": forms.account,
        "name": forms.words,
        **dict.fromkeys(("is_active", "is_admin", "agreed_to_be_named"), False),
        **dict.fromkeys(("away", "introduced_at", "same_as", "prefers", "link_code", "link_until"), None),
    }
    private = {"route": forms.account, "name": forms.words, "person_id": forms.new_id}
    statements = (
        _changed(people, people.c.id == who.id, **nobody),
        _changed(places, places.c.person_id == who.id, **private),
    )
    return sum(connection.execute(each).rowcount for each in statements)


def _changed(table: Table, where: ColumnElement[bool], **values: Any) -> Update:
    """A new version: whoever read the row before finds their write stale, and reads again."""
    return update(table).where(where).values(**values, version=table.c.version + 1)


def _clear(connection: Connection, who: Identity, forms: Forms) -> int:
    """Row by row, since only we know where a name ends."""
    take_time(connection)
    return sum(_clear_in(connection, table, who, forms) for table in text_tables(connection))


def _clear_in(connection: Connection, table: TextTable, who: Identity, forms: Forms) -> int:
    cleared = 0
    for row in table.holding(connection, forms.needles):
        changes = _changes(table, row, who, forms)
        if changes and table.name in _REMOVED:
            table.remove(connection, row)
        elif changes:
            table.write(connection, row, changes)
        cleared += bool(changes)
    return cleared


def _changes(table: TextTable, row: Mapping[str, str], who: Identity, forms: Forms) -> dict[str, str]:
    is_home = row.get("tenant", "") in ("", who.tenant)  # elsewhere the same name is somebody else's
    if table.name == people.name and not is_home:
        return {}
    changes = dict(_cleared(table, row, forms, is_home=is_home))
    if table.name == promises.name and changes.keys() & {"title", "title_key"}:
        changes["title_key"] = key_of(changes.get("title", row["title"]))
    if table.name in _RAW and (changes or forms.stand_in(row["body"])):
        changes |= _RAW[table.name]
    return changes


def _cleared(
    table: TextTable, row: Mapping[str, str], forms: Forms, *, is_home: bool
) -> Iterator[tuple[str, str]]:
    for each in table.columns:
        name, text = each.column.name, row[each.column.name]
        is_own_name = table.name == people.name and name == "name"  # a namesake keeps theirs
        is_words = is_home and not is_own_name
        if text and (new := forms.without(text, words=is_words, key=each.is_key)) != text:
            yield name, new


def _record(connection: Connection, moments: Mapping[str, str]) -> None:
    """Among the settings of the installation, without a word of who it was."""
    rows = [{"tenant": "", "key": f"{_ERASED}{digest}", "value": at} for digest, at in moments.items()]
    if rows:
        _RECORD.run(connection, rows)
