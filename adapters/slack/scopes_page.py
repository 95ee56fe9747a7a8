"""The table of scopes for people: python -m adapters.slack.scopes_page > docs/slack-scopes.md"""

from __future__ import annotations

from collections.abc import Iterable

from adapters.slack.scopes import EVENTS_WITHOUT_SCOPE, READING, SCOPES, Scope

_HEAD = """# What Kept may do in Slack, and why

Kept asks for the scopes below and no others; `kept manifest slack` lists the same ones, and `kept check` says
which are missing. It acts as itself, a bot, and never as a person.

| scope | why | used for | events |
|---|---|---|---|"""
_READING = """
Where `features.reading: true` stands in `app.yaml`, and only there, two more:

| scope | why | used for | events |
|---|---|---|---|"""
_FOOT = """
Delivered without any scope: {events}.

With Socket Mode the app token has `connections:write`, which opens the connection and grants nothing else.

## What Kept cannot do

| not asked for | so Kept cannot |
|---|---|
| `channels:history`, `groups:history` without reading | read what people write in channels (see below) |
| `chat:write.public`, `channels:join` | speak in a channel, or enter one, that nobody invited it to |
| `users:read.email` | see anybody's e-mail address |
| `files:read`, `files:write` | open or send files |
| any user scope | act or look as a person |

In channels it hears mentions of `@Kept`, its commands, and the one message somebody chooses with *Track as
promise*. With reading on it also gets the messages of every channel it is in, and drops them unread but for
those where a lead lets it read along ([security.md](security.md) says what becomes of them). It never looks
back: after a broken connection Kept can look whether its own message has arrived in a direct
conversation, but not in a channel."""


def page() -> str:
    events = _code(EVENTS_WITHOUT_SCOPE)
    return "\n".join(
        (_HEAD, *map(_row, SCOPES), _READING, *map(_row, READING), _FOOT.format(events=events), "")
    )


def _row(scope: Scope) -> str:
    return f"| `{scope.name}` | {scope.why} | {_code(scope.methods)} | {_code(scope.events)} |"


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    print(page(), end="")
