"""The shared digest, the lead's preview of it in the same words, and a word to the lead about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.cards import Block, Bullets, Button, Card, Mention, Paragraph, Strong, Text, Tone, encode
from bot.composing import Composer, Draft
from bot.digest_contents import DigestView, Issue, WinView, look
from bot.readers import Reader, reader_in
from bot.storage import Digest, DigestState
from bot.views import CustomerView
from commitments.digest import STALE_AFTER, LineKind
from commitments.promise import Side

LINES_A_SECTION = 6  # ours: a digest is read standing up
UNDECIDED = frozenset({DigestState.DRAFT, DigestState.AWAITING, DigestState.APPROVED, DigestState.HELD})


def shared_card(view: DigestView, say: Reader) -> Card:
    """What customers read. Made of a DigestView only."""
    last = view.ends - (view.ends - view.starts).resolution
    title = say("digest.shared.title", first=say.day(view.starts), last=say.day(last))
    subject = encode(view.partnership_id)
    return Card(
        title=title,
        blocks=tuple(_blocks(view, say)),
        buttons=(
            Button(verb="welcome.list", label=say("digest.shared.see_list"), value=subject),
            Button(verb="welcome.quieter", label=say("digest.shared.quieter"), value=subject),
        ),
        tone=Tone.CELEBRATION,
    )


def _blocks(view: DigestView, say: Reader) -> Iterator[Block]:
    if view.opening:
        yield Paragraph((view.opening,))
    if view.purpose:
        yield Paragraph(say.text("digest.shared.purpose", purpose=view.purpose))
    for kind in LineKind:
        items = tuple(_items(kind, view, say))
        if items:
            heading = say(f"digest.shared.{kind.value}", partnership=view.partnership)
            yield Paragraph((Strong(heading),))
            yield Bullets(_shortened(items, say))
    if view.unopposed:
        yield Paragraph(say.text("digest.shared.unopposed", n=view.unopposed))


def _items(kind: LineKind, view: DigestView, say: Reader) -> Iterator[Text]:
    if kind is LineKind.WIN:
        yield from (_win(win, say) for win in view.wins)
    elif kind is LineKind.VOICE:
        yield from (say.text("digest.shared.voice_line", said=v.said, did=v.did) for v in view.voices)
    else:
        yield from (_promise(kind, promise, say) for promise in view.promises.get(kind, ()))


def _promise(kind: LineKind, promise: CustomerView, say: Reader) -> Text:
    values = {"title": promise.title, "due": say.due(promise.due), "partnership": promise.partnership}
    match kind:
        case LineKind.AGREED:
            return say.text("digest.shared.agreed_line", **values)
        case LineKind.NEXT:
            whose = "ours" if promise.side is Side.OURS else "theirs"
            return say.text(f"digest.shared.next_{whose}", **values)
        case _:
            return (promise.title,)


def _win(win: WinView, say: Reader) -> Text:
    if not win.credits:
        return (win.text,)
    return say.text("digest.shared.win_line", text=win.text, names=_listed(win.credits))


def _listed(names: tuple[Mention, ...]) -> Text:
    spread: list[str | Mention] = [names[0]]
    for name in names[1:]:
        spread += [", ", name]
    return tuple(spread)


def _shortened(items: tuple[Text, ...], say: Reader) -> tuple[Text, ...]:
    more = len(items) - LINES_A_SECTION
    if more <= 0:
        return items
    return (*items[:LINES_A_SECTION], say.text("digest.shared.more", n=more))


def compose_shared(draft: Draft) -> Card | None:
    """Nothing is said when the customer, the channel or their wishes have changed since it was queued."""
    issue = _issue(draft, draft.subject_id)
    if issue is None or issue.place.id != draft.place.id or not issue.is_rightly_addressed:
        return None
    if issue.digest.state not in (DigestState.QUEUED, DigestState.SENT):
        return None
    if issue.silent or not issue.is_worth_sending:
        return None
    return shared_card(issue.view, draft.say)


def compose_preview(draft: Draft) -> Card | None:
    """One card for all of a lead's channels; `digests` names them."""
    found = [_issue(draft, digest_id) for digest_id in draft.args.get("digests", "").split()]
    issues = [i for i in found if i and is_undecided(i, draft) and i.whole.lines and not i.silent]
    issues = [i for i in issues if not i.whole.is_empty]
    if draft.person is None or not issues:
        return None
    return preview_card(issues, draft.say)


def is_undecided(issue: Issue, draft: Draft) -> bool:
    return issue.digest.state in UNDECIDED and draft.now < issue.digest.send_at + STALE_AFTER


def preview_card(issues: list[Issue], say: Reader) -> Card:
    return Card(
        title=say("digest.preview.title"),
        blocks=tuple(block for issue in issues for block in _previewed(issue, say)),
        buttons=tuple(button for issue in issues for button in decisions(issue, say)),
    )


def _previewed(issue: Issue, say: Reader) -> Iterator[Block]:
    """A line for the lead, then the very words customers will see, in the channel's language and zone."""
    yield Paragraph((Strong(f"{issue.partnership.name} · {issue.place.name}"),))
    yield Paragraph(standing(issue, say))
    if issue.is_worth_sending:
        card = shared_card(issue.view, reader_in(say.ports, issue.place, issue.partnership, say.now))
        yield Paragraph((Strong(card.title),))
        yield from card.blocks


def standing(issue: Issue, say: Reader) -> Text:
    """What will happen to it if nobody does anything."""
    digest = issue.digest
    if not issue.is_worth_sending:
        return say.text("digest.standing.empty")
    if digest.state is DigestState.HELD or (issue.held and issue.held.value != digest.held_reason):
        reason = digest.held_reason if digest.state is DigestState.HELD else issue.held
        return say.text("digest.standing.held", reason=say(f"digest.reason.{reason or 'lead'}"))
    late = "_now" if digest.state is DigestState.AWAITING and say.now >= digest.send_at else ""
    return say.text(f"digest.standing.{digest.state.value}{late}", at=say.moment(digest.send_at))


def decisions(issue: Issue, say: Reader) -> tuple[Button, ...]:
    value, name, state = (
        encode(issue.digest.id, issue.digest.period),
        issue.partnership.name,
        issue.digest.state,
    )
    verbs = [verb for verb, done in _DECIDED.items() if state is not done]
    return tuple(
        Button(
            verb=f"digest.{verb}",
            label=say(f"digest.button.{verb}"),
            value=value,
            about=name,
            primary=verb == "approve",
        )
        for verb in verbs
    )


_DECIDED: Mapping[str, DigestState | None] = {
    "approve": DigestState.APPROVED,
    "hold": DigestState.HELD,
    "edit": None,
}


def compose_word(draft: Draft) -> Card | None:
    """Held, or waiting for approval: said while it is still so."""
    issue = _issue(draft, draft.subject_id)
    if draft.person is None or issue is None or issue.digest.state.value != draft.args.get("state"):
        return None
    if not is_undecided(issue, draft):
        return None
    say = draft.say
    return Card(
        title=say(f"digest.word.{issue.digest.state.value}", partnership=issue.partnership.name),
        blocks=tuple(_previewed(issue, say)),
        buttons=decisions(issue, say),
        tone=Tone.ATTENTION,
    )


def _issue(draft: Draft, digest_id: str) -> Issue | None:
    digest: Digest | None = draft.uow.digests.get(digest_id)
    return look(draft.uow, digest, draft.now) if digest else None


COMPOSERS: Mapping[str, Composer] = {
    "digest": compose_shared,
    "digest_preview": compose_preview,
    "digest_word": compose_word,
}
