"""What must not be there while Teams is served without authentication: anybody real."""

from __future__ import annotations

from sqlalchemy import Engine, select

from adapters.db.tables import people
from adapters.environment import Environment
from adapters.playground.messages import TENANT as PLAYGROUND
from adapters.problems import Trouble
from adapters.teams.tables import conversations

# What Microsoft's emulator calls the tenant of its people; the second one when they search.
EMULATED = frozenset({"11111111-1111-1111-1111-111111111111", "00000000-0000-0000-0000-0000000000001"})

WARNING = "kept: INSECURE: whoever calls this port is taken for whom they say they are (--insecure-dev)."


def ensure_nobody_real(environment: Environment, tenants: frozenset[str], engine: Engine) -> None:
    """`tenants`: whose people the settings call ours. Raises Trouble."""
    found = _in_settings(environment, tenants) or _in_store(engine)
    if found:
        raise Trouble(f"--insecure-dev signs nobody in, so it is for an emulator only: {found}.")


def _in_settings(environment: Environment, tenants: frozenset[str]) -> str | None:
    teams = environment.teams
    if teams.app_password or teams.certificate_path:
        return "a secret of a real app is set (MicrosoftAppPassword or MicrosoftAppCertificatePath)"
    if tenants - EMULATED:
        return "a real tenant is named (MicrosoftAppTenantId, or teams.our_tenants in app.yaml)"
    if not environment.slack.is_empty:
        return "a real Slack workspace is connected"
    return None


def _in_store(engine: Engine) -> str | None:
    real_people = select(people.c.id).where(people.c.tenant.not_in({PLAYGROUND, *EMULATED}))
    real_chats = select(conversations.c.id).where(conversations.c.service_url.not_like("http://%"))
    with engine.begin() as connection:
        if connection.execute(real_people.limit(1)).first():
            return "the store holds people of a real tenant. Name another with KEPT_DATABASE_URL"
        if connection.execute(real_chats.limit(1)).first():
            return "the store holds conversations in Teams itself. Name another with KEPT_DATABASE_URL"
    return None
