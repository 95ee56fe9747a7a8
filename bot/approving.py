"""The lead's say over a shared digest: approve, hold, edit. Anything decided shows what it will be now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from bot.cards import Card, Field, FieldType, Form, Option, decode, encode
from bot.consequences import redraw
from bot.digest_contents import DigestView, Issue, look
from bot.digesting import rebuilt, send, settle, store
from bot.messages.digests import UNDECIDED, preview_card
from bot.readers import Reader
from bot.routes import Route, Routes
from bot.scene import Scene
from bot.storage import DigestState
from bot.turns import Invalid, OpenForm, Outcome, Press, Reply, Submission
from commitments.digest import STALE_AFTER, Held
from commitments.errors import NotYours, Settled, Unfit
from commitments.partnership import Partnership
from commitments.text import clean

ACTION = "digest.decide"
OPENING_LIMIT = 300
KEEP, LEAVE_OUT = "keep", "leave_out"


def approve(scene: Scene, press: Press) -> Outcome:
    """Before the slot it will go out then; after it, within 48 hours, it goes out at once."""
    issue = _issue(scene, press.value)
    if not issue.is_rightly_addressed:
        rebuilt(scene.uow, issue)
        return _shown(scene, press, issue.digest.id)
    if issue.silent:
        raise Unfit(f"digest.{issue.silent.value}")
    reason = issue.held.value if issue.held else None
    approved = settle(scene.uow, issue.digest, DigestState.APPROVED, reason)
    _remember(scene, issue.partnership)
    if scene.now < approved.send_at:
        return _shown(scene, press, approved.id)
    if not issue.is_worth_sending:
        raise Unfit("digest.nothing_to_tell")
    if not send(scene.uow, replace(issue, digest=approved), scene.now):
        raise Settled("digest.sent_already")
    return _said(scene, press, issue, "sent")


def hold(scene: Scene, press: Press) -> Outcome:
    issue = _issue(scene, press.value)
    settle(scene.uow, issue.digest, DigestState.HELD, Held.LEAD.value)
    return _shown(scene, press, issue.digest.id)


def edit(scene: Scene, press: Press) -> Outcome:
    return OpenForm(form=_form(_issue(scene, press.value), scene.say))


def edited(scene: Scene, submission: Submission) -> Outcome:
    issue = _issue(scene, submission.subject)
    opening = clean(submission.values.get("opening", ""), 2 * OPENING_LIMIT)
    if len(opening) > OPENING_LIMIT:
        return Invalid(form=_refused(_form(issue, scene.say), opening, scene.say))
    left_out = frozenset(
        line.id for line in issue.whole.lines if submission.values.get(_name(line.id)) == LEAVE_OUT
    )
    store(scene.uow, replace(issue.digest, opening=opening or None, left_out=left_out))
    return _shown(scene, submission, issue.digest.id)


def _issue(scene: Scene, value: str) -> Issue:
    """The digest meant, while there is still something to decide. Raises NotYours and Settled."""
    known = decode(value)
    digest = scene.uow.digests.get(known.subject) if known else None
    if digest is None or digest.kind != "shared":
        raise NotYours
    scene.partnership(digest.subject_id, ACTION)
    issue = look(scene.uow, digest, scene.now)
    if issue is None:
        raise NotYours
    if digest.state not in UNDECIDED:
        raise Settled(f"digest.{_PAST[digest.state]}")
    if scene.now >= digest.send_at + STALE_AFTER:
        raise Settled("digest.lapsed")
    return issue


_PAST = {
    DigestState.QUEUED: "sent_already",
    DigestState.SENT: "sent_already",
    DigestState.EMPTY: "nothing_to_tell",
    DigestState.LAPSED: "lapsed",
}


def _remember(scene: Scene, partnership: Partnership) -> None:
    """The first one has been approved: later ones go out unless held."""
    if partnership.first_digest_approved_at is None:
        scene.uow.partnerships.save(replace(partnership, first_digest_approved_at=scene.now))


def _shown(scene: Scene, turn: Press | Submission, digest_id: str) -> Outcome:
    digest = scene.uow.digests.get(digest_id)
    issue = look(scene.uow, digest, scene.now) if digest else None
    if issue is None:
        raise NotYours
    _redraw(scene, turn, issue)
    return Reply(card=preview_card([issue], scene.say))


def _said(scene: Scene, press: Press, issue: Issue, word: str) -> Outcome:
    _redraw(scene, press, issue)
    title = scene.say(f"digest.done.{word}", place=issue.place.name, partnership=issue.partnership.name)
    return Reply(card=Card(title=title))


def _redraw(scene: Scene, turn: Press | Submission, issue: Issue) -> None:
    """The card it was pressed on shows how things are now."""
    ref = turn.message if isinstance(turn, Press) else None
    post = scene.uow.posts.by_ref(ref) if ref else None
    intent = redraw(scene.uow, post, turn.key) if post else None
    if intent is not None:
        scene.uow.outbox.queue([intent])


def _form(issue: Issue, say: Reader) -> Form:
    opening = Field(
        name="opening",
        label=say("digest.edit.opening"),
        value=issue.digest.opening or "",
        hint=say("digest.edit.opening_hint"),
        long=True,
    )
    labels = dict(_labels(issue.whole_view))
    lines = (_choice(issue, line.id, labels[line.id], say) for line in issue.whole.lines if line.id in labels)
    return Form(
        id="digest.edit",
        title=say("digest.edit.title", partnership=issue.partnership.name),
        fields=(opening, *lines),
        submit=say("digest.edit.submit"),
        subject=encode(issue.digest.id, issue.digest.period),
    )


def _choice(issue: Issue, line_id: str, label: str, say: Reader) -> Field:
    return Field(
        name=_name(line_id),
        label=label,
        type=FieldType.CHOICE,
        value=LEAVE_OUT if line_id in issue.digest.left_out else KEEP,
        options=tuple(Option(value=v, label=say(f"digest.edit.{v}")) for v in (KEEP, LEAVE_OUT)),
    )


def _labels(view: DigestView) -> Iterator[tuple[str, str]]:
    for promise in chain.from_iterable(view.promises.values()):
        yield promise.id, promise.title
    yield from ((win.id, win.text) for win in view.wins)
    yield from ((voice.id, voice.said) for voice in view.voices)


def _name(line_id: str) -> str:
    return f"line_{line_id}"


def _refused(form: Form, opening: str, say: Reader) -> Form:
    error = say("digest.edit.too_long", limit=OPENING_LIMIT)
    first = replace(form.fields[0], value=opening, error=error)
    return replace(form, fields=(first, *form.fields[1:]))


PRESSES: Routes = {
    "digest.approve": Route(approve, ACTION),
    "digest.hold": Route(hold, ACTION),
    "digest.edit": Route(edit, ACTION),
}

FORMS: Routes = {"digest.edit": Route(edited, ACTION)}
