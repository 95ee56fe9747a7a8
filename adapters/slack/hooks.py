"""Addresses Slack gives us to answer at. They come in payloads, and are believed only where they may be."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# docs.slack.dev/interactivity/handling-user-interaction: response_url is on this host, for commercial Slack.
SLACK_HOOKS = "https://hooks.slack.com/"
_PATH = re.compile(r"(?:commands|actions|app|services|workflows)(?:/[\w-]{1,255}){1,6}", re.ASCII)


def hooks_beside(api_url: str) -> str:
    """Where answers go, given where the Web API is: at Slack its own host, at a fake the same origin."""
    parts = urlsplit(api_url)
    if parts.scheme == "https" and parts.netloc in ("slack.com", "slack-gov.com"):
        return f"https://hooks.{parts.netloc}/"
    return f"{parts.scheme}://{parts.netloc}/"


def is_hook(url: str, hooks: str = SLACK_HOOKS) -> bool:
    """Compared as text, with a path of plain segments: no parser's idea of an address decides."""
    return url.startswith(hooks) and _PATH.fullmatch(url[len(hooks) :]) is not None
