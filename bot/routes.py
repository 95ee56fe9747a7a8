"""How a use case is entered: its handler and the row of the authority matrix it answers to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.scene import Scene
from bot.turns import Outcome


@dataclass(frozen=True, slots=True)
class Route:
    """`handle(scene, turn)`; the turn is an Ask, a Press, a Submission or a Joined, as the table says."""

    handle: Callable[[Scene, Any], Outcome]
    action: str  # a key of commitments/authority.toml; the handler itself checks it against its subject


Routes = Mapping[str, Route]
