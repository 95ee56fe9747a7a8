"""What was shown where, what the digests said, and what the operator reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from adapters.db.codec import decode_list, decode_map, encode_set, encode_some
from adapters.db.scope import ByDialect, Scoped, Transaction, insert_new
from adapters.db.tables import denials, digests, heartbeats, posts, settings
from bot.addresses import MessageRef
from bot.pausing import PAUSED
from bot.storage import Digest, DigestState, Post

_p = posts.c
_GET_POST = Scoped(posts, lambda *mine: select(posts).where(_p.id == bindparam("id"), *mine))
_BY_REF = Scoped(
    posts,
    lambda *mine: select(posts).where(
        _p.tenant == bindparam("of_tenant"),
        _p.platform == bindparam("platform"),
        _p.place_id == bindparam("place"),
        _p.key == bindparam("key"),
        *mine,
    ),
    by_key=True,
)
_OF_SUBJECT = Scoped(
    posts,
    lambda *mine: select(posts).where(_p.subject_id == bindparam("subject"), *mine).order_by(_p.at, _p.id),
)
_OF_KIND = Scoped(
    posts,
    lambda *mine: (
        select(posts)
        .where(_p.subject_id == bindparam("subject"), _p.kind == bindparam("kind"), *mine)
        .order_by(_p.at, _p.id)
    ),
)


_EMPTY = Scoped(
    posts,
    lambda *mine: (
        update(posts)
        .where(
            _p.id.in_(
                select(_p.id)
                .where(_p.at < bindparam("before"), _p.args.is_not(None), *mine)
                .limit(bindparam("limit"))
            )
        )
        .values(args=None)
    ),
)


class SqlPosts:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, post: Post) -> None:
        self._transaction.add(posts, _post_row(post))

    def get(self, post_id: str) -> Post | None:
        return self._transaction.one(_GET_POST, _post_of, id=post_id)

    def by_ref(self, ref: MessageRef) -> Post | None:
        return self._transaction.one(
            _BY_REF, _post_of, of_tenant=ref.tenant, platform=ref.platform, place=ref.place_id, key=ref.key
        )

    def of_subject(self, subject_id: str) -> list[Post]:
        return self._transaction.all(_OF_SUBJECT, _post_of, subject=subject_id)

    def of_kind(self, kind: str, subject_id: str) -> list[Post]:
        return self._transaction.all(_OF_KIND, _post_of, kind=kind, subject=subject_id)

    def forget_bodies(self, moment: datetime, *, limit: int) -> int:
        return self._transaction.run(_EMPTY, before=moment, limit=limit).rowcount


def _post_row(post: Post) -> dict[str, Any]:
    return {
        "id": post.id,
        "tenant": post.tenant,
        "platform": post.ref.platform,
        "place_id": post.ref.place_id,
        "key": post.ref.key,
        "kind": post.kind,
        "subject_id": post.subject_id,
        "person_id": post.person_id,
        "args": encode_some(post.args),
        "at": post.at,
    }


def _post_of(row: Sequence[Any]) -> Post:
    return Post(
        id=row[0],
        tenant=row[1],
        ref=MessageRef(platform=row[2], tenant=row[1], place_id=row[3], key=row[4]),
        kind=row[5],
        subject_id=row[6],
        person_id=row[7],
        args=decode_map(row[8]),
        at=row[9],
    )


_d = digests.c
_GET = Scoped(digests, lambda *mine: select(digests).where(_d.id == bindparam("id"), *mine))
_OF_PERIOD = Scoped(
    digests,
    lambda *mine: select(digests).where(
        _d.subject_id == bindparam("subject"),
        _d.kind == bindparam("kind"),
        _d.period == bindparam("period"),
        *mine,
    ),
    by_key=True,
)
_LAST_SENT = Scoped(
    digests,
    lambda *mine: (
        select(digests)
        .where(
            _d.subject_id == bindparam("subject"),
            _d.kind == bindparam("kind"),
            _d.state == DigestState.SENT.value,
            *mine,
        )
        .order_by(_d.ends.desc())
        .limit(1)
    ),
    by_key=True,
)
_ADD_DIGEST = insert_new(digests)


class SqlDigests:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def get(self, digest_id: str) -> Digest | None:
        return self._transaction.one(_GET, _digest_of, id=digest_id)

    def of_period(self, subject_id: str, kind: str, period: str) -> Digest | None:
        return self._transaction.one(_OF_PERIOD, _digest_of, subject=subject_id, kind=kind, period=period)

    def add(self, digest: Digest) -> bool:
        self._transaction.guard(digest.tenant)
        return self._transaction.add_new(_ADD_DIGEST, [_digest_row(digest)]) == 1

    def save(self, digest: Digest) -> None:
        self._transaction.save(digests, _digest_row(digest))

    def last_sent(self, subject_id: str, kind: str) -> Digest | None:
        return self._transaction.one(_LAST_SENT, _digest_of, subject=subject_id, kind=kind)


def _digest_row(digest: Digest) -> dict[str, Any]:
    return {
        "id": digest.id,
        "tenant": digest.tenant,
        "kind": digest.kind,
        "subject_id": digest.subject_id,
        "period": digest.period,
        "starts": digest.starts,
        "ends": digest.ends,
        "send_at": digest.send_at,
        "state": digest.state.value,
        "opening": digest.opening,
        "left_out": encode_set(digest.left_out),
        "held_reason": digest.held_reason,
        "mapping_version": digest.mapping_version,
        "version": digest.version,
    }


def _digest_of(row: Sequence[Any]) -> Digest:
    return Digest(
        id=row[0],
        tenant=row[1],
        kind=row[2],
        subject_id=row[3],
        period=row[4],
        starts=row[5],
        ends=row[6],
        send_at=row[7],
        state=DigestState(row[8]),
        opening=row[9],
        left_out=frozenset(decode_list(row[10])),
        held_reason=row[11],
        mapping_version=row[12],
        version=row[13],
    )


def _replace(table: Any, key: list[str], value: str) -> ByDialect:
    def build(insert: Any) -> Any:
        new = insert(table)
        return new.on_conflict_do_update(index_elements=key, set_={value: new.excluded[value]})

    return ByDialect(build)


_BEAT = _replace(heartbeats, ["sweep"], "at")
_BEATS = select(heartbeats.c.sweep, heartbeats.c.at)
_DENY = insert(denials)
_DENIED = select(func.count()).where(
    denials.c.person_id == bindparam("of_person"), denials.c.at >= bindparam("since", type_=denials.c.at.type)
)
_SET = _replace(settings, ["tenant", "key"], "value")
_SETTING = select(settings.c.value).where(
    settings.c.tenant == bindparam("of_tenant"), settings.c.key == bindparam("key")
)
_PAUSED = select(settings.c.value).where(
    settings.c.tenant.in_(["", bindparam("of_tenant")]), settings.c.key == PAUSED, settings.c.value != ""
)


class SqlLedger:
    """Heartbeats belong to the installation; denials and settings to the tenant, or to the installation."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def beat(self, sweep: str, now: datetime) -> None:
        self._transaction.add_new(_BEAT, [{"sweep": sweep, "at": now}])

    def beats(self) -> dict[str, datetime]:
        return {row[0]: row[1] for row in self._transaction.connection.execute(_BEATS)}

    def deny(self, person_id: str, action: str, subject_id: str | None, at: datetime) -> None:
        row = {
            "tenant": self._transaction.home,
            "person_id": person_id,
            "action": action,
            "subject_id": subject_id,
            "at": at,
        }
        self._transaction.connection.execute(_DENY, row)

    def denied_since(self, person_id: str, moment: datetime) -> int:
        values = {"of_person": person_id, "since": moment}
        return int(self._transaction.connection.execute(_DENIED, values).scalar_one())

    def setting(self, key: str) -> str | None:
        values = {"of_tenant": self._transaction.home, "key": key}
        return self._transaction.connection.execute(_SETTING, values).scalar()

    def set(self, key: str, value: str) -> None:
        row = {"tenant": self._transaction.home, "key": key, "value": value}
        self._transaction.add_new(_SET, [row])

    def is_paused(self, tenant: str) -> bool:
        found = self._transaction.connection.execute(_PAUSED, {"of_tenant": tenant})
        return found.first() is not None
