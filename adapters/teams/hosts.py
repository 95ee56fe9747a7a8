"""Which addresses Kept calls for Teams. Its token goes to nobody else, whatever an activity or a row says.

An address is not taken apart and judged piece by piece: parsers differ, and that difference is an attack. It
is written as here, or it is not listed.
"""

from __future__ import annotations

import re

# The public cloud's, whole names only: anybody may have a name of their own under trafficmanager.net.
_PUBLIC = (
    # learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages
    "smba.trafficmanager.net",
    # The same page: GCC, which has the public cloud's login and keys. GCC High and DoD have their own, whose
    # tokens the gate does not take, so their hosts are not here either.
    "smba.infra.gcc.teams.microsoft.com",
    # Beside the other two in Microsoft's own Teams SDK: teams.net, CloudEnvironment.cs, `allowedServiceUrls`
    "smba.onyx.prod.teams.trafficmanager.net",
)
_LOOPBACK = ("127.0.0.1", "[::1]", "localhost")
LONGEST = 250  # characters; Teams' own have about 80, with a tenant's id in them

_PATH = r"(?P<path>(?:/(?!\.{1,2}(?:/|\Z))[\w.~-]+)*)/?"
_FLAGS = re.ASCII | re.IGNORECASE
_LISTED = re.compile(rf"https://(?P<host>{'|'.join(map(re.escape, _PUBLIC))}){_PATH}", _FLAGS)
_LOCAL = re.compile(
    rf"http://(?P<host>{'|'.join(map(re.escape, _LOOPBACK))})(?P<port>:[0-9]{{1,5}})?{_PATH}", _FLAGS
)


class NotListed(Exception):
    """Nothing is sent there. The address is not in the text: it may hold anything."""


class Hosts:
    def __init__(self, *, loopback: bool = False) -> None:
        """With `loopback`, a connector on this machine is listed too: for emulators only."""
        self._loopback = loopback

    def checked(self, url: object) -> str:
        """The address with host in lower case and a slash at its end. Raises NotListed."""
        if not isinstance(url, str) or len(url) > LONGEST:
            raise NotListed
        if listed := _LISTED.fullmatch(url):
            return f"https://{listed['host'].lower()}{listed['path']}/"
        local = _LOCAL.fullmatch(url) if self._loopback else None
        if local and int((local["port"] or ":80")[1:]) <= 65535:
            return f"http://{local['host'].lower()}{local['port'] or ''}{local['path']}/"
        raise NotListed
