"""Which installation a payload speaks to, and who acts: two questions that Slack answers in different fields.

The tenant is the installation that authorised the delivery, never the home of whoever pressed, and never the
channel's. Whether a person is inside is not decided here: a payload's word for it is not enough (in a shared
channel the SDK reports our own team for external people, see the characterisation tests).
"""

from __future__ import annotations

from dataclasses import dataclass

from adapters.slack.fields import Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    team_id: str | None
    enterprise_id: str | None = None
    is_org_wide: bool = False  # installed by an organisation for its workspaces

    @property
    def tenant(self) -> str | None:
        return self.enterprise_id if self.is_org_wide and self.enterprise_id else self.team_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    user_id: str
    team_id: str | None = None  # as the payload says; a hint for looking the person up, no more


def of_command(form: Fields) -> Origin:
    return Origin(
        team_id=form.id("team_id"),
        enterprise_id=form.id_or_none("enterprise_id"),
        is_org_wide=form.yes("is_enterprise_install"),
    )


def of_interaction(payload: Fields) -> Origin:
    """A dialog opened from a shared channel bears the other side's team; the view knows who installed us."""
    view, team = payload.part_or_none("view"), payload.part_or_none("team")
    installed = view.id_or_none("app_installed_team_id") if view else None
    there = team.id("id") if team else None
    enterprise = payload.part_or_none("enterprise")
    enterprise_id = enterprise.id("id") if enterprise else team.id_or_none("enterprise_id") if team else None
    if installed and installed != there:
        enterprise_id = None  # that of the other side
    team_id = installed or there or payload.part("user").id_or_none("team_id")
    is_org_wide = payload.yes("is_enterprise_install") and enterprise_id is not None
    if team_id is None and not is_org_wide:
        raise payload.odd("team")
    return Origin(team_id=team_id, enterprise_id=enterprise_id, is_org_wide=is_org_wide)


def of_event(payload: Fields) -> Origin:
    """In a shared channel the outer team is where it happened, the first authorisation who installed us."""
    given = next(payload.parts("authorizations"), payload)
    origin = Origin(
        team_id=given.id_or_none("team_id"),
        enterprise_id=given.id_or_none("enterprise_id"),
        is_org_wide=given.yes("is_enterprise_install"),
    )
    return origin if origin.tenant else _of_organisation(origin, payload)


def _of_organisation(origin: Origin, payload: Fields) -> Origin:
    """Events about an organisation as a whole name no team."""
    if origin.enterprise_id is None:
        raise payload.odd("team_id")
    return Origin(team_id=None, enterprise_id=origin.enterprise_id, is_org_wide=True)


def actor_of(payload: Fields) -> Actor:
    user = payload.part("user")
    return Actor(user_id=user.id("id"), team_id=user.id_or_none("team_id"))
