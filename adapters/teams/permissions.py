"""What Kept may do in Teams, and why: the manifest and "Connect Teams" are held to this table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """Granted by the owners of one team, for that team: "resource-specific consent"."""

    name: str
    why: str
    is_for_reading: bool = False  # only for whoever wants standard channels read


PERMISSIONS = (
    Permission(
        name="ChannelMember.Read.Group",
        why="Know who reads a channel, and from which organisation each of them is, before writing there.",
    ),
    Permission(
        name="ChannelMessage.Read.Group",
        why="Hear new messages in standard channels; never in shared or private ones.",
        is_for_reading=True,
    ),
)


def resource_specific(*, reads_channels: bool) -> list[dict[str, str]]:
    asked = [each for each in PERMISSIONS if reads_channels or not each.is_for_reading]
    return [{"name": each.name, "type": "Application"} for each in asked]
