"""`kept erase` as an operator meets it: who is meant, what will go, are you sure, what went."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from adapters.backup import store_path
from adapters.config import load_settings
from adapters.erasing import (
    digest_of,
    erase,
    erased,
    find,
    mend,
    namesakes,
    record,
    to_erase_again,
)
from adapters.identifiers import Identity
from adapters.problems import Trouble
from adapters.stores import opened
from bot.wording import words_for
from commitments.promise import Side

Words = Mapping[Side, str]
PASSES = 3  # what was under way when somebody was erased is over by then
LEDGER = "kept-erasures.txt"  # beside the store; a restore does not take it back
_HEAD = "# Who was erased, as digests: `kept erase --replay` erases them again after a restore.\n"


def erase_person(
    environ: Mapping[str, str],
    said: str,
    now: datetime,
    *,
    also: tuple[str, ...] = (),
    tenant: str | None = None,
    is_sure: Callable[[str], bool],
) -> Iterator[str]:
    """Yields what was done, a line each. Raises Trouble when several people are meant, or nobody."""
    settings = load_settings(environ=environ)
    url = settings.environment.database_url
    with opened(url) as engine:
        everyone = _one_person(find(engine, said, tenant=tenant))
        if not is_sure(_question(engine, everyone)):
            yield "Nothing was changed."
            return
        words = _words(settings.policy.locale, settings.policy.languages)
        for who in everyone:
            yield from _erase(engine, who.known_as(also), now, words)
        _keep_ledger(engine, ledger_beside(url))


def replay(environ: Mapping[str, str], now: datetime) -> Iterator[str]:
    """Erases again whom a restored copy brought back, from the ledger file and the store's own record."""
    settings = load_settings(environ=environ)
    url = settings.environment.database_url
    ledger = ledger_beside(url)
    with opened(url) as engine:
        known = {**erased(engine), **_read(ledger)}
        everyone = to_erase_again(engine, known)
        words = _words(settings.policy.locale, settings.policy.languages)
        for who in everyone:
            yield from _erase(engine, who, now, words)
        record(engine, known)
        _keep_ledger(engine, ledger)
    yield f"{len(known)} erasures are on record, {len(everyone)} had to be done again."


def ledger_beside(url: str) -> Path:
    """PostgreSQL has no place of its own here: then it is the working directory."""
    store = store_path(url)
    return (store.parent if store else Path()) / LEDGER


def _one_person(found: list[Identity]) -> list[Identity]:
    """One account in several workspaces is one person; several accounts of one name are not."""
    if len({(each.platform, each.account) for each in found}) == 1:
        return found
    lines = (f"  {each.platform}:{each.account}  workspace {each.tenant}  {each.name}" for each in found)
    raise Trouble("Several people are called that. Say which, by account:\n" + "\n".join(lines))


def _question(engine: Engine, everyone: list[Identity]) -> str:
    who = everyone[0]
    others = sum(namesakes(engine, each) for each in everyone)
    shared = f" {others} others bear this name; texts lose it for them too." if others else ""
    where = ", ".join(each.tenant for each in everyone)
    return (
        f"{who.name} ({who.platform}:{who.account}) in {where}: name and accounts go from every table, "
        f"for good; promises stay, without the name.{shared}"
    )


def _erase(engine: Engine, who: Identity, now: datetime, words: Words) -> Iterator[str]:
    done = erase(engine, who, now, words)
    yield f"Erased in {who.tenant}: {done.rows} rows changed. On record as {digest_of(who.id)[:12]}."
    if done.open_promises:
        yield f"{done.open_promises} open promises need another owner; a lead gives them one: /promise give."
    if not any(mend(engine, who, done, words[Side.OURS]) == 0 for _ in range(PASSES)):
        yield "They are still at work in Kept, which writes them down anew. Switch their account off first."


def _words(locale: str, languages: tuple[str, ...]) -> Words:
    say = words_for(None, locale, languages)
    return {Side.OURS: say("gone.colleague"), Side.THEIRS: say("gone.contact")}


def _read(ledger: Path) -> dict[str, str]:
    """Moments by digest; raises Trouble for a line that is not ours, rather than forget somebody."""
    if not ledger.exists():
        return {}
    found = {}
    for line in ledger.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            at, _, digest = line.partition(" ")
            if len(digest) != 64:
                raise Trouble(
                    f"{ledger} holds a line Kept did not write. Mend it: each is a moment and a digest."
                )
            found[digest] = at
    return found


def _keep_ledger(engine: Engine, ledger: Path) -> None:
    """Whatever the store has on record and the file has not, also from a run that was cut short."""
    known = _read(ledger)
    missing = [(at, digest) for digest, at in erased(engine).items() if digest not in known]
    if not missing:
        return
    with ledger.open("a", encoding="utf-8") as file:
        file.writelines(([] if known else [_HEAD]) + [f"{at} {digest}\n" for at, digest in sorted(missing)])
